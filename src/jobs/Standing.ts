/** Work that is given by the clock. */
import { Context, type DateTime, Effect, Layer } from "effect"
import type { SurrealError } from "../services/SurrealError.ts"
import { type EnqueueOptions, Jobs } from "./Jobs.ts"
import type { JobType, Plain } from "./JobType.ts"

/** What stands in `[jobs.<name>]`, and what is done at each of its ticks. */
export interface StandingJob {
  readonly name: string
  /** The type of the jobs that it gives. */
  readonly type: string
  /** When, unless the config says otherwise. */
  readonly cron: string
  /** Whether it is given, unless the config says otherwise. */
  readonly isEnabled: boolean
  /** What is due then; the instant bears the zone of the scheduler. Called twice for a tick, it must do no more than once. */
  readonly tick: (at: DateTime.Zoned) => Effect.Effect<unknown, SurrealError>
}

/** The standing jobs of this process. */
export class StandingJobs extends Context.Service<StandingJobs, {
  readonly register: (job: StandingJob) => Effect.Effect<void>
  readonly all: () => ReadonlyArray<StandingJob>
}>()("glider/jobs/Standing/StandingJobs") {
  static readonly layer = Layer.sync(StandingJobs, () => {
    const jobs = new Map<string, StandingJob>()
    return StandingJobs.of({
      register: (job) => Effect.sync(() => jobs.set(job.name, job)),
      all: () => [...jobs.values()]
    })
  })
}

interface StandingOptions extends Pick<StandingJob, "name" | "cron" | "isEnabled"> {}

/**
 * One job of a type at each tick, under a key that is made of the tick: however often it is given, it is one.
 *
 * ```ts
 * export const daily = Standing.toLayer(DailyReport, {
 *   name: "reports_daily",
 *   cron: "0 9 * * *",
 *   isEnabled: true,
 *   key: (at) => `daily_reports:${DateTime.formatIsoDate(at)}`,
 *   payload: (at) => ({ day: DateTime.formatIsoDate(at) })
 * })
 * ```
 */
export const toLayer = <P extends Plain, S extends Plain, F extends Plain>(
  type: JobType<P, S, F>,
  { key, payload, ...options }: StandingOptions & Omit<EnqueueOptions, "key" | "runAt"> & {
    readonly key: (at: DateTime.Zoned) => string
    readonly payload: (at: DateTime.Zoned) => P["Type"]
  }
) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const jobs = yield* Jobs
    const { register } = yield* StandingJobs
    const { cron, isEnabled, name, ...enqueue } = options
    yield* register({
      name,
      cron,
      isEnabled,
      type: type.name,
      tick: (at) => jobs.enqueue(type, payload(at), { ...enqueue, key: key(at) })
    })
  }))

/** What gives any number of jobs at each tick. */
export const sweep = <R>(
  { type, ...options }: StandingOptions & {
    readonly type: string
    readonly tick: (at: DateTime.Zoned) => Effect.Effect<unknown, SurrealError, R>
  }
) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const { register } = yield* StandingJobs
    const services = yield* Effect.context<R>()
    yield* register({ ...options, type, tick: (at) => Effect.provideContext(options.tick(at), services) })
  }))
