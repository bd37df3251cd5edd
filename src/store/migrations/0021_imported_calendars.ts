import type { Migration } from "../Migration.ts"

const table = "imported_calendar"

/** The calendars that a person has imported, by their connection; an address is known by its hash, since it may be a secret. */
export const importedCalendars: Migration = {
  number: 21,
  name: "imported calendars",
  statements: [
    `DEFINE TABLE IF NOT EXISTS ${table} SCHEMAFULL`,
    ...Object.entries({
      connection: "string",
      name: "string",
      address: "option<string>",
      etag: "option<string>",
      last_modified: "option<string>",
      imported_at: "datetime",
      read_at: "option<datetime>"
    }).map(([column, type]) => `DEFINE FIELD IF NOT EXISTS ${column} ON ${table} TYPE ${type}`)
  ]
}
