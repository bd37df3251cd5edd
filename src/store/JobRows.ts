/** The rows of `background_job`. */
import { DateTime, Effect, Option, Schema } from "effect"
import { BackgroundJob, JobStatus, owner } from "../domain/BackgroundJob.ts"
import { RunError } from "../domain/Run.ts"
import { recordId } from "../services/SurrealValue.ts"

/** A job that is about to be written. Instants are epoch milliseconds, the payload JSON. */
export interface NewJob {
  readonly id: string
  readonly type: string
  readonly priority: number
  readonly runAt: number
  readonly resource: string | undefined
  readonly maxAttempts: number
  readonly key: string | undefined
  readonly payload: string
  readonly createdAt: number
  readonly retryOf: string | undefined
}

export const jobId = (id: string) => recordId("background_job", [id])

/** Ascends from the newest to the oldest, as ids ascend from the oldest to the newest: they begin with twelve digits of their instant. */
export const placeOf = (id: string): string => {
  const at = Number.parseInt(id.slice(4, 16), 16)
  return `${placeAt(at)}${id.slice(16)}`
}

/** Where the jobs that were made at an instant begin. */
export const placeAt = (millis: number): string => (0xffff_ffff_ffff - millis).toString(16).padStart(12, "0")

export const rowOfNew = (job: NewJob) => ({
  id: jobId(job.id),
  organization_id: owner,
  job_type: job.type,
  status: "queued",
  priority: job.priority,
  run_at: job.runAt,
  resource_key: job.resource,
  attempts: 0,
  max_attempts: job.maxAttempts,
  idempotency_key: job.key,
  payload: job.payload,
  created_at: job.createdAt,
  updated_at: job.createdAt,
  retry_of: job.retryOf,
  is_ready: job.runAt <= job.createdAt,
  place: placeOf(job.id)
})

/** As the index `background_job_by_bucket` has it. */
export const bucketOf = (key: string): string => `${owner} ${key}`

const OptionalNumber = Schema.OptionFromOptionalNullOr(Schema.Finite)
const OptionalText = Schema.OptionFromOptionalNullOr(Schema.String)

/** Read with `*`. */
export const JobColumns = Schema.Struct({
  key: Schema.String,
  job_type: Schema.String,
  status: JobStatus,
  priority: Schema.Int,
  run_at: Schema.Finite,
  resource_key: OptionalText,
  attempts: Schema.Natural,
  max_attempts: Schema.Natural,
  lease_until: OptionalNumber,
  locked_by: OptionalText,
  started_at: OptionalNumber,
  completed_at: OptionalNumber,
  idempotency_key: OptionalText,
  payload: Schema.fromJsonString(Schema.Json),
  result: Schema.OptionFromOptionalNullOr(Schema.fromJsonString(Schema.Json)),
  last_error: Schema.OptionFromOptionalNullOr(RunError),
  created_at: Schema.Finite,
  updated_at: Schema.Finite,
  retry_of: OptionalText,
  retried_by: OptionalText,
  place: Schema.String
})
export type JobColumns = typeof JobColumns.Type

const instant = (millis: number): DateTime.Utc => DateTime.makeUnsafe(millis)

export const jobOfRow = (row: JobColumns): BackgroundJob =>
  new BackgroundJob({
    id: row.key,
    type: row.job_type,
    status: row.status,
    priority: row.priority,
    runAt: instant(row.run_at),
    resource: row.resource_key,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    leaseUntil: Option.map(row.lease_until, instant),
    worker: row.locked_by,
    startedAt: Option.map(row.started_at, instant),
    completedAt: Option.map(row.completed_at, instant),
    key: row.idempotency_key,
    payload: row.payload,
    result: row.result,
    error: row.last_error,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    retryOf: row.retry_of,
    retriedBy: row.retried_by
  })

/** What a try is to be told of: a worker that has a job, and which try of it. Nobody else may write how it has ended. */
export interface Holding {
  readonly job: string
  readonly worker: string
  readonly attempt: number
}

/** A job that a worker has taken. */
export interface TakenJob extends Holding {
  readonly type: string
  readonly payload: Schema.Json
  readonly priority: number
  readonly maxAttempts: number
  readonly key: Option.Option<string>
  /** When it could have begun, and when it was made: epoch milliseconds. */
  readonly runAt: number
  readonly createdAt: number
}

export const takenOf = (row: JobColumns, worker: string): TakenJob => ({
  job: row.key,
  worker,
  attempt: row.attempts,
  type: row.job_type,
  payload: row.payload,
  priority: row.priority,
  maxAttempts: row.max_attempts,
  key: row.idempotency_key,
  runAt: row.run_at,
  createdAt: row.created_at
})

const encodeRunError = Schema.encodeSync(RunError)

/** As the column `last_error` has it. */
export const storedError = (error: RunError) => encodeRunError(error)

const decodeKeys = Schema.decodeUnknownEffect(Schema.Array(Schema.String))

/** What a statement that ends in `RETURN VALUE key` gives. */
export const keysOf = (result: unknown): Effect.Effect<ReadonlyArray<string>> => Effect.orDie(decodeKeys(result))
