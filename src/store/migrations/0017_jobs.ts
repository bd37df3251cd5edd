import type { Migration } from "../Migration.ts"

/**
 * Work that the store holds until it is done. The id of a job is `[id]`; instants are epoch milliseconds, payload and result JSON.
 *
 * What follows from other columns is the first column of an index, since a condition beside an index would be applied after its LIMIT:
 *
 * - `lane` of a queued job: its type once its time has come, empty before. Within a type the most urgent come first.
 * - `holds` of a running job: its resource. The index lets no two jobs hold one.
 * - `bucket` of a job that is queued, running or has succeeded: its key. The index lets no two jobs have one; what has failed or was
 *   cancelled gives it up.
 * - `place` ascends from the newest to the oldest, and `shelf` is type and status.
 * - `age` of a dead letter, until it is repeated.
 */
export const jobs: Migration = {
  number: 17,
  name: "durable jobs",
  statements: [
    "DEFINE TABLE IF NOT EXISTS background_job SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS organization_id ON background_job TYPE string",
    "DEFINE FIELD IF NOT EXISTS job_type ON background_job TYPE string",
    "DEFINE FIELD IF NOT EXISTS status ON background_job TYPE 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'",
    "DEFINE FIELD IF NOT EXISTS priority ON background_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS run_at ON background_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS resource_key ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS attempts ON background_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS max_attempts ON background_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS lease_until ON background_job TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS locked_by ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS started_at ON background_job TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS completed_at ON background_job TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS idempotency_key ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS payload ON background_job TYPE string",
    "DEFINE FIELD IF NOT EXISTS result ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS last_error ON background_job TYPE option<object> FLEXIBLE",
    "DEFINE FIELD IF NOT EXISTS created_at ON background_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS updated_at ON background_job TYPE int",

    "DEFINE FIELD IF NOT EXISTS retry_of ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS retried_by ON background_job TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS is_ready ON background_job TYPE bool",
    "DEFINE FIELD IF NOT EXISTS place ON background_job TYPE string",
    "DEFINE FIELD IF NOT EXISTS lane ON background_job TYPE option<string> " +
    "VALUE IF status = 'queued' { IF is_ready { job_type } ELSE { '' } } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS urgency ON background_job TYPE int VALUE IF is_ready { 0 - priority } ELSE { 0 }",
    "DEFINE FIELD IF NOT EXISTS holds ON background_job TYPE option<string> " +
    "VALUE IF status = 'running' AND resource_key != NONE " +
    "{ string::concat(organization_id, ' ', resource_key) } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS bucket ON background_job TYPE option<string> " +
    "VALUE IF status IN ['queued', 'running', 'succeeded'] AND idempotency_key != NONE " +
    "{ string::concat(organization_id, ' ', idempotency_key) } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS shelf ON background_job TYPE string VALUE string::concat(job_type, ' ', status)",
    "DEFINE FIELD IF NOT EXISTS age ON background_job TYPE option<int> " +
    "VALUE IF status = 'failed' AND retried_by = NONE { 0 - (completed_at ?? updated_at) } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS key ON background_job TYPE string VALUE record::id(id)[0]",
    "DEFINE INDEX IF NOT EXISTS background_job_by_lane ON background_job FIELDS lane, urgency, run_at, created_at",
    "DEFINE INDEX IF NOT EXISTS background_job_by_holds ON background_job FIELDS holds UNIQUE",
    "DEFINE INDEX IF NOT EXISTS background_job_by_bucket ON background_job FIELDS bucket UNIQUE",
    "DEFINE INDEX IF NOT EXISTS background_job_by_status ON background_job FIELDS status, place",
    "DEFINE INDEX IF NOT EXISTS background_job_by_shelf ON background_job FIELDS shelf, place",
    "DEFINE INDEX IF NOT EXISTS background_job_by_age ON background_job FIELDS age, key",

    "DEFINE TABLE IF NOT EXISTS standing_job SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS last_tick ON standing_job TYPE int",
    "DEFINE FIELD IF NOT EXISTS updated_at ON standing_job TYPE int"
  ]
}
