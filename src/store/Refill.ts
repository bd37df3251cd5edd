/** What is derived, made from the tables as they are: for a store that had them before. */
import { Effect, Schema } from "effect"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { deriver } from "./Derived.ts"
import { eventsTable } from "./GoogleEvents.ts"
import { ouraTable } from "./OuraRecords.ts"
import { playsTable } from "./Plays.ts"
import type { Key } from "./Write.ts"

/** Rows that are read, derived from and committed at a time. */
const batch = 2_000

const started = (column: string) => `${column}: IF ${column} != NONE { <string> ${column} } ELSE { NONE }`

/** The columns that something is derived from. */
const columns: ReadonlyArray<readonly [table: string, fields: ReadonlyArray<string>]> = [
  [playsTable, ["track_name", "artist_names", "album_name", "album_id", "duration_ms"]],
  [eventsTable, ["summary", "location", "description", "status", started("start"), "start_date"]],
  [ouraTable("workout"), ["label", "activity", started("start_datetime")]],
  [ouraTable("session"), ["type", started("start_datetime")]]
]

const Stored = Schema.Struct({
  key: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
  fields: Schema.Record(Schema.String, Schema.Unknown)
})

/**
 * Goes through all live rows by their ids, and may be done again: what is there already is not written twice. A million
 * records take about a minute.
 */
export const refill = Effect.fn("Store.refill")(function*(
  surreal: Surreal["Service"]
): Effect.fn.Return<void, SurrealError> {
  const derived = deriver(surreal)
  for (const [table, names] of columns) {
    const fields = names.map((name) => name.includes(":") ? name : `${name}: ${name}`).join(", ")
    let last: Key = []
    let rows = 0
    for (;;) {
      const parts = last.map((_, index) => `$k${index}`).join(", ")
      const found: ReadonlyArray<typeof Stored.Type> = yield* surreal.query(
        Schema.Array(Stored),
        `SELECT VALUE { key: record::id(id), fields: { ${fields} } } FROM ${table}:[${parts}].. ` +
          `WHERE deleted_at = NONE LIMIT ${batch}`,
        Object.fromEntries(last.map((part, index) => [`k${index}`, part]))
      )
      // each batch begins with the row that ended the one before it
      if (found.length === (last.length === 0 ? 0 : 1)) break
      yield* surreal.transaction(yield* derived([{ table, written: found, gone: [] }]))
      rows += found.length
      last = found.at(-1)?.key ?? last
    }
    if (rows > 0) yield* Effect.logInfo("records are ready to be shown").pipe(Effect.annotateLogs({ table, rows }))
  }
})
