/** What a schedule is, and what becomes of its ticks. */
import { DateTime, Option, Schema } from "effect"

/** What happens to a tick that comes while a run of its schedule is at work. */
export const OverlapPolicy = Schema.Literals(["skip", "allow", "buffer_one", "cancel_other"])
export type OverlapPolicy = typeof OverlapPolicy.Type

/** Which of the ticks that nobody attended to, such as while Glider was stopped, are run afterwards. */
export const CatchUp = Schema.Literals(["none", "latest", "all"])
export type CatchUp = typeof CatchUp.Type

/** How a tick ended. Each has exactly one outcome. */
export const TickOutcome = Schema.Literals([
  "started",
  "skipped_overlap",
  "paused",
  "disabled",
  "missed",
  "out_of_bounds",
  "failed_to_start"
])
export type TickOutcome = typeof TickOutcome.Type

/** How a tick came to its outcome, where it was not at its own time. */
export const TickMark = Schema.Literals(["caught_up", "buffered", "backfilled"])
export type TickMark = typeof TickMark.Type

/** One nominal instant of a schedule, and what became of it. */
export class Tick extends Schema.Class<Tick>("glider/Tick")({
  nominal: Schema.DateTimeUtcFromString,
  /** With the jitter. */
  effective: Schema.DateTimeUtcFromString,
  outcome: TickOutcome,
  /** When that was settled. */
  at: Schema.DateTimeUtcFromString,
  /** The run that it started. */
  run: Schema.OptionFromNullOr(Schema.String),
  marks: Schema.Array(TickMark),
  /** Why it started nothing, or started late. */
  reason: Schema.OptionFromNullOr(Schema.String)
}) {}

/** A pause, by a person or after a failure. */
export const Pause = Schema.Struct({
  by: Schema.Literals(["person", "failure"]),
  note: Schema.OptionFromNullOr(Schema.String),
  since: Schema.DateTimeUtcFromString,
  /** When it ends by itself. */
  until: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
})
export type Pause = typeof Pause.Type

/** A change of a schedule at run time; the config holds again at its next reload. */
export const Override = Schema.Struct({
  enabled: Schema.OptionFromNullOr(Schema.Boolean),
  cron: Schema.OptionFromNullOr(Schema.String),
  pause: Schema.OptionFromNullOr(Pause)
})
export type Override = typeof Override.Type

/** No change at all. */
export const noOverride: Override = { enabled: Option.none(), cron: Option.none(), pause: Option.none() }

/** Whether anything differs from the config. */
export const isOverridden = ({ cron, enabled, pause }: Override): boolean =>
  Option.isSome(cron) || Option.isSome(enabled) || Option.isSome(pause)

/** Whether the pause holds at an instant, in epoch milliseconds. */
export const pausedAt = ({ pause }: Override, at: number): boolean =>
  Option.exists(
    pause,
    ({ since, until }) => at >= since.epochMilliseconds && !Option.exists(until, (end) => at >= end.epochMilliseconds)
  )

/** What of it still holds at an instant: a pause that has come to its end does not. */
export const holding = (override: Override, at: number): Override => {
  const isOver = Option.exists(
    override.pause,
    ({ until }) => Option.exists(until, (end) => at >= end.epochMilliseconds)
  )
  if (!isOver) return override
  const rest = { ...override, pause: Option.none() }
  return isOverridden(rest) ? rest : noOverride
}

/** The id by which the outside knows a schedule. */
export const scheduleId = (project: string, id: string): string => `schedule-${project}-${id}`

/** The id of the run that a tick starts: derived, so that it starts at most one. */
export const tickRunId = (project: string, id: string, nominal: number): string =>
  `${project}.${id}@${DateTime.formatIso(DateTime.makeUnsafe(nominal))}`
