import type { Migration } from "../Migration.ts"

const former = ["task", "trigger", "status", "started_at", "finished_at", "error", "report"]

/**
 * Runs of the durable engine: their projections, their journals and the dead letters. The three tables are written at
 * every step of every run, so they check no field: `engine/JournalSurreal.ts` is the only writer, and decodes what it reads.
 *
 * An index is fast only from its lower end, so what is listed newest first has a number that grows with age, and a key
 * for rows of one age: `recency` of runs, `age` and `key` of dead letters and of quarantined records, which are one queue.
 * An index is defined before its rows are rewritten: one that is defined after it in the same transaction lacks them.
 */
export const durableRuns: Migration = {
  number: 5,
  name: "durable runs",
  statements: [
    "REMOVE INDEX IF EXISTS run_by_start ON run",
    "REMOVE INDEX IF EXISTS run_by_task ON run",
    "REMOVE INDEX IF EXISTS run_by_status ON run",
    ...former.map((field) => `REMOVE FIELD IF EXISTS ${field} ON run`),
    "DEFINE TABLE OVERWRITE run SCHEMALESS",
    "DEFINE INDEX IF NOT EXISTS run_by_state ON run FIELDS state, recency",
    "DEFINE INDEX IF NOT EXISTS run_by_workflow ON run FIELDS workflow, recency",
    `UPDATE run SET workflow = task, version = 1, attempt = 1, attributes = {},
      schedule = IF trigger = 'schedule' { task } ELSE { NONE },
      state = IF status = 'running' { 'interrupted' } ELSE { status },
      recency = 0 - time::micros(started_at), started = time::millis(started_at),
      finished = IF finished_at != NONE { time::millis(finished_at) } ELSE { NONE },
      task = NONE, status = NONE, started_at = NONE, finished_at = NONE
      RETURN NONE`,
    "DEFINE TABLE IF NOT EXISTS run_attribute SCHEMALESS",
    "DEFINE TABLE IF NOT EXISTS journal SCHEMALESS",
    "DEFINE TABLE IF NOT EXISTS dead_letter SCHEMALESS",
    "DEFINE FIELD IF NOT EXISTS age ON dead_letter VALUE 0 - at",
    "DEFINE FIELD IF NOT EXISTS key ON dead_letter VALUE record::id(id)[0]",
    "DEFINE INDEX IF NOT EXISTS dead_letter_by_age ON dead_letter FIELDS age, key",
    "DEFINE FIELD IF NOT EXISTS age ON quarantine TYPE int VALUE 0 - time::millis(first_seen_at)",
    "DEFINE FIELD IF NOT EXISTS key ON quarantine TYPE string VALUE array::join(record::id(id), '/')",
    "DEFINE INDEX IF NOT EXISTS quarantine_by_age ON quarantine FIELDS age, key",
    "UPDATE quarantine RETURN NONE"
  ]
}
