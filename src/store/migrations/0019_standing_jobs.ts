import type { Migration } from "../Migration.ts"

/**
 * What the standing jobs leave behind. The id of a report is `[kind, name of the day or the week]`, that of a hold
 * `[kind of evidence, subject]`, that of an affinity `[kind, key of what is near]`; its score is that of the day on which it was made, to
 * order by.
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
    "DEFINE INDEX IF NOT EXISTS report_by_kind ON report FIELDS kind, place",

    "DEFINE TABLE IF NOT EXISTS legal_hold SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS reason ON legal_hold TYPE string",
    "DEFINE FIELD IF NOT EXISTS since ON legal_hold TYPE int",
    "DEFINE FIELD IF NOT EXISTS until ON legal_hold TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS immutable ON legal_hold TYPE bool",
    "DEFINE FIELD IF NOT EXISTS place ON legal_hold TYPE string VALUE array::join(record::id(id), ' ')",
    "DEFINE INDEX IF NOT EXISTS legal_hold_by_place ON legal_hold FIELDS place",

    "DEFINE TABLE IF NOT EXISTS retention_audit SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS at ON retention_audit TYPE int",
    "DEFINE FIELD IF NOT EXISTS place ON retention_audit TYPE string",
    "DEFINE FIELD IF NOT EXISTS kind ON retention_audit TYPE string",
    "DEFINE FIELD IF NOT EXISTS action ON retention_audit TYPE 'retention_deleted' | 'retention_delete_failed'",
    "DEFINE FIELD IF NOT EXISTS subjects ON retention_audit TYPE array<string>",
    "DEFINE INDEX IF NOT EXISTS retention_audit_by_age ON retention_audit FIELDS at",
    "DEFINE INDEX IF NOT EXISTS retention_audit_by_place ON retention_audit FIELDS place",

    "DEFINE TABLE IF NOT EXISTS affinity SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS kind ON affinity TYPE string",
    "DEFINE FIELD IF NOT EXISTS name ON affinity TYPE string",
    "DEFINE FIELD IF NOT EXISTS artists ON affinity TYPE array<string>",
    "DEFINE FIELD IF NOT EXISTS uses ON affinity TYPE int",
    "DEFINE FIELD IF NOT EXISTS last_met ON affinity TYPE int",
    "DEFINE FIELD IF NOT EXISTS priority ON affinity TYPE 'critical' | 'high' | 'medium' | 'low'",
    "DEFINE FIELD IF NOT EXISTS score ON affinity TYPE float",
    "DEFINE FIELD IF NOT EXISTS place ON affinity TYPE string",
    "DEFINE FIELD IF NOT EXISTS archived_at ON affinity TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS archived_reason ON affinity TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS shelf ON affinity TYPE string " +
    "VALUE string::concat(kind, IF archived_at = NONE { ' active' } ELSE { ' archived' })",
    "DEFINE INDEX IF NOT EXISTS affinity_by_shelf ON affinity FIELDS shelf, place"
  ]
}
