import type { Migration } from "../Migration.ts"

/**
 * What the standing jobs leave behind. The id of a report is `[kind, name of the day or the week]`.
 *
 * `place` ascends from the newest to the oldest: the first column of an index, or the one after what is asked for.
 */
export const standingJobs: Migration = {
  number: 19,
  name: "standing jobs",
  statements: [
    "DEFINE TABLE IF NOT EXISTS report SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS kind ON report TYPE 'daily' | 'weekly'",
    "DEFINE FIELD IF NOT EXISTS place ON report TYPE string",
    "DEFINE FIELD IF NOT EXISTS made_at ON report TYPE int",
    "DEFINE FIELD IF NOT EXISTS times_made ON report TYPE int",
    "DEFINE FIELD IF NOT EXISTS content ON report TYPE string",
    "DEFINE INDEX IF NOT EXISTS report_by_place ON report FIELDS place",
    "DEFINE INDEX IF NOT EXISTS report_by_kind ON report FIELDS kind, place"
  ]
}
