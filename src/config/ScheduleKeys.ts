/** The keys that say when a sync or a workflow runs by itself. */
import { DateTime, Option, Schema } from "effect"
import { DstGap, DstRepeat } from "../domain/Dst.ts"
import { durationMillis } from "../domain/DurationText.ts"
import { CatchUp, OverlapPolicy } from "../domain/Schedule.ts"
import { checked, Flag, key, NonEmptyText, optional, positive, Seconds, TimeZoneId, wholeNumber } from "./Keys.ts"

const DurationText = checked((text) =>
  Option.isSome(durationMillis(text)) ? undefined : "a duration such as \"30s\", \"1m30s\" or \"2 hours\""
)

/** An instant with its offset: TOML's own, or the same in quotes. */
const InstantText = Schema.Unknown.check(
  Schema.makeFilter(
    (value: unknown) =>
      Option.isSome(instantOf(value)) ? undefined : "an instant with its offset such as 2026-12-01T08:00:00Z",
    {
      toJsonSchema: () => [{}, true]
    }
  )
)

/** What starts a sync or a workflow by itself: `interval_seconds` or `cron`, and how. */
export const scheduleKeys = {
  enabled: key(Flag, "Whether the schedule starts it.", true),
  interval_seconds: optional(Seconds, "Seconds from the end of a run to the next start."),
  cron: optional(
    NonEmptyText,
    "In place of interval_seconds: 5 or 6 fields, a macro such as @daily, or \"@every 15s\"; in the zone of timezone."
  ),
  timezone: key(TimeZoneId, "The IANA zone of a cron expression.", "UTC"),
  dst: key(
    Schema.Struct({
      gap: key(DstGap, "What a time does that the clocks skip: \"shift\" it by the gap, \"skip\" it.", "auto"),
      repeat: key(DstRepeat, "What a time does that comes twice: run \"once\", \"twice\", or \"skip\" it.", "auto")
    }),
    "How changes of the clocks are treated.",
    {}
  ),
  jitter: key(DurationText, "Ticks are spread over that long, each by the same amount at every start.", "0s"),
  overlap_policy: key(OverlapPolicy, "What happens to a tick that comes while a run is at work.", "skip"),
  start_at: Schema.optionalKey(InstantText).annotateKey({ description: "No tick before this instant." }),
  end_at: Schema.optionalKey(InstantText).annotateKey({ description: "No tick after this instant." }),
  catch_up: key(CatchUp, "Which ticks that came while Glider was stopped are run afterwards.", "latest"),
  catch_up_window: optional(
    DurationText,
    "How late such a tick may be; two fifths of the distance between ticks when absent, at most 10 minutes."
  ),
  max_runs: optional(wholeNumber(1, 1_000_000_000, positive, "at most 1000000000"), "It ends after so many runs."),
  pause_on_failure: key(Flag, "Whether a run that fails pauses it.", false)
}

/** The `[schedule.<id>]` tables. */
export const schedule = Schema.Record(
  Schema.String,
  Schema.Struct({
    workflow: NonEmptyText.annotate({ description: "What it runs; see: glider workflow list" }),
    input: key(Schema.Record(Schema.String, Schema.Unknown), "What its runs are given.", {}),
    ...scheduleKeys
  })
)

/** TOML dates without an offset are no instants. */
export const instantOf = (value: unknown): Option.Option<DateTime.Utc> => {
  const text = value instanceof Date ? value.toISOString() : value
  return typeof text === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)
    ? Option.map(DateTime.make(text), DateTime.toUtc)
    : Option.none()
}
