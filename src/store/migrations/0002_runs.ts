import type { Migration } from "../Migration.ts"

/** Runs and their last state by task, records that could not be read, and stretches of time that are lost. */
export const runs: Migration = {
  number: 2,
  name: "runs, quarantine and gaps",
  statements: [
    `DEFINE TABLE IF NOT EXISTS sync_runs SCHEMAFULL`,
    `DEFINE FIELD IF NOT EXISTS task ON sync_runs TYPE string`,
    `DEFINE FIELD IF NOT EXISTS last_started_at ON sync_runs TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS last_finished_at ON sync_runs TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS last_status ON sync_runs TYPE string`,
    `DEFINE FIELD IF NOT EXISTS last_error ON sync_runs TYPE option<string>`,
    `DEFINE TABLE IF NOT EXISTS run SCHEMAFULL`,
    `DEFINE FIELD IF NOT EXISTS task ON run TYPE string`,
    `DEFINE FIELD IF NOT EXISTS trigger ON run TYPE string`,
    `DEFINE FIELD IF NOT EXISTS status ON run TYPE string`,
    `DEFINE FIELD IF NOT EXISTS started_at ON run TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS finished_at ON run TYPE option<datetime>`,
    `DEFINE FIELD IF NOT EXISTS error ON run TYPE option<object> FLEXIBLE`,
    `DEFINE FIELD IF NOT EXISTS report ON run TYPE object FLEXIBLE`,
    `DEFINE INDEX IF NOT EXISTS run_by_start ON run FIELDS started_at`,
    `DEFINE INDEX IF NOT EXISTS run_by_task ON run FIELDS task, started_at`,
    `DEFINE INDEX IF NOT EXISTS run_by_status ON run FIELDS status`,
    `DEFINE TABLE IF NOT EXISTS quarantine SCHEMAFULL`,
    `DEFINE FIELD IF NOT EXISTS stream ON quarantine TYPE string`,
    `DEFINE FIELD IF NOT EXISTS connection ON quarantine TYPE string`,
    `DEFINE FIELD IF NOT EXISTS problem ON quarantine TYPE string`,
    `DEFINE FIELD IF NOT EXISTS raw ON quarantine TYPE string`,
    `DEFINE FIELD IF NOT EXISTS first_seen_at ON quarantine TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS last_seen_at ON quarantine TYPE datetime`,
    `DEFINE INDEX IF NOT EXISTS quarantine_by_time ON quarantine FIELDS last_seen_at`,
    `DEFINE TABLE IF NOT EXISTS sync_gap SCHEMAFULL`,
    `DEFINE FIELD IF NOT EXISTS stream ON sync_gap TYPE string`,
    `DEFINE FIELD IF NOT EXISTS connection ON sync_gap TYPE string`,
    `DEFINE FIELD IF NOT EXISTS from ON sync_gap TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS to ON sync_gap TYPE datetime`,
    `DEFINE FIELD IF NOT EXISTS reason ON sync_gap TYPE string`,
    `DEFINE FIELD IF NOT EXISTS found_at ON sync_gap TYPE datetime`,
    `DEFINE INDEX IF NOT EXISTS gap_by_time ON sync_gap FIELDS stream, from`
  ]
}
