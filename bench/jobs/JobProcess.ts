/** Gives jobs that do nothing, and has them done: `node bench/jobs/JobProcess.ts <JobSetup>` prints its `JobRates`. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, Clock, Console, Deferred, Duration, Effect, Layer, Logger, Option, Schema } from "effect"
import { AtWork } from "../../src/jobs/AtWork.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import * as Worker from "../../src/jobs/Worker.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { JobRates, JobSetup } from "./JobFigures.ts"

const Nothing = Job.make("bench.nothing", {
  payload: Schema.Struct({ number: Schema.Natural }),
  success: Schema.Void,
  error: Schema.Never
})

/** How many are still to be done, and what is kept once none is. */
let left = 0
let over = Deferred.makeUnsafe<void>()

const handler = Job.toLayer(
  Nothing,
  () => Effect.suspend(() => --left === 0 ? Deferred.succeed(over, undefined) : Effect.void)
)

const queue = (folder: string) =>
  handler.pipe(
    Layer.provideMerge(Jobs.layer),
    Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer)),
    Layer.provideMerge(Layer.mergeAll(BackgroundJobs.layer, JobLeases.layer)),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none()
    }))
  )

/** As a process of its own: it hears no bell of this one. */
const worker = Layer.build(
  Worker.layer({
    lease: Duration.minutes(10),
    poll: Duration.millis(20),
    concurrency: () => 1,
    grace: Duration.zero,
    isAlone: false
  }).pipe(Layer.provide(Layer.fresh(AtWork.layer)))
)

/** So many a second. */
const rate = Effect.fnUntraced(function*<A, E, R>(count: number, work: Effect.Effect<A, E, R>) {
  const before = yield* Clock.currentTimeNanos
  yield* work
  return count / (Number((yield* Clock.currentTimeNanos) - before) / 1e9)
})

const done = Effect.fnUntraced(function*(count: number, workers: number, resources: number) {
  const jobs = yield* Jobs
  const surreal = yield* Surreal
  // what workers had in hand when they ended is given back
  yield* surreal.execute("DELETE background_job RETURN NONE")
  left = count
  over = Deferred.makeUnsafe<void>()
  yield* jobs.enqueueAll(
    Nothing,
    Arr.makeBy(count, (number) => ({
      payload: { number },
      ...resources === 0 ? {} : { resource: `resource ${number % resources}` }
    }))
  )
  return yield* Effect.scoped(
    rate(count, Effect.andThen(Effect.replicateEffect(worker, workers), Deferred.await(over)))
  )
})

const measured = ({ done: count, folder, given }: typeof JobSetup.Type) =>
  Effect.gen(function*() {
    const jobs = yield* Jobs
    yield* done(Math.min(100, count), 1, 0) // the first ones find cold code
    const filled = yield* rate(
      given,
      jobs.enqueueAll(Nothing, Arr.makeBy(given, (number) => ({ payload: { number } })))
    )
    return {
      given: filled,
      oneWorker: yield* done(count, 1, 0),
      eightWorkers: yield* done(count, 8, 0),
      twoResources: yield* done(count, 8, 2)
    }
  }).pipe(Effect.provide(queue(folder)))

Schema.decodeUnknownEffect(Schema.fromJsonString(JobSetup))(process.argv[2]).pipe(
  Effect.flatMap(measured),
  Effect.flatMap(Schema.encodeEffect(Schema.fromJsonString(JobRates))),
  Effect.flatMap(Console.log),
  // standard output is for the figures
  Effect.provide([NodeServices.layer, Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])]),
  // an engine that was open keeps the process alive: the exit is explicit
  (program) => NodeRuntime.runMain(program, { teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1) })
)
