/** A store as the lines of a backup. */
import { Array as Arr, Context, DateTime, Effect, Option, Schema, Stream } from "effect"
import { BoundIncluded, RecordId, RecordIdRange } from "surrealdb"
import type { Query, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { headerLine, lastLine, Tally } from "./Format.ts"
import { toJson } from "./Values.ts"

/** The version of the program that makes backups. */
export class MadeBy extends Context.Reference<string>("glider/backup/MadeBy", { defaultValue: () => "source" }) {}

/** What a backup says of where it comes from. */
export interface Origin {
  /** The version of the program. */
  readonly glider: string
  readonly project: string
}

/**
 * Ids that are read at once. Passing over those before them takes half a microsecond each, which is less than reading a range
 * of ids that has no upper end: the engine reads it whole whatever its LIMIT.
 */
const idsAtOnce = 20_000

/** Rows that are read at once. */
const rowsAtOnce = 500

const isId = (value: unknown): value is RecordId => value instanceof RecordId
const Id = Schema.declare(isId)

const Found = Schema.Array(Schema.StructWithRest(Schema.Struct({ id: Id }), [
  Schema.Record(Schema.String, Schema.Unknown)
]))

/** A name of a table, in the text of a query. */
export const named = (name: string): string => `\`${name.replaceAll("`", "\\`")}\``

/** The tables of a store, by name. */
export const tablesOf = (query: Query): Effect.Effect<ReadonlyArray<string>, SurrealError> =>
  query(Schema.Struct({ tables: Schema.Record(Schema.String, Schema.Unknown) }), "INFO FOR DB").pipe(
    Effect.map(({ tables }) => Object.keys(tables).toSorted())
  )

/** The newest step of the schema; 0 of a store that has none. */
export const schemaOf = Effect.fnUntraced(function*(query: Query) {
  if (!(yield* tablesOf(query)).includes("migration")) return 0
  const numbers = yield* query(Schema.Array(Schema.Int), "SELECT VALUE number FROM migration")
  return Math.max(0, ...numbers)
})

/** Whether there is any row besides those that say which schema it is. */
export const hasRows = Effect.fnUntraced(function*(query: Query) {
  for (const table of yield* tablesOf(query)) {
    if (table === "migration") continue
    const found = yield* query(Schema.Array(Id), `SELECT VALUE id FROM ${named(table)} LIMIT 1`)
    if (found.length > 0) return true
  }
  return false
})

/** The ids of a table in their order, in pieces. */
const idsOf = (query: Query, table: string) =>
  Stream.paginate(0, (start: number) =>
    query(
      Schema.Array(Id),
      `SELECT VALUE id FROM ${named(table)} START ${start} LIMIT ${idsAtOnce}`
    ).pipe(Effect.map((ids) => [
      Arr.chunksOf(ids, rowsAtOnce),
      ids.length < idsAtOnce ? Option.none() : Option.some(start + ids.length)
    ])))

/** The rows between two ids, both included. */
const rowsBetween = (query: Query, table: string, first: RecordId, last: RecordId) =>
  query(Found, "SELECT * FROM $range", {
    range: new RecordIdRange(table, new BoundIncluded(first.id), new BoundIncluded(last.id))
  })

/** The rows of a table in the order of their ids, a line each, in pieces. */
export const linesOf = (query: Query, table: string) =>
  idsOf(query, table).pipe(
    Stream.mapEffect((ids) => {
      const [first] = ids
      const last = ids.at(-1)
      return first === undefined || last === undefined
        ? Effect.succeed([])
        : rowsBetween(query, table, first, last)
    }),
    Stream.map((rows) =>
      rows.map(({ id, ...row }) => `${JSON.stringify({ table, id: toJson(id.id), row: toJson(row) })}\n`)
    )
  )

/**
 * All tables as they are at one moment, as text in whole lines. It takes memory for some hundred rows at a time; what is
 * written meanwhile does not wait, and is not in it.
 */
export const dump = (
  surreal: Surreal["Service"],
  origin: Origin
): Stream.Stream<string, SurrealError> =>
  Stream.unwrap(Effect.gen(function*() {
    const query = yield* surreal.snapshot
    const tables = yield* tablesOf(query)
    const tally = new Tally()
    const first = headerLine({
      format: "glider-backup",
      version: 1,
      ...origin,
      schema: yield* schemaOf(query),
      at: DateTime.formatIso(yield* DateTime.now)
    })
    tally.line(first)
    const rows = Stream.fromIterable(tables).pipe(
      Stream.flatMap((table) => {
        tally.begin(table)
        return Stream.map(linesOf(query, table), (lines) => {
          for (const line of lines) tally.row(table, line)
          return lines.join("")
        })
      }),
      Stream.filter((text) => text !== "")
    )
    const last = Stream.sync(() => lastLine(tally.manifest()))
    return Stream.concat(Stream.concat(Stream.succeed(first), rows), last)
  }))
