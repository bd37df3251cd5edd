import type { Migration } from "../Migration.ts"

/**
 * Schedules as the config defines them (`schedule`, `[project, id]`), how far each has come (`schedule_state`, the same id)
 * and the outcome of every tick (`tick`, `[project, id, nominal]`). A definition is a text that is compared as such. The
 * supervisor is the only writer of the last two and writes them at every tick, so they check no field.
 */
export const schedules: Migration = {
  number: 7,
  name: "schedules and the ledger of their ticks",
  statements: [
    "DEFINE TABLE IF NOT EXISTS schedule SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS definition ON schedule TYPE string",
    "DEFINE FIELD IF NOT EXISTS override ON schedule TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS deleted ON schedule TYPE bool",
    "DEFINE FIELD IF NOT EXISTS revision ON schedule TYPE int",
    "DEFINE FIELD IF NOT EXISTS since ON schedule TYPE int",
    "DEFINE TABLE IF NOT EXISTS schedule_state SCHEMALESS",
    "DEFINE TABLE IF NOT EXISTS tick SCHEMALESS",
    "DEFINE INDEX IF NOT EXISTS tick_by_age ON tick FIELDS at"
  ]
}
