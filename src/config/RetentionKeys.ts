/** The `[retention]` table: what is kept for how long, besides `[engine] retention_days` and `[scheduler] ledger_days`. */
import { Duration, Option, Schema } from "effect"
import { Days, key, optional } from "./Keys.ts"

export const retention = Schema.Struct({
  raw_days: optional(
    Days,
    "Days after which what a provider sent of a record goes; the record stays. Kept for good when absent."
  ),
  audit_days: key(Days, "Days for which it is kept what was removed for its age.", 1095)
})

/** For how long what is kept. */
export interface RetentionSettings {
  /** None: for good. */
  readonly raw: Option.Option<Duration.Duration>
  readonly audit: Duration.Duration
}

export const retentionOf = ({ audit_days, raw_days }: typeof retention.Type): RetentionSettings => ({
  raw: Option.map(Option.fromUndefinedOr(raw_days), Duration.days),
  audit: Duration.days(audit_days)
})
