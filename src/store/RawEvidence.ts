/** What providers sent of records, beside their columns: it goes by the time of which the records tell, and they stay. */
import { Array as Arr, DateTime, Effect, Option, Schema, Stream } from "effect"
import { OuraDataType } from "../domain/Task.ts"
import type { Surreal } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import { keyText } from "./ContentHash.ts"
import type { Evidence, EvidencePage } from "./Evidence.ts"
import { eventsTable } from "./GoogleEvents.ts"
import { ouraTable } from "./OuraRecords.ts"
import { playsTable } from "./Plays.ts"
import { streamedTable } from "./StreamedPlays.ts"
import type { Key } from "./Write.ts"

/** Rows that are written in one transaction. */
const batch = 500

/** Ranges are bounded, since the engine reads them to their end whatever their LIMIT. */
const windowDays = 365

/** What is older is one window. */
const early = DateTime.makeUnsafe("2000-01-01T00:00:00Z")

/** A table, and what its rows are found by: an id that begins with connection and instant, or an index. */
interface Source {
  readonly table: string
  readonly by: "id" | "day" | "start" | "start_date"
}

const sources: ReadonlyArray<Source> = [
  { table: playsTable, by: "id" },
  { table: streamedTable, by: "id" },
  { table: eventsTable, by: "start" },
  { table: eventsTable, by: "start_date" },
  ...OuraDataType.literals.map((type): Source => ({ table: ouraTable(type), by: type === "heartrate" ? "id" : "day" }))
]

const tables = new Set(sources.map(({ table }) => table))

const IdParts = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

const decodeParts = Schema.decodeUnknownOption(Schema.fromJsonString(IdParts))

/** Such as `google_calendar_events/["google:me","primary","id"]`. */
const subjectOf = (table: string, key: Key): string => `${table}/${keyText(key)}`

/** The ids of subjects; of what is no subject of these tables there is none. */
const idsOf = (subjects: ReadonlyArray<string>) =>
  subjects.flatMap((subject) => {
    const at = subject.indexOf("/")
    const table = subject.slice(0, at)
    const key = decodeParts(subject.slice(at + 1))
    return tables.has(table) && Option.isSome(key) ? [recordId(table, key.value)] : []
  })

interface Window {
  readonly source: Source
  readonly connection: string
  readonly from: DateTime.Utc | undefined
  readonly to: DateTime.Utc
}

const windowsBefore = (before: DateTime.Utc, connections: ReadonlyArray<string>): ReadonlyArray<Window> => {
  const ends: Array<DateTime.Utc> = []
  for (let at = early; DateTime.isLessThan(at, before); at = DateTime.add(at, { days: windowDays })) ends.push(at)
  const bounds = [...ends, before]
  return sources.flatMap((source) =>
    // an index holds the rows of all connections
    (source.by === "id" ? connections : [""]).flatMap((connection) =>
      bounds.map((to, index) => ({ source, connection, from: bounds[index - 1], to }))
    )
  )
}

/** The rows of a window of which what was sent is still there. */
const select = ({ connection, from, source: { by, table }, to }: Window) => {
  const day = (at: DateTime.Utc) => DateTime.formatIsoDateUtc(at)
  const rest = "_raw != {}"
  if (by === "id") {
    return {
      sql: `SELECT VALUE record::id(id) FROM ${table}:[$connection, $from]..[$connection, $to] WHERE ${rest}`,
      vars: { connection, from: from?.epochMilliseconds ?? -8.64e15, to: to.epochMilliseconds }
    }
  }
  return {
    sql: `SELECT VALUE record::id(id) FROM ${table} WITH INDEX ${table}_by_${by} ` +
      `WHERE ${by} >= $from AND ${by} < $to AND ${rest}`,
    vars: by === "start"
      ? { from: from ?? DateTime.makeUnsafe("0001-01-01T00:00:00Z"), to }
      : { from: from === undefined ? "0000-01-01" : day(from), to: day(to) }
  }
}

export const rawEvidence = (surreal: Surreal["Service"]): Evidence => {
  const pagesOf = Effect.fnUntraced(function*(window: Window) {
    const { sql, vars } = select(window)
    const keys = yield* surreal.query(Schema.Array(IdParts), sql, vars)
    return Arr.chunksOf(keys, batch).map((chunk): EvidencePage => ({
      scanned: chunk.length,
      expired: chunk.map((key) => subjectOf(window.source.table, key)),
      inUse: [],
      removal: (subjects) => [{ sql: "UPDATE $ids SET _raw = {} RETURN NONE", vars: { ids: idsOf(subjects) } }]
    }))
  })
  return {
    kind: "raw",
    pages: (before) =>
      Stream.fromIterableEffect(Effect.map(
        surreal.query(Schema.Array(Schema.String), "SELECT VALUE record::id(id)[0] FROM connection"),
        (connections) => windowsBefore(before, connections)
      )).pipe(Stream.mapEffect(pagesOf), Stream.flatMap(Stream.fromIterable)),
    present: (subjects) =>
      Effect.map(
        surreal.query(
          Schema.Array(Schema.Tuple([Schema.String, IdParts])),
          "SELECT VALUE [record::tb(id), record::id(id)] FROM $ids WHERE id != NONE AND _raw != {}",
          { ids: idsOf(subjects) }
        ),
        (found) => found.map(([table, key]) => subjectOf(table, key))
      )
  }
}
