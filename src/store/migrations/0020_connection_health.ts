import type { Migration } from "../Migration.ts"

/**
 * Further accounts of a provider by their names, how accounts are, and what their syncs were. `recency` grows with age; the id of a sync is
 * that of its run, since a run reads one account.
 */
export const connectionHealth: Migration = {
  number: 20,
  name: "connection health",
  statements: [
    "DEFINE FIELD IF NOT EXISTS name ON connection TYPE option<string>",

    "DEFINE TABLE IF NOT EXISTS connection_health SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS connection ON connection_health TYPE string",
    "DEFINE FIELD IF NOT EXISTS last_success_at ON connection_health TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS last_success_began ON connection_health TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS failures ON connection_health TYPE array<int> DEFAULT []",
    "DEFINE FIELD IF NOT EXISTS failures.* ON connection_health TYPE int",
    "DEFINE FIELD IF NOT EXISTS quarantined_until ON connection_health TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS recovered_at ON connection_health TYPE option<int>",

    "DEFINE TABLE IF NOT EXISTS source_sync_run SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS connection ON source_sync_run TYPE string",
    "DEFINE FIELD IF NOT EXISTS run_kind ON source_sync_run TYPE string",
    "DEFINE FIELD IF NOT EXISTS status ON source_sync_run TYPE string",
    "DEFINE FIELD IF NOT EXISTS retry_class ON source_sync_run TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS error ON source_sync_run TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS checkpoint_before ON source_sync_run TYPE string",
    "DEFINE FIELD IF NOT EXISTS checkpoint_after ON source_sync_run TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS records ON source_sync_run TYPE int",
    "DEFINE FIELD IF NOT EXISTS bytes ON source_sync_run TYPE int",
    "DEFINE FIELD IF NOT EXISTS started_at ON source_sync_run TYPE int",
    "DEFINE FIELD IF NOT EXISTS finished_at ON source_sync_run TYPE int",
    "DEFINE FIELD IF NOT EXISTS recency ON source_sync_run TYPE int",
    "DEFINE INDEX IF NOT EXISTS source_sync_run_by_connection ON source_sync_run FIELDS connection, recency",
    "DEFINE INDEX IF NOT EXISTS source_sync_run_by_age ON source_sync_run FIELDS finished_at"
  ]
}
