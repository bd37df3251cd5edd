/** A schedule as the config defines it. */
import { Schema } from "effect"
import { DstGap, DstRepeat } from "./Dst.ts"
import { CatchUp, OverlapPolicy } from "./Schedule.ts"

/**
 * Every setting of a schedule, under the names of `config.toml`. Its text (`definitionText`) is what the store keeps and
 * what two definitions are compared by.
 */
export const ScheduleDefinition = Schema.Struct({
  project: Schema.String,
  id: Schema.String,
  workflow: Schema.String,
  /** Whether it is a `[sync.*]` table, whose runs are those of the task. */
  kind: Schema.Literals(["sync", "workflow"]),
  enabled: Schema.Boolean,
  /** One of the two. */
  interval_seconds: Schema.optionalKey(Schema.Finite),
  cron: Schema.optionalKey(Schema.String),
  timezone: Schema.String,
  dst: Schema.Struct({ gap: DstGap, repeat: DstRepeat }),
  jitter_seconds: Schema.Finite,
  overlap_policy: OverlapPolicy,
  start_at: Schema.optionalKey(Schema.String),
  end_at: Schema.optionalKey(Schema.String),
  catch_up: CatchUp,
  catch_up_window_seconds: Schema.optionalKey(Schema.Finite),
  max_runs: Schema.optionalKey(Schema.Natural),
  pause_on_failure: Schema.Boolean,
  input: Schema.Json
})
export type ScheduleDefinition = typeof ScheduleDefinition.Type

const inOrder = (value: Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).toSorted(([one], [other]) => one < other ? -1 : 1).map((
      [name, part]
    ) => [name, inOrder(part)])
  )
}

/** The definition as text, the same for all that say the same. */
export const definitionText = (definition: ScheduleDefinition): string => JSON.stringify(inOrder({ ...definition }))

const decodeText = Schema.decodeResult(Schema.fromJsonString(ScheduleDefinition))

/** A stored definition; a failure when another version of this program wrote it. */
export const definitionOf = (text: string) => decodeText(text)
