/** A file with what the store of the earlier Glider held. */
import { Effect, FileSystem, Schema } from "effect"
import type { EarlierRow, EarlierRows } from "./EarlierRow.ts"
import { EarlierUnreadable } from "./ImportError.ts"
import { jsonRows } from "./JsonRows.ts"
import { SurqlMistake } from "./SurqlReader.ts"
import { surqlRows } from "./SurqlRows.ts"

/** No text in this process is longer; a person's records of years take a tenth of it. */
const mostBytes = 400_000_000n

/** What a store of this Glider has, and one of the earlier never had. */
const ownTable = "migration"

/** The rows by their tables; a store of this Glider is refused. */
export const byTable = Effect.fnUntraced(function*(place: string, rows: ReadonlyArray<EarlierRow>) {
  const tables = Map.groupBy(rows, ({ table }) => table)
  if (!tables.has(ownTable)) return tables satisfies EarlierRows
  return yield* new EarlierUnreadable({
    message: `${place} is of this Glider, not of the earlier one`,
    fix: "take it over with: glider db backup, then glider db restore"
  })
})

const isSurqlMistake = Schema.is(SurqlMistake)

const textRows = (text: string): ReadonlyArray<EarlierRow> => /^\s*[[{]/u.test(text) ? jsonRows(text) : surqlRows(text)

/** Reads an export of SurrealDB, or JSON with rows as SurrealDB gives them. */
export const fromFile = Effect.fn("Earlier.fromFile")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const unreadable = (why: string, fix = "see that it is there and may be read") =>
    new EarlierUnreadable({ message: `${path} cannot be read: ${why}`, fix })
  const { size } = yield* Effect.mapError(fs.stat(path), ({ message }) => unreadable(message))
  if (size > mostBytes) {
    return yield* unreadable("it is larger than 400 MB", "export table by table, or import from the running server")
  }
  const text = yield* Effect.mapError(fs.readFileString(path), ({ message }) => unreadable(message))
  const rows = yield* Effect.try({
    try: () => textRows(text),
    catch: (cause) =>
      unreadable(
        isSurqlMistake(cause)
          ? `line ${cause.line}: ${cause.message}`
          : cause instanceof Error
          ? cause.message
          : String(cause),
        "name a file that surreal export has written, or JSON with the rows of its tables; nothing was imported"
      )
  })
  if (rows.length > 0) return yield* byTable(path, rows)
  return yield* unreadable("there is no row in it", "see that the export was made with the namespace and the database")
})
