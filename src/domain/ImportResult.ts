import { Schema } from "effect"

/** What an import has come to. */
export const ImportResult = Schema.Struct({
  /** Of calendars; of a history without it. */
  kind: Schema.optionalKey(Schema.Literal("calendar")),
  files: Schema.Natural,
  /** Records in them, and what became of these in the store. */
  records: Schema.Natural,
  created: Schema.Natural,
  updated: Schema.Natural,
  unchanged: Schema.Natural,
  quarantined: Schema.Natural,
  /** Events that the address of a calendar lists no more. */
  deleted: Schema.optionalKey(Schema.Natural),
  /** What the comparison with the plays there were has come to, over all that was new. */
  merged: Schema.Natural,
  counted: Schema.Natural,
  skipped: Schema.Natural,
  review: Schema.Natural,
  failed: Schema.Natural,
  /** Which files could be read in part only, and why. */
  faults: Schema.Array(Schema.String)
})
export type ImportResult = typeof ImportResult.Type

/** How a review stands: a person is asked, or has answered. */
export const ReviewState = Schema.Literals(["open", "approved", "rejected"])
export type ReviewState = typeof ReviewState.Type
