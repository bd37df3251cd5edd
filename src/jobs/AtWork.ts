import { Context, Deferred, Effect, Latch, Layer } from "effect"
import type { Holding, TakenJob } from "../store/JobRows.ts"

/** Why a job that is being done here is to end at once. */
export type Stop = "cancelled" | "lost"

/** A job that is being done in this process. */
export interface JobAtWork extends Holding {
  /** Done once it is to end. */
  readonly stopped: Deferred.Deferred<Stop>
}

/** What is being done in this process, and the bell that tells its worker of news. */
export class AtWork extends Context.Service<AtWork, {
  /** Lets the worker look for jobs at once. */
  readonly ring: Effect.Effect<void>
  /** Rung since it was last muted. */
  readonly bell: Latch.Latch
  /** Notes a job until the effect ends. */
  readonly during: (
    job: TakenJob
  ) => <A, E, R>(work: (noted: JobAtWork) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly all: () => ReadonlyArray<JobAtWork>
  /** Ends a job that is being done here. */
  readonly stop: (job: string, why: Stop) => Effect.Effect<void>
}>()("glider/jobs/AtWork") {
  static readonly layer = Layer.sync(AtWork, () => {
    const bell = Latch.makeUnsafe(false)
    const jobs = new Set<JobAtWork>()
    return AtWork.of({
      bell,
      ring: Effect.sync(() => bell.openUnsafe()),
      during: ({ attempt, job, worker }) => (work) =>
        Effect.suspend(() => {
          const noted = { attempt, job, worker, stopped: Deferred.makeUnsafe<Stop>() }
          jobs.add(noted)
          return Effect.ensuring(work(noted), Effect.sync(() => jobs.delete(noted)))
        }),
      all: () => [...jobs],
      stop: (job, why) =>
        Effect.forEach(
          [...jobs].filter((one) => one.job === job),
          ({ stopped }) => Deferred.succeed(stopped, why),
          { discard: true }
        )
    })
  })
}
