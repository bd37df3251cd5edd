import { Option, Schema } from "effect"
import { RunError } from "./Run.ts"

/**
 * Where a job stands.
 *
 *     queued  -> running -> succeeded
 *     running -> queued      (it failed and is tried again, its lease has run out, or its worker gave it back)
 *     running -> failed      (its tries are spent, or no further one would help)
 *     queued | running -> cancelled
 */
export const JobStatus = Schema.Literals(["queued", "running", "succeeded", "failed", "cancelled"])
export type JobStatus = typeof JobStatus.Type

/** The statuses of a job that is over. */
export const overStatuses = ["succeeded", "failed", "cancelled"] as const satisfies ReadonlyArray<JobStatus>

/** Whose jobs they are: an installation is one person's. */
export const owner = "owner"

/** One piece of work that the store holds until it is done. */
export class BackgroundJob extends Schema.Class<BackgroundJob>("glider/BackgroundJob")({
  id: Schema.NonEmptyString,
  type: Schema.NonEmptyString,
  status: JobStatus,
  /** The higher ones go first. */
  priority: Schema.Int,
  /** It does not begin before. */
  runAt: Schema.DateTimeUtcFromString,
  /** No other job of the same resource runs at the same time. */
  resource: Schema.OptionFromNullOr(Schema.String),
  /** Tries that have begun. */
  attempts: Schema.Natural,
  maxAttempts: Schema.Natural,
  /** Until when the worker has it, and which. */
  leaseUntil: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  worker: Schema.OptionFromNullOr(Schema.String),
  /** When its last try began. */
  startedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  completedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Jobs of one key are one job, until that has failed or was cancelled. */
  key: Schema.OptionFromNullOr(Schema.String),
  payload: Schema.Json,
  result: Schema.OptionFromNullOr(Schema.Json),
  /** Why its last try has failed. */
  error: Schema.OptionFromNullOr(RunError),
  createdAt: Schema.DateTimeUtcFromString,
  updatedAt: Schema.DateTimeUtcFromString,
  /** The job that this one repeats. */
  retryOf: Schema.OptionFromNullOr(Schema.String),
  /** The job that repeats this one. */
  retriedBy: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Whether it is over. */
export const isOver = ({ status }: Pick<BackgroundJob, "status">): boolean => overStatuses.some((one) => one === status)

/** Which jobs are meant: those for which everything holds that is said. */
export interface JobFilter {
  readonly type: Option.Option<string>
  readonly status: Option.Option<JobStatus>
}

/** All of them. */
export const anyJob: JobFilter = { type: Option.none(), status: Option.none() }
