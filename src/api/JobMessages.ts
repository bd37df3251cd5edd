/** What the API says of jobs, in the words of the table. */
import { Schema } from "effect"
import { JobStatus, overStatuses } from "../domain/BackgroundJob.ts"
import { RunError } from "../domain/Run.ts"

const OptionalInstant = Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
const OptionalText = Schema.OptionFromNullOr(Schema.String)

/** A job, as its row is. */
export class JobView extends Schema.Class<JobView>("glider/api/JobView")({
  id: Schema.String,
  organization_id: Schema.String,
  job_type: Schema.String,
  status: JobStatus,
  priority: Schema.Int,
  run_at: Schema.DateTimeUtcFromString,
  resource_key: OptionalText,
  attempts: Schema.Natural,
  max_attempts: Schema.Natural,
  lease_until: OptionalInstant,
  locked_by: OptionalText,
  started_at: OptionalInstant,
  completed_at: OptionalInstant,
  idempotency_key: OptionalText,
  payload: Schema.Json,
  result: Schema.OptionFromNullOr(Schema.Json),
  last_error: Schema.OptionFromNullOr(RunError),
  created_at: Schema.DateTimeUtcFromString,
  updated_at: Schema.DateTimeUtcFromString,
  /** The job that this one repeats, and the one that repeats it. */
  retry_of: OptionalText,
  retried_by: OptionalText
}) {}

/** A page of jobs, the newest first. */
export class JobsPage extends Schema.Class<JobsPage>("glider/api/JobsPage")({
  jobs: Schema.Array(JobView),
  /** What `after` is for the next page; none after the last. */
  next: OptionalText
}) {}

/** Whether a job was ended by this; one that was over is left as it is. */
export class JobCancelled extends Schema.Class<JobCancelled>("glider/api/JobCancelled")({
  job_id: Schema.String,
  cancelled: Schema.Boolean
}) {}

/** The job that repeats another. */
export class JobRepeated extends Schema.Class<JobRepeated>("glider/api/JobRepeated")({
  job_id: Schema.String,
  retry_of: Schema.String
}) {}

/** What is different in a repetition. */
export class ReplayOptions extends Schema.Class<ReplayOptions>("glider/api/ReplayOptions")({
  /** Merged into the payload, key by key. */
  payload_overrides: Schema.optionalKey(Schema.JsonObject),
  run_at: Schema.optionalKey(Schema.DateTimeUtcFromString),
  priority: Schema.optionalKey(Schema.Int),
  max_attempts: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
  resource_key: Schema.optionalKey(Schema.NonEmptyString)
}) {}

/** A job that does nothing; none where no daemon is at work, that would do it. */
export class JobProbed extends Schema.Class<JobProbed>("glider/api/JobProbed")({ job_id: OptionalText }) {}

/** Which jobs are removed: those that have ended before then. */
export class PurgeOptions extends Schema.Class<PurgeOptions>("glider/api/PurgeOptions")({
  before: Schema.DateTimeUtcFromString,
  /** `succeeded` and `cancelled` when it does not say; what has failed waits for a person. */
  statuses: Schema.optionalKey(Schema.Array(Schema.Literals(overStatuses)).check(Schema.isMinLength(1))),
  /** Only count them. */
  dry_run: Schema.optionalKey(Schema.Boolean)
}) {}

/** How many were removed, or would be. */
export class JobsPurged extends Schema.Class<JobsPurged>("glider/api/JobsPurged")({
  succeeded: Schema.Natural,
  failed: Schema.Natural,
  cancelled: Schema.Natural,
  dry_run: Schema.Boolean
}) {}

/** Work that is given by the clock. */
export class StandingView extends Schema.Class<StandingView>("glider/api/StandingView")({
  name: Schema.String,
  job_type: Schema.String,
  enabled: Schema.Boolean,
  cron: Schema.String,
  last: OptionalInstant,
  next: OptionalInstant
}) {}
