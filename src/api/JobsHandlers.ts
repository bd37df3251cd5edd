import { Array as Arr, Clock, DateTime, Effect, Option, Order } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { type BackgroundJob, owner } from "../domain/BackgroundJob.ts"
import { type JobNotOver, Jobs, type UnknownJob } from "../jobs/Jobs.ts"
import type { InvalidPayload, UnknownJobType } from "../jobs/JobTypes.ts"
import { standing, type StandingState } from "../jobs/StandingClock.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { StandingTicks } from "../store/StandingTicks.ts"
import * as Timing from "../timing/Timing.ts"
import { Noop } from "../workflows/DiagnosticsJob.ts"
import { Api } from "./Api.ts"
import { JobCancelled, JobProbed, JobRepeated, JobsPage, JobsPurged, JobView, StandingView } from "./JobMessages.ts"
import { JobConflict } from "./JobProblems.ts"
import { About } from "./Overview.ts"
import { InvalidRequest, NotFound, type StoreFailed } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** How many are listed when nobody says. */
const defaultLimit = 50

const viewed = (job: BackgroundJob): JobView =>
  new JobView({
    id: job.id,
    organization_id: owner,
    job_type: job.type,
    status: job.status,
    priority: job.priority,
    run_at: job.runAt,
    resource_key: job.resource,
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    lease_until: job.leaseUntil,
    locked_by: job.worker,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    idempotency_key: job.key,
    payload: job.payload,
    result: job.result,
    last_error: job.error,
    created_at: job.createdAt,
    updated_at: job.updatedAt,
    retry_of: job.retryOf,
    retried_by: job.retriedBy
  })

const byName = Order.mapInput(Order.String, ({ job }: StandingState) => job.name)

const missing = ({ message }: UnknownJob): NotFound => new NotFound({ detail: `${message}.`, fix: "glider jobs list" })

const unfound = (error: UnknownJob | SurrealError): NotFound | StoreFailed =>
  error._tag === "UnknownJob" ? missing(error) : storeFailed(error)

const unrepeated = (
  error: UnknownJob | JobNotOver | InvalidPayload | UnknownJobType | SurrealError
): NotFound | JobConflict | InvalidRequest | StoreFailed => {
  switch (error._tag) {
    case "UnknownJob":
      return missing(error)
    case "JobNotOver":
      return new JobConflict({ detail: `${error.message}.`, fix: `glider jobs cancel ${error.id}` })
    case "UnknownJobType":
      return new JobConflict({ detail: `${error.message}.`, fix: "glider jobs list" })
    case "InvalidPayload":
      return new InvalidRequest({
        detail: error.message,
        details: [{ pointer: "/payload/payload_overrides", message: error.problem }]
      })
    case "SurrealError":
      return storeFailed(error)
  }
}

export const jobsHandlers = HttpApiBuilder.group(
  Api,
  "jobs",
  Effect.fn(function*(handlers) {
    const jobs = yield* Jobs
    const { supervises } = yield* About
    const ticks = yield* StandingTicks
    const known = yield* standing

    const repeated = (id: string, act: Effect.Effect<string, Parameters<typeof unrepeated>[0]>) =>
      Effect.mapBoth(act, {
        onFailure: unrepeated,
        onSuccess: (next) => new JobRepeated({ job_id: next, retry_of: id })
      })

    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query: { after, job_type, limit, organization_id, status } }) {
        // the jobs of nobody else are here
        if (organization_id !== undefined && organization_id !== owner) {
          return new JobsPage({ jobs: [], next: Option.none() })
        }
        const filter = { type: Option.fromUndefinedOr(job_type), status: Option.fromUndefinedOr(status) }
        const page = yield* Effect.mapError(
          jobs.list(filter, Option.fromUndefinedOr(after), limit ?? defaultLimit),
          storeFailed
        )
        return new JobsPage({ jobs: page.jobs.map(viewed), next: page.next })
      }),
      standing: Effect.fnUntraced(function*() {
        const now = yield* Clock.currentTimeMillis
        const views = Effect.forEach(
          Arr.sort(known, byName),
          ({ cron, isEnabled, job, timing }) =>
            Effect.map(ticks.last(job.name), (last) => {
              const next = isEnabled ? Option.flatMap(timing, (one) => Timing.nextAfter(one, now)) : Option.none()
              return new StandingView({
                name: job.name,
                job_type: job.type,
                enabled: isEnabled,
                cron,
                last: Option.map(last, (at) => DateTime.makeUnsafe(at)),
                next: Option.map(next, (at) => DateTime.makeUnsafe(at))
              })
            })
        )
        return yield* Effect.mapError(views, storeFailed)
      }),
      get: ({ params }) => Effect.mapBoth(jobs.get(params.id), { onFailure: unfound, onSuccess: viewed }),
      cancel: ({ params: { id } }) =>
        Effect.mapBoth(jobs.cancel(id), {
          onFailure: unfound,
          onSuccess: (cancelled) => new JobCancelled({ job_id: id, cancelled })
        }),
      retry: ({ params: { id } }) => repeated(id, jobs.retry(id)),
      replay: ({ params: { id }, payload: { max_attempts, payload_overrides, priority, resource_key, run_at } }) =>
        repeated(
          id,
          jobs.replay(id, {
            ...payload_overrides === undefined ? {} : { payload: payload_overrides },
            ...run_at === undefined ? {} : { runAt: run_at },
            ...priority === undefined ? {} : { priority },
            ...max_attempts === undefined ? {} : { maxAttempts: max_attempts },
            ...resource_key === undefined ? {} : { resource: resource_key }
          })
        ),
      purge: ({ payload: { before, dry_run: isDry = false, statuses = ["succeeded", "cancelled"] } }) =>
        Effect.mapBoth(jobs.purge({ before, statuses, isDry }), {
          onFailure: storeFailed,
          onSuccess: (counts) => new JobsPurged({ ...counts, dry_run: isDry })
        }),
      probe: Effect.fnUntraced(function*() {
        if (!supervises) return new JobProbed({ job_id: Option.none() })
        const key = DateTime.formatIso(yield* DateTime.now)
        const { id } = yield* Effect.mapError(jobs.enqueue(Noop, { key }, { priority: 10 }), storeFailed)
        return new JobProbed({ job_id: Option.some(id) })
      })
    })
  })
)
