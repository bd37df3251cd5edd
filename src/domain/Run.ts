import { Schema } from "effect"
import { TaskName } from "./Task.ts"

/**
 * Where a run stands.
 *
 *     running -> completed | partial | failed | cancelled | needs_auth
 *     running -> interrupted   (the process ended first: told at the next start, or at a shutdown)
 */
export const RunStatus = Schema.Literals([
  "running",
  "completed",
  "partial",
  "failed",
  "cancelled",
  "interrupted",
  "needs_auth"
])
export type RunStatus = typeof RunStatus.Type

/** What made a run start. */
export const Trigger = Schema.Literals(["schedule", "manual"])
export type Trigger = typeof Trigger.Type

/** What happened to the records of one stream. */
export class StreamCounts extends Schema.Class<StreamCounts>("glider/StreamCounts")({
  /** Records the provider listed. */
  read: Schema.Natural,
  created: Schema.Natural,
  updated: Schema.Natural,
  unchanged: Schema.Natural,
  /** Tombstones set. */
  deleted: Schema.Natural,
  /** Records kept raw because they could not be read. */
  quarantined: Schema.Natural,
  /** Stretches of time found to be lost for good. */
  gaps: Schema.Natural
}) {
  static readonly none = new StreamCounts({
    read: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    quarantined: 0,
    gaps: 0
  })
  plus(that: StreamCounts): StreamCounts {
    return new StreamCounts({
      read: this.read + that.read,
      created: this.created + that.created,
      updated: this.updated + that.updated,
      unchanged: this.unchanged + that.unchanged,
      deleted: this.deleted + that.deleted,
      quarantined: this.quarantined + that.quarantined,
      gaps: this.gaps + that.gaps
    })
  }
}

/** A failure as stored and shown: `tag` is the error's name or its reason's, `fix` what mends it. */
export class RunError extends Schema.Class<RunError>("glider/RunError")({
  tag: Schema.String,
  message: Schema.String,
  fix: Schema.OptionFromNullOr(Schema.String)
}) {}

/** What a run did, by stream (`spotify_listening_history`, `oura_daily_sleep`, …). */
export class SyncReport extends Schema.Class<SyncReport>("glider/SyncReport")({
  pages: Schema.Natural,
  streams: Schema.Record(Schema.String, StreamCounts),
  /** Failures that ended one stream and left the others standing. */
  errors: Schema.Record(Schema.String, RunError)
}) {
  static readonly empty = new SyncReport({ pages: 0, streams: {}, errors: {} })
}

/** One execution of a sync. */
export class Run extends Schema.Class<Run>("glider/Run")({
  id: Schema.NonEmptyString,
  task: TaskName,
  trigger: Trigger,
  status: RunStatus,
  startedAt: Schema.DateTimeUtcFromString,
  finishedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  error: Schema.OptionFromNullOr(RunError),
  report: SyncReport
}) {}
