/** A store with jobs, workers for it, and jobs that do as they are told. */
import { Context, Deferred, Duration, Effect, Layer, Ref, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import type { BackgroundJob, JobStatus } from "../../src/domain/BackgroundJob.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { CurrentJob } from "../../src/jobs/JobType.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import * as Worker from "../../src/jobs/Worker.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"

/** It was told to fail. */
export class Told extends Schema.TaggedError<Told>()("Told", { isWorthIt: Schema.Boolean }) {
  override get message(): string {
    return "it was told to fail"
  }
}

const Payload = Schema.Struct({
  name: Schema.String,
  does: Schema.Literals(["succeed", "fail", "give up", "die", "wait"])
})

export const Errand = Job.make("test.errand", {
  payload: Payload,
  success: Schema.Struct({ name: Schema.String, attempt: Schema.Natural }),
  error: Told,
  isRetryable: ({ isWorthIt }) => isWorthIt
})

/** Of a pool of its own. */
export const Slow = Job.make("test.slow", {
  payload: Schema.Struct({}),
  success: Schema.Void,
  error: Schema.Never,
  pool: "slow",
  maxAttempts: 1
})

/** What errands have done, in order, and what lets those end that wait. */
export class Deeds extends Context.Service<Deeds, {
  readonly log: Ref.Ref<ReadonlyArray<string>>
  readonly released: Deferred.Deferred<void>
  readonly most: Ref.Ref<{ readonly now: number; readonly most: number }>
}>()("glider/test/jobs/JobWorld/Deeds") {
  static readonly layer = Layer.effect(
    Deeds,
    Effect.gen(function*() {
      return Deeds.of({
        log: yield* Ref.make<ReadonlyArray<string>>([]),
        released: yield* Deferred.make<void>(),
        most: yield* Ref.make({ now: 0, most: 0 })
      })
    })
  )
}

export const noted = (line: string) => Effect.flatMap(Deeds, ({ log }) => Ref.update(log, (lines) => [...lines, line]))

export const deeds = Effect.flatMap(Deeds, ({ log }) => Ref.get(log))

const counted = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Deeds, ({ most }) =>
    Effect.acquireUseRelease(
      Ref.update(most, ({ most, now }) => ({ now: now + 1, most: Math.max(most, now + 1) })),
      () => work,
      () => Ref.update(most, ({ most, now }) => ({ now: now - 1, most }))
    ))

const errands = Job.toLayer(
  Errand,
  Effect.fnUntraced(function*({ does, name }) {
    const { attempt, isCancelled } = yield* CurrentJob
    const { released } = yield* Deeds
    yield* noted(`${name} ${attempt}`)
    if (does === "fail") return yield* new Told({ isWorthIt: true })
    if (does === "give up") return yield* new Told({ isWorthIt: false })
    if (does === "die") return yield* Effect.die(new Error("a bug"))
    if (does === "wait") {
      yield* Effect.onInterrupt(
        Deferred.await(released),
        () => Effect.flatMap(isCancelled, (is) => noted(`${name} ${is ? "cancelled" : "interrupted"}`))
      )
    }
    return { name, attempt }
  }, counted)
)

const slow = Job.toLayer(
  Slow,
  Effect.fnUntraced(function*() {
    const { released } = yield* Deeds
    yield* noted("slow")
    yield* Deferred.await(released)
  })
)

/** Whether the store is away. */
class Weather extends Context.Service<Weather, { isAway: boolean }>()("glider/test/jobs/JobWorld/Weather") {}

const gone = Effect.fail(
  new SurrealError({ operation: "call", reason: new StoreUnavailable({ message: "the store is away" }) })
)

/** While the effect lasts, every call to the store fails. */
export const away = <A, E, R>(during: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Weather, (weather) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        weather.isAway = true
      }),
      () => during,
      () =>
        Effect.sync(() => {
          weather.isAway = false
        })
    ))

/** Transactions that others were faster than are made again by the real clock: no test waits for one by its own. */
const patient = Layer.effect(
  Surreal,
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const weather = yield* Weather
    const unlessAway = <A>(call: Effect.Effect<A, SurrealError>) => Effect.suspend(() => weather.isAway ? gone : call)
    return Surreal.of({
      ...surreal,
      query: (result, sql, vars) => Effect.suspend(() => weather.isAway ? gone : surreal.query(result, sql, vars)),
      transaction: (statements) => unlessAway(TestClock.withLive(surreal.transaction(statements)))
    })
  })
)

/** The queue over a store, without anybody who works. */
export const queue = Layer.merge(errands, slow).pipe(
  Layer.provideMerge(Jobs.layer),
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer)),
  Layer.provideMerge(Layer.mergeAll(BackgroundJobs.layer, JobLeases.layer, Deeds.layer)),
  Layer.provideMerge(patient),
  Layer.provideMerge(Layer.sync(Weather, () => ({ isAway: false })))
)

/** A test with a queue of its own over the store of all: nothing is left of the one before, and workers end before the next. */
export const inWorld = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    yield* TestClock.setTime(0)
    yield* surreal.execute("DELETE background_job RETURN NONE; DELETE standing_job RETURN NONE")
    return yield* Effect.scoped(body).pipe(Effect.provide(Layer.fresh(queue)))
  })

export const options: Worker.WorkerOptions = {
  lease: Duration.seconds(600),
  poll: Duration.seconds(1),
  concurrency: () => 1,
  grace: Duration.zero,
  isAlone: false
}

/** A worker, until the scope ends. */
export const worker = (
  over: Partial<Worker.WorkerOptions> = {}
): Effect.Effect<void, never, Scope.Scope | AtWork | JobLeases | JobTypes> =>
  Effect.asVoid(Layer.build(Worker.layer({ ...options, ...over })))

/** A worker that is another process: it hears no bell of this one. */
export const workerElsewhere = (over: Partial<Worker.WorkerOptions> = {}) =>
  Effect.asVoid(Layer.build(Layer.provide(Worker.layer({ ...options, ...over }), Layer.fresh(AtWork.layer))))

/** A little while passes, in which the engine and other fibers get on. */
export const meanwhile = TestClock.withLive(Effect.sleep("5 millis"))

/** Waits until a job is as it should be. */
export const until = (id: string, is: (job: BackgroundJob) => boolean) =>
  Effect.gen(function*() {
    const jobs = yield* Jobs
    for (;;) {
      const job = yield* jobs.get(id)
      if (is(job)) return job
      yield* meanwhile
    }
  })

export const untilStatus = (id: string, status: JobStatus) => until(id, (job) => job.status === status)

/** Waits until something has been noted so often. */
export const untilDone = (count: number) =>
  Effect.gen(function*() {
    for (;;) {
      const lines = yield* deeds
      if (lines.length >= count) return lines
      yield* meanwhile
    }
  })

/** Waits until a condition holds. */
export const untilTrue = <E, R>(condition: Effect.Effect<boolean, E, R>) =>
  Effect.gen(function*() {
    while (!(yield* condition)) yield* meanwhile
  })
