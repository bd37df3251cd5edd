import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Exit, Layer, Logger, Option, Schema, Scope } from "effect"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { anyJob, type JobFilter, type JobStatus } from "../../src/domain/BackgroundJob.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import * as Standing from "../../src/jobs/Standing.ts"
import * as StandingClock from "../../src/jobs/StandingClock.ts"
import * as Worker from "../../src/jobs/Worker.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { StoreTimeouts } from "../../src/services/SurrealEngine.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { StandingTicks } from "../../src/store/StandingTicks.ts"
import { configOf } from "../api/Served.ts"
import { SurrealServer, targetOf } from "../support/SurrealServer.ts"

const config: GliderConfig = {
  ...configOf({}),
  store: { url: Option.some("ws://127.0.0.1:1"), namespace: "glider", database: "glider" },
  jobs: {
    concurrency: {},
    lease: Duration.seconds(30),
    poll: Duration.millis(50),
    retention: Duration.days(30),
    standing: {}
  }
}

const Errand = Job.make("planes.errand", {
  payload: Schema.Struct({ key: Schema.String }),
  success: Schema.Void,
  error: Schema.Never
})

const Chore = Job.make("planes.chore", {
  payload: Schema.Struct({ number: Schema.Finite }),
  success: Schema.Void,
  error: Schema.Never
})

/** How often each chore was begun, by whichever process. */
const begun = new Map<number, number>()

const errands = Layer.mergeAll(
  Job.toLayer(Errand, () => Effect.void),
  Job.toLayer(Chore, ({ number }) =>
    Effect.andThen(
      Effect.sync(() => void begun.set(number, (begun.get(number) ?? 0) + 1)),
      Effect.sleep("500 millis")
    )),
  Standing.toLayer(Errand, {
    name: "planes_errand",
    cron: "@every 1s",
    isEnabled: true,
    key: (at) => DateTime.formatIso(at),
    payload: () => ({ key: "by the clock" })
  })
)

const clock = StandingClock.layer

const worker = Worker.layer({
  lease: Duration.seconds(30),
  poll: Duration.millis(50),
  concurrency: () => 2,
  grace: Duration.zero,
  isAlone: false
})

/** A part of Glider over the store of all, as a process of its own would be. */
const part = Effect.fnUntraced(
  function*(...does: ReadonlyArray<typeof clock | typeof worker>) {
    const server = yield* SurrealServer
    const scope = yield* Scope.fork(yield* Effect.scope)
    const services = yield* Layer.mergeAll(Layer.empty, ...does).pipe(
      Layer.provideMerge(errands),
      Layer.provideMerge(Jobs.layer),
      Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, Standing.StandingJobs.layer)),
      Layer.provideMerge(Layer.mergeAll(BackgroundJobs.layer, JobLeases.layer, StandingTicks.layer)),
      Layer.provideMerge(Migrations.layer),
      Layer.provideMerge(Surreal.layer(targetOf(server))),
      Layer.provideMerge(Layer.succeed(CurrentConfig, config)),
      Layer.provideMerge(Layer.succeed(StoreTimeouts, { open: Duration.seconds(10), call: Duration.seconds(1) })),
      Layer.provideMerge(NodeServices.layer),
      Layer.provideMerge(Logger.layer([])),
      Layer.fresh,
      Layer.buildWithScope(scope)
    )
    return { jobs: Context.get(services, Jobs), stop: Scope.close(scope, Exit.void) }
  }
)

const moment = Effect.sleep("20 millis")

/** How many jobs there are, while the store says so. */
const counted = (jobs: Jobs["Service"], filter: JobFilter = anyJob) =>
  Effect.map(
    Effect.option(jobs.list(filter, Option.none(), 500)),
    Option.match({
      onNone: () => 0,
      onSome: (page) => page.jobs.length
    })
  )

const until = <E, R>(condition: Effect.Effect<boolean, E, R>) =>
  Effect.gen(function*() {
    while (!(yield* condition)) yield* moment
  })

const succeeded: JobFilter = { ...anyJob, status: Option.some<JobStatus>("succeeded") }

