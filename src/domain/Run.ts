import { Effect, Option, Schema } from "effect"
import { SyncSource } from "./SourceRun.ts"

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

/**
 * Where a run stands for the engine: a status, or one of four ways of not being over.
 *
 *     running -> waiting -> running      (a timer, a signal or a child)
 *     running -> parked  -> running      (its code and its history disagree, until the code is mended)
 *     running -> stopped -> running      (the process ended; the next one goes on with it)
 */
export const RunState = Schema.Literals([...RunStatus.literals, "waiting", "parked", "stopped"])
export type RunState = typeof RunState.Type

/** The states of a run that is not over. */
export const unfinishedStates = ["running", "waiting", "parked", "stopped"] as const satisfies ReadonlyArray<RunState>

/** What made a run start: a tick of a schedule, a person, or another run. */
export const Trigger = Schema.Literals(["schedule", "manual", "workflow", "webhook"])
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
  errors: Schema.Record(Schema.String, RunError),
  /** Of which account; none before it was found. */
  source: Schema.OptionFromOptionalKey(SyncSource).pipe(Schema.withConstructorDefault(Effect.succeedNone))
}) {
  static readonly empty = new SyncReport({ pages: 0, streams: {}, errors: {} })
}

/** One execution of a sync or of another workflow, as it is listed and shown. */
export class Run extends Schema.Class<Run>("glider/Run")({
  id: Schema.NonEmptyString,
  /** The name of the workflow; for a sync, that of its task. */
  workflow: Schema.NonEmptyString,
  /** The version of the code that it began with. */
  version: Schema.Natural,
  status: RunStatus,
  state: RunState,
  trigger: Trigger,
  schedule: Schema.OptionFromNullOr(Schema.String),
  /** The nominal instant of the schedule. */
  tick: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  attempt: Schema.Natural,
  /** The first of the runs that this one tries again. */
  original: Schema.OptionFromNullOr(Schema.String),
  /** The run that started this one and waits for it. */
  parent: Schema.OptionFromNullOr(Schema.String),
  attributes: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  startedAt: Schema.DateTimeUtcFromString,
  finishedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** When a waiting run wakes by itself. */
  due: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  cancelRequested: Schema.Boolean,
  error: Schema.OptionFromNullOr(RunError),
  /** What the run last said of how far it has come. */
  progress: Schema.NullOr(Schema.Json),
  /** What the run tells of its work; of a sync, its report. */
  report: Schema.NullOr(Schema.Json),
  /** Its start in microseconds since 1970, distinct for all runs of a process: lists go from the greatest to the least. */
  cursor: Schema.Finite
}) {
  /** What a sync did; of other workflows, nothing. */
  get syncReport(): SyncReport {
    return Option.getOrElse(decodeReport(this.report), () => SyncReport.empty)
  }
}

const decodeReport = Schema.decodeUnknownOption(SyncReport)

/** What a run is for people while it is not over, or once it is. */
export const statusOfState = (state: RunState): RunStatus => {
  switch (state) {
    case "waiting":
    case "parked":
      return "running"
    case "stopped":
      return "interrupted"
    default:
      return state
  }
}

/** The states that people are told of as that status. */
export const statesOf = (status: RunStatus): ReadonlyArray<RunState> =>
  RunState.literals.filter((state) => statusOfState(state) === status)
