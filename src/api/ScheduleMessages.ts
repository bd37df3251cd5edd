/** What the API says of schedules. Fields and their names are those of the config, in snake case. */
import { Schema } from "effect"
import { RunStatus } from "../domain/Run.ts"
import { Pause, TickMark, TickOutcome } from "../domain/Schedule.ts"
import { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"

const Instant = Schema.DateTimeUtcFromString

const orNull = <S extends Schema.Top>(schema: S) => Schema.OptionFromNullOr(schema)

/** A schedule: what the config says, what was changed at run time, and where it stands. */
export class ScheduleInfo extends Schema.Class<ScheduleInfo>("glider/api/ScheduleInfo")({
  /** Its name in the config. */
  id: Schema.String,
  /** `schedule-{project}-{id}`. */
  schedule_id: Schema.String,
  workflow_id: Schema.String,
  kind: Schema.Literals(["sync", "workflow"]),
  /** The expression in force; none of an interval. */
  cron: orNull(Schema.String),
  interval_seconds: orNull(Schema.Finite),
  timezone: Schema.String,
  /** When it runs, in words. */
  description: Schema.String,
  /** In force. */
  enabled: Schema.Boolean,
  pause: orNull(Pause),
  /** Whether anything differs from the config. */
  is_override: Schema.Boolean,
  /** What the config says, whatever was changed. */
  yaml_config: ScheduleDefinition,
  next_run_time: orNull(Instant),
  last_run_id: orNull(Schema.String),
  last_run_time: orNull(Instant),
  last_run_status: orNull(RunStatus),
  /** A tick that waits for the end of a run. */
  buffered: orNull(Instant),
  /** Ticks that have started a run. */
  runs: Schema.Natural,
  /** Grows with every change of the schedule; its ETag. */
  revision: Schema.Natural
}) {}

export class SchedulePage extends Schema.Class<SchedulePage>("glider/api/SchedulePage")({
  schedules: Schema.Array(ScheduleInfo),
  /** How many match, on all pages. */
  total: Schema.Natural,
  /** Where the next page begins: an id. */
  next: orNull(Schema.String)
}) {}

/** Which schedules are listed. */
export const ScheduleQuery = Schema.Struct({
  enabled_only: Schema.optionalKey(Schema.Literals(["true", "false"])),
  state: Schema.optionalKey(Schema.Literals(["active", "paused", "disabled", "overridden"])),
  workflow: Schema.optionalKey(Schema.String),
  /** Part of the id. */
  text: Schema.optionalKey(Schema.String),
  after: Schema.optionalKey(Schema.String)
})
export type ScheduleQuery = typeof ScheduleQuery.Type

/** A change over the config; at least one of the two. */
export class ScheduleUpdate extends Schema.Class<ScheduleUpdate>("glider/api/ScheduleUpdate")({
  enabled: Schema.optionalKey(Schema.Boolean),
  cron: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(200)))
}) {}

export class PauseOptions extends Schema.Class<PauseOptions>("glider/api/PauseOptions")({
  /** Why, for people. */
  note: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(500))),
  /** When it ends by itself. */
  until: Schema.optionalKey(Instant)
}) {}

export class BackfillOptions extends Schema.Class<BackfillOptions>("glider/api/BackfillOptions")({
  from: Instant,
  to: Instant,
  /** How long it rests between two ticks. */
  pause_seconds: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 86_400 }))),
  /** Only says what would run. */
  preview: Schema.optionalKey(Schema.Boolean)
}) {}

export class BackfillStarted extends Schema.Class<BackfillStarted>("glider/api/BackfillStarted")({
  /** The run that starts the ticks; none when there is nothing to do. */
  run: orNull(Schema.String),
  ticks: Schema.Natural,
  /** Those of them that have started no run so far. */
  new: Schema.Natural
}) {}

/** What came of a run by hand. */
export class TriggerResult extends Schema.Class<TriggerResult>("glider/api/TriggerResult")({
  /** `skipped`: the overlap policy allows none beside the run at work. `buffered`: it starts when that is over. */
  outcome: Schema.Literals(["started", "skipped", "buffered"]),
  run: orNull(Schema.String),
  reason: orNull(Schema.String)
}) {}

/** A tick of the past, with what became of it, or one to come. */
export class TickLine extends Schema.Class<TickLine>("glider/api/TickLine")({
  nominal: Instant,
  /** With its jitter. */
  effective: Instant,
  /** `due`: still to come; `open`: over, and not settled yet; `skipped`: the clocks leave it out. */
  state: Schema.Literals(["settled", "due", "open", "skipped"]),
  outcome: orNull(TickOutcome),
  run: orNull(Schema.String),
  marks: Schema.Array(TickMark),
  reason: orNull(Schema.String),
  /** What a change of the clocks did to it. */
  dst: orNull(Schema.String)
}) {}

export class ScheduleTicks extends Schema.Class<ScheduleTicks>("glider/api/ScheduleTicks")({
  schedule_id: Schema.String,
  description: Schema.String,
  /** The oldest first; at most a thousand. */
  ticks: Schema.Array(TickLine)
}) {}

export const TickQuery = Schema.Struct({
  /** A day before now when absent. */
  from: Schema.optionalKey(Instant),
  /** A day from now when absent. */
  to: Schema.optionalKey(Instant)
})

export class PlannedChange extends Schema.Class<PlannedChange>("glider/api/PlannedChange")({
  kind: Schema.Literals(["create", "update", "delete"]),
  id: Schema.String,
  differences: Schema.Array(Schema.Struct({ field: Schema.String, before: Schema.Json, after: Schema.Json }))
}) {}

/** What a reload of the config would change. */
export class SchedulePlan extends Schema.Class<SchedulePlan>("glider/api/SchedulePlan")({
  changes: Schema.Array(PlannedChange),
  /** Those whose overrides would end. */
  reverted: Schema.Array(Schema.String),
  unchanged: Schema.Natural
}) {}

/** Schedules that a former name of the project left behind. */
export class MigrateOptions extends Schema.Class<MigrateOptions>("glider/api/MigrateOptions")({
  from: Schema.NonEmptyString,
  to: Schema.NonEmptyString,
  preview: Schema.optionalKey(Schema.Boolean)
}) {}

export class SchedulesMigrated extends Schema.Class<SchedulesMigrated>("glider/api/SchedulesMigrated")({
  schedules: Schema.Array(Schema.String),
  ticks: Schema.Natural,
  preview: Schema.Boolean
}) {}
