import { Effect } from "effect"
import { longDays } from "../LongEvents.ts"
import type { Migration } from "../Migration.ts"
import { refill } from "../Refill.ts"

const events = "google_calendar_events"

/** Written by `store/Derived.ts` alone, which decodes what it reads, so they check no field. */
const derivedTables = ["activity_day", "first_record", "listening_day", "listening_track", "search_text", "search_word"]

const definitions = [
  `DEFINE FIELD IF NOT EXISTS long_until ON ${events} TYPE option<datetime>
    VALUE IF start != NONE AND end != NONE AND end > start + ${longDays}d { end } ELSE { NONE }`,
  `DEFINE FIELD IF NOT EXISTS long_until_date ON ${events} TYPE option<string>
    VALUE IF start_date != NONE AND end_date != NONE
      AND <datetime> (end_date + 'T00:00:00Z') > <datetime> (start_date + 'T00:00:00Z') + ${longDays}d
      { end_date } ELSE { NONE }`,
  `DEFINE INDEX IF NOT EXISTS ${events}_by_start_date ON ${events} FIELDS start_date`,
  `DEFINE INDEX IF NOT EXISTS ${events}_by_long_until ON ${events} FIELDS long_until`,
  `DEFINE INDEX IF NOT EXISTS ${events}_by_long_until_date ON ${events} FIELDS long_until_date`,
  ...derivedTables.map((table) => `DEFINE TABLE IF NOT EXISTS ${table} SCHEMALESS`),
  "DEFINE INDEX IF NOT EXISTS activity_day_by_day ON activity_day FIELDS day"
]

/**
 * What the records are read by when they are shown. A row gets its columns `VALUE` whenever it is written, so the events that
 * are there are written again: in parts, since a transaction that is too large never ends (`services/SurrealEngine.ts`).
 */
export const data: Migration = {
  number: 9,
  name: "what records are shown by",
  before: Effect.fnUntraced(function*(surreal) {
    for (const definition of definitions) yield* surreal.execute(definition)
    yield* refill(surreal)
  }),
  statements: []
}
