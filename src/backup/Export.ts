/** The person's records as files that other programs read, one for each stream, out of a backup. */
import { Context, Effect, FileSystem, Option, Path, Predicate, Schema, Stream } from "effect"
import { Csv } from "effect/encoding"
import { OuraDataType } from "../domain/Task.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"
import { BackupUnreachable } from "./BackupError.ts"
import { calendarEnd, calendarStart, eventText } from "./ExportIcs.ts"
import { type ReadRow, rowsOf } from "./ReadBackup.ts"

export const ExportFormat = Schema.Literals(["jsonl", "csv", "ics"])
export type ExportFormat = typeof ExportFormat.Type

/** The tables that hold records, and the columns that say when one was. */
const recordTables: { readonly [table: string]: ReadonlyArray<string> } = {
  [eventsTable]: ["start", "start_date"],
  [playsTable]: ["played_at"],
  ...Object.fromEntries(
    OuraDataType.literals.map((type) => [ouraTable(type), type === "heartrate" ? ["timestamp"] : ["day"]])
  )
}

export const exportable: ReadonlyArray<string> = Object.keys(recordTables)

/** What is exported, and how. */
export interface Choice {
  readonly format: ExportFormat
  readonly tables: ReadonlyArray<string>
  /** Days of UTC (`2026-11-27`), both included. */
  readonly from: Option.Option<string>
  readonly to: Option.Option<string>
}

/** A record: its id and its columns, with instants as text. */
export type Plain = { readonly [column: string]: unknown }

/** Values of a backup in the form that other programs expect: an instant is its text, and nothing is left out. */
const plain = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(plain)
  if (!Predicate.isObject(json)) return json
  const entries: ReadonlyArray<readonly [string, unknown]> = Object.entries(json)
  if (entries.length === 1 && entries[0]?.[0] === "$datetime") return entries[0][1]
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]))
}

/** Raw objects are the provider's own, which must stay as they were sent. */
const plainRow = ({ id, row }: ReadRow): Plain => ({
  id,
  ...Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, column === "_raw" ? value : plain(value)])
  )
})

const dayOf = (table: string, row: Plain): string =>
  String(recordTables[table]?.map((column) => row[column]).find((value) => typeof value === "string") ?? "").slice(
    0,
    10
  )

const chosen = ({ from, to }: Choice, table: string) => (row: Plain): boolean => {
  const day = dayOf(table, row)
  return Option.match(from, { onNone: () => true, onSome: (first) => day >= first }) &&
    Option.match(to, { onNone: () => true, onSome: (last) => day <= last })
}

/** The records of a table that are asked for, in the order of their ids. */
const recordsOf = (backup: string, table: string, choice: Choice) =>
  rowsOf(backup).pipe(
    Stream.filter((row) => row.table === table),
    Stream.map(plainRow),
    Stream.filter(chosen(choice, table))
  )

/**
 * A cell: text as it is, nothing as an empty cell, all else as JSON. A text that is empty, or begins as a JSON text does, is
 * written as one, so that a cell says which of them it is.
 */
export const cell = (value: unknown): string =>
  value === undefined || value === null
    ? ""
    : typeof value === "string"
    ? value === "" || value.startsWith("\"") ? JSON.stringify(value) : value
    : JSON.stringify(value)

const columnsOf = (backup: string, table: string, choice: Choice) =>
  recordsOf(backup, table, choice).pipe(
    Stream.runFold(() => new Set<string>(), (columns, row) => {
      for (const column of Object.keys(row)) columns.add(column)
      return columns
    }),
    Effect.map((columns): ReadonlyArray<string> => [...columns])
  )

const csv = (backup: string, table: string, choice: Choice) =>
  Stream.unwrap(Effect.map(columnsOf(backup, table, choice), (columns) =>
    Stream.concat(
      Stream.succeed(columns),
      Stream.map(recordsOf(backup, table, choice), (row) => columns.map((column) => cell(row[column])))
    ).pipe(Stream.pipeThroughChannel(Csv.encodeString({ newline: "\r\n" })))))

/** The text of one table's file. */
export const textOf = (backup: string, table: string, choice: Choice) => {
  const records = recordsOf(backup, table, choice)
  switch (choice.format) {
    case "jsonl":
      return Stream.map(records, (row) => `${JSON.stringify(row)}\n`)
    case "csv":
      return csv(backup, table, choice)
    case "ics":
      return Stream.succeed(calendarStart).pipe(
        Stream.concat(Stream.map(records, eventText)),
        Stream.concat(Stream.succeed(calendarEnd))
      )
  }
}

/** Writes a file for each table into the folder, which is made; gives their paths. */
export const exportTo = Effect.fn("Backup.export")(function*(backup: string, folder: string, choice: Choice) {
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const fs = Context.get(context, FileSystem.FileSystem)
  const paths = Context.get(context, Path.Path)
  const failed = ({ message }: { readonly message: string }) =>
    new BackupUnreachable({ message: `${folder} cannot be written: ${message}`, fix: "name another folder" })
  yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), failed)
  return yield* Effect.forEach(choice.tables, (table) => {
    const path = paths.join(folder, `${table}.${choice.format}`)
    const text = Stream.encodeText(textOf(backup, table, choice))
    return Stream.run(text, fs.sink(path, { mode: 0o600 })).pipe(Effect.mapError(failed), Effect.as(path))
  })
})
