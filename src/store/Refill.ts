/** What is derived, made from the tables as they are: for a store that had them before. */
import { Array as Arr, DateTime, Effect, Option, Schema, Stream } from "effect"
import { OuraDataType } from "../domain/Task.ts"
import type { Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { activityColumns } from "./ActivityDays.ts"
import { countedAt, deriver } from "./Derived.ts"
import { noteFirst } from "./FirstRecords.ts"
import { eventsTable } from "./GoogleEvents.ts"
import { countOf, occupied, type Stretch } from "./Occupied.ts"
import { ouraTable } from "./OuraRecords.ts"
import { playsTable } from "./Plays.ts"

const started = (column: string) => `${column}: IF ${column} != NONE { <string> ${column} } ELSE { NONE }`

const startedMillis = "IF started_at != NONE { time::millis(started_at) } ELSE { NONE }"

/** The columns that something is derived from. */
const columns = {
  [playsTable]: [
    "track_name",
    "artist_names",
    "album_name",
    "album_id",
    "duration_ms",
    "played_ms",
    "origin",
    // counted there already, or not at all
    `started_at: ${startedMillis}`,
    `${countedAt}: ${startedMillis}`
  ],
  [eventsTable]: ["summary", "location", "description", "status", started("start"), "start_date"],
  ...Object.fromEntries(
    OuraDataType.literals.flatMap((type) => type === "heartrate" ? [] : [[ouraTable(type), ["day"]]])
  ),
  [ouraTable("daily_activity")]: ["day", "_synced_at: time::millis(_synced_at)", ...Object.keys(activityColumns)],
  [ouraTable("workout")]: ["day", "label", "activity", started("start_datetime")],
  [ouraTable("session")]: ["day", "type", started("start_datetime")]
}

const Stored = Schema.Array(Schema.Struct({
  key: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
  fields: Schema.Record(Schema.String, Schema.Unknown)
}))

/**
 * Goes through all live rows, and may be done again: what is there already is not written twice. A million records take a
 * minute or two. Ranges of ids are bounded, since the engine reads them to their end whatever their LIMIT.
 */
export const refill = Effect.fn("Store.refill")(function*(surreal: Surreal["Service"]) {
  const derived = deriver(surreal)
  const connections = yield* surreal.query(
    Schema.Array(Schema.String),
    "SELECT VALUE record::id(id)[0] FROM connection"
  )
  const count = countOf(surreal)

  const rangeOf = Effect.fnUntraced(
    function*(table: string, names: ReadonlyArray<string>, connection: string, stretch?: Stretch) {
      const fields = names.map((name) => name.includes(":") ? name : `${name}: ${name}`).join(", ")
      const range = stretch === undefined
        ? "[$connection]..[$connection, ..]"
        : "[$connection, $from]..[$connection, $to]"
      const written = yield* surreal.query(
        Stored,
        `SELECT VALUE { key: record::id(id), fields: { ${fields} } } FROM ${table}:${range} WHERE deleted_at = NONE`,
        { connection, ...stretch }
      )
      for (const chunk of Arr.chunksOf(written, batch)) {
        yield* plannedAgain(Effect.gen(function*() {
          yield* surreal.transaction([
            ...yield* derived([{ table, written: chunk, gone: [] }], yield* DateTime.now),
            ...table === eventsTable ? [computed(table, chunk)] : []
          ])
        }))
      }
      return written.length
    }
  )

  for (const connection of connections) {
    let rows = 0
    for (const [table, names] of Object.entries(columns)) {
      if (table === playsTable) {
        rows += yield* occupied(surreal, { table, connection }).pipe(
          Stream.mapEffect((stretch) => rangeOf(table, names, connection, stretch)),
          Stream.runSum
        )
      } else if ((yield* count(`${table}:[$connection]..[$connection, ..]`, { connection })) > 0) {
        rows += yield* rangeOf(table, names, connection)
      }
    }
    yield* firstSample(surreal, connection)
    if (rows > 0) yield* Effect.logInfo("records are ready to be shown").pipe(Effect.annotateLogs({ connection, rows }))
  }
})

/** A sync that writes meanwhile may be faster. */
export const plannedAgain = <A>(work: Effect.Effect<A, SurrealError>): Effect.Effect<A, SurrealError> =>
  Effect.retry(work, { times: 5, while: ({ reason }) => reason._tag === "AlreadyExists" })

/** The first sample of the heart rate is in the first of the stretches that have any. */
const firstSample = Effect.fnUntraced(function*(surreal: Surreal["Service"], connection: string) {
  const table = ouraTable("heartrate")
  const first = yield* Stream.runHead(occupied(surreal, { table, connection }))
  if (Option.isNone(first)) return
  const [at] = yield* surreal.query(
    Schema.Array(Schema.Finite),
    `SELECT VALUE record::id(id)[1] FROM ${table}:[$connection, $from]..[$connection, $to]`,
    { connection, ...first.value }
  )
  if (at !== undefined) yield* surreal.transaction(noteFirst(table, connection, at))
})

/** Writes rows as they are, for their columns that are computed. */
const computed = (table: string, rows: typeof Stored.Type): Statement => ({
  sql: "UPDATE $ids RETURN NONE",
  vars: { ids: rows.map(({ key }) => recordId(table, key)) }
})

/** Rows in one transaction, which must not become large. */
const batch = 500