const clean = Effect.gen(function*() {
  const { administer } = yield* SurrealServer
  yield* administer("USE NS glider DB glider; DELETE background_job; DELETE standing_job")
})

layer(SurrealServer.layer, { excludeTestServices: true })("over processes that share a store", (it) => {
  it.effect("without the scheduler nothing new is given by the clock, and the jobs that there are are done", () =>
    Effect.gen(function*() {
      const { jobs } = yield* part()
      yield* jobs.enqueue(Errand, { key: "one" })
      yield* part(worker)
      yield* until(Effect.map(counted(jobs, succeeded), (count) => count === 1))
      // a tick and more passes
      yield* Effect.sleep("1100 millis")
      assert.strictEqual(yield* counted(jobs), 1)
      yield* clean
    }))

  it.effect("without the worker jobs are given, and wait until it is back", () =>
    Effect.gen(function*() {
      const { jobs } = yield* part()
      yield* part(clock)
      yield* until(Effect.map(counted(jobs), (count) => count >= 1))
      assert.strictEqual(yield* counted(jobs, succeeded), 0)
      yield* part(worker)
      yield* until(Effect.map(counted(jobs, succeeded), (count) => count >= 1))
      yield* clean
    }))

  it.effect(
    "without the store nothing is given and nothing is lost: what was due is given, and done, once it is back",
    () =>
      Effect.gen(function*() {
        const server = yield* SurrealServer
        const { jobs } = yield* part()
        yield* part(clock)
        yield* part(worker)
        yield* until(Effect.map(counted(jobs, succeeded), (count) => count >= 1))
        yield* server.mute(true)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(jobs.enqueue(Errand, { key: "while it is away" }))))
        yield* server.mute(false)
        yield* server.drop
        const before = yield* Effect.repeat(counted(jobs, succeeded), { until: (count) => count > 0 })
        yield* until(Effect.map(counted(jobs, succeeded), (count) => count > before))
        const page = yield* jobs.list(anyJob, Option.none(), 500)
        const keys = page.jobs.map(({ key }) => Option.getOrElse(key, () => ""))
        assert.strictEqual(new Set(keys).size, keys.length)
        assert.isTrue(page.jobs.every(({ attempts }) => attempts <= 1))
        yield* clean
      }),
    30_000
  )

  it.effect(
    "a store that is away for five seconds in the middle has no job done twice",
    () =>
      Effect.gen(function*() {
        const server = yield* SurrealServer
        const { jobs } = yield* part()
        const numbers = Array.from({ length: 24 }, (_, number) => number)
        yield* Effect.forEach(numbers, (number) => jobs.enqueue(Chore, { number }))
        yield* part(worker)
        yield* part(worker)
        yield* until(Effect.map(counted(jobs, succeeded), (count) => count >= 4))
        yield* server.mute(true)
        assert.isBelow(begun.size, numbers.length)
        yield* Effect.sleep("5 seconds")
        yield* server.mute(false)
        yield* server.drop
        yield* until(Effect.map(counted(jobs, succeeded), (count) => count === numbers.length))
        assert.deepStrictEqual(
          [...begun].toSorted(([one], [other]) => one - other),
          numbers.map((number) => [number, 1])
        )
        const page = yield* jobs.list(anyJob, Option.none(), 500)
        assert.isTrue(page.jobs.every(({ attempts }) => attempts === 1))
        yield* clean
      }),
    60_000
  )

  it.effect("without all of them nothing goes on, and then the last tick is caught up, and no other", () =>
    Effect.gen(function*() {
      const first = yield* part(clock, worker)
      const { jobs } = yield* part()
      yield* until(Effect.map(counted(jobs, succeeded), (count) => count >= 1))
      yield* first.stop
      const before = yield* counted(jobs)
      yield* Effect.sleep("2100 millis")
      assert.strictEqual(yield* counted(jobs), before)
      const second = yield* part(clock, worker)
      yield* until(Effect.map(counted(jobs), (count) => count > before))
      yield* second.stop
      // two ticks were missed, one of which is caught up, and one more may have come meanwhile
      assert.isAtMost(yield* counted(jobs), before + 2)
    }))
})
