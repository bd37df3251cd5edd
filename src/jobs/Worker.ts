/** Does the jobs of the store, in this process: so many at a time of each pool, the most urgent first. */
import { Cause, Clock, Duration, Effect, FiberSet, Layer, Option, Random, Schedule } from "effect"
import { JobLeases } from "../store/JobLeases.ts"
import type { TakenJob } from "../store/JobRows.ts"
import { attempt } from "./Attempt.ts"
import { AtWork } from "./AtWork.ts"
import { JobTypes } from "./JobTypes.ts"
import { reap } from "./Reaper.ts"
import { strangers } from "./Strangers.ts"

export interface WorkerOptions {
  /** How long a worker has a job without being heard of. */
  readonly lease: Duration.Duration
  /** After so much, what other processes have given is found. */
  readonly poll: Duration.Duration
  /** Jobs of a pool that are done at the same time. */
  readonly concurrency: (pool: string) => number
  /** How long jobs that are being done get to end by themselves when the process does. */
  readonly grace: Duration.Duration
  /** Whether no other process has the store: what is leased at the start then belongs to nobody, and nothing is to be polled for. */
  readonly isAlone: boolean
}

/** Leases that have run out are looked for so often, where another process may have had them. */
const reapEvery = Duration.minutes(1)

/** What could not be done for the store's sake is tried again after so much. */
const afterFailure = Duration.seconds(1)

export const layer = (options: WorkerOptions) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const atWork = yield* AtWork
    const leases = yield* JobLeases
    const types = yield* JobTypes
    const worker = `worker-${(yield* Random.nextIntBetween(0, 0x100000000, { halfOpen: true })).toString(16)}`
    const leaseMillis = Duration.toMillis(options.lease)
    const poll = options.isAlone ? options.lease : options.poll
    const busy = new Map<string, number>()
    const count = (pool: string) => busy.get(pool) ?? 0

    const quietly = <E, R>(what: string, work: Effect.Effect<unknown, E, R>) =>
      Effect.catchCause(work, (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.andThen(Effect.logError(what, cause), Effect.sleep(afterFailure)))

    const fibers = yield* FiberSet.make<void>()

    const begin = (pool: string, job: TakenJob, until: number) =>
      FiberSet.run(
        fibers,
        attempt(job, leaseMillis, until).pipe(
          // a bug of ours ends no worker: the lease of the job runs out
          Effect.catchCause((cause) =>
            Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logError("a job could not be done", cause)
          ),
          Effect.ensuring(Effect.sync(() => {
            busy.set(pool, count(pool) - 1)
            atWork.bell.openUnsafe()
          }))
        )
      )

    /** What is taken is begun, whoever wants to end meanwhile. */
    const fill = Effect.fnUntraced(function*(pool: string, names: ReadonlyArray<string>) {
      const limit = options.concurrency(pool) - count(pool)
      if (limit <= 0) return
      const now = yield* Clock.currentTimeMillis
      const until = now + leaseMillis
      const taken = yield* leases.take({ worker, types: names, limit, now, until })
      busy.set(pool, count(pool) + taken.length)
      yield* Effect.forEach(taken, (job) => begin(pool, job, until), { discard: true })
    }, Effect.uninterruptible)

    /** Ends what another process has cancelled, or taken. */
    const checked = Effect.gen(function*() {
      const jobs = atWork.all().filter((job) => job.worker === worker)
      if (jobs.length === 0) return
      yield* Effect.forEach(yield* leases.gone(jobs), ({ job, why }) => atWork.stop(job, why))
    })

    const turn = Effect.gen(function*() {
      yield* Effect.sync(() => atWork.bell.closeUnsafe())
      const { isAnyReady, next } = yield* leases.promote(yield* Clock.currentTimeMillis)
      if (isAnyReady) {
        const pools = Map.groupBy(types.all(), ({ pool }) => pool)
        for (const [pool, some] of pools) yield* fill(pool, some.map(({ name }) => name))
      }
      yield* checked
      const now = yield* Clock.currentTimeMillis
      const rest = Option.match(next, {
        onNone: () => poll,
        onSome: (at) => Duration.min(poll, Duration.millis(Math.max(0, at - now)))
      })
      yield* Effect.raceFirst(atWork.bell.await, Effect.sleep(rest))
    })

    const reaping = (all: boolean) => quietly("leases of jobs that have run out could not be looked for", reap({ all }))
    yield* reaping(options.isAlone)
    const looking = Effect.andThen(
      reaping(false),
      quietly("jobs of unknown types could not be looked for", strangers(worker))
    )
    const working = quietly("jobs could not be looked for, and will be again", turn).pipe(
      Effect.repeat(Schedule.forever)
    )

    // at the end: nothing new is begun, then what is being done gets its time, then the set interrupts it
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(fibers), options.grace))
    yield* Effect.forkScoped(Effect.repeat(looking, Schedule.spaced(options.isAlone ? options.lease : reapEvery)))
    yield* Effect.forkScoped(working)
  }))
