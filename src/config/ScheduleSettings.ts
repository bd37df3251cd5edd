/** When a task or a workflow is to run, as the config says it. */
import { type DateTime, Duration, Option } from "effect"
import type { CatchUp, OverlapPolicy } from "../domain/Schedule.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"

/** From the end of a run to the next start, or by the clock on the wall. */
export type When =
  | { readonly _tag: "Interval"; readonly every: Duration.Duration }
  | { readonly _tag: "Cron"; readonly expression: string }

export interface ScheduleSettings {
  readonly enabled: boolean
  readonly when: When
  /** The IANA zone of a cron expression. */
  readonly timezone: string
  readonly dst: ScheduleDefinition["dst"]
  /** Ticks are spread over that long. */
  readonly jitter: Duration.Duration
  readonly overlap: OverlapPolicy
  readonly startAt: Option.Option<DateTime.Utc>
  readonly endAt: Option.Option<DateTime.Utc>
  readonly catchUp: CatchUp
  /** How late a tick may be run; by its period when absent. */
  readonly catchUpWindow: Option.Option<Duration.Duration>
  readonly maxRuns: Option.Option<number>
  readonly pauseOnFailure: boolean
}

/** A `[schedule.<id>]` table: a workflow that runs by itself. */
export interface WorkflowSchedule extends ScheduleSettings {
  readonly id: string
  readonly workflow: string
  readonly input: { readonly [key: string]: unknown }
}

/** What holds when the config says nothing more than when. */
export const byDefault = {
  enabled: true,
  timezone: "UTC",
  dst: { gap: "auto", repeat: "auto" },
  jitter: Duration.zero,
  overlap: "skip",
  startAt: Option.none(),
  endAt: Option.none(),
  catchUp: "latest",
  catchUpWindow: Option.none(),
  maxRuns: Option.none(),
  pauseOnFailure: false
} satisfies Omit<ScheduleSettings, "when">

/** Every so often, and otherwise as when the config says nothing more. */
export const everyInterval = (every: Duration.Duration, enabled = true): ScheduleSettings => ({
  ...byDefault,
  enabled,
  when: { _tag: "Interval", every }
})
