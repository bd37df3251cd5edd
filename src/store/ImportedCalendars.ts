import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { ConnectionId } from "../domain/Connection.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"

const table = "imported_calendar"

const text = Schema.OptionFromOptionalNullOr(Schema.String)

/** A calendar that was imported, and how its server told what it is like; of an address only the hash is known. */
export const ImportedCalendar = Schema.Struct({
  connection: ConnectionId,
  name: Schema.String,
  address: text,
  etag: text,
  last_modified: text,
  imported_at: Instant,
  read_at: Schema.OptionFromOptionalNullOr(Instant)
})
export type ImportedCalendar = typeof ImportedCalendar.Type

const columns = "connection, name, address, etag, last_modified, imported_at, read_at"

/** The connection of an imported calendar: it has no account. */
export const calendarConnection = (name: string): ConnectionId => ConnectionId.make(`ics:${name}`)

/** Whether records come from a calendar that was imported. */
export const isImportedCalendar = (connection: string): boolean => connection.startsWith("ics:")

/** The table `imported_calendar`. */
export class ImportedCalendars extends Context.Service<ImportedCalendars, {
  /** By their names. */
  readonly all: Effect.Effect<ReadonlyArray<ImportedCalendar>, SurrealError>
  readonly get: (name: string) => Effect.Effect<Option.Option<ImportedCalendar>, SurrealError>
  /** Notes that its address was asked, and had nothing new. */
  readonly unchanged: (name: string, at: DateTime.Utc) => Effect.Effect<void, SurrealError>
}>()("glider/store/ImportedCalendars") {
  static readonly layer: Layer.Layer<ImportedCalendars, never, Surreal> = Layer.effect(
    ImportedCalendars,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const all = surreal.query(Schema.Array(ImportedCalendar), `SELECT ${columns} FROM ${table}:["ics:"]..["ics;"]`)
        .pipe(
          Effect.withSpan("ImportedCalendars.all")
        )
      const get = Effect.fn("ImportedCalendars.get")((name: string) =>
        Effect.map(
          surreal.query(Schema.Array(ImportedCalendar), `SELECT ${columns} FROM $id WHERE id != NONE`, {
            id: idOf(name)
          }),
          ([found]) => Option.fromUndefinedOr(found)
        )
      )
      const unchanged = Effect.fn("ImportedCalendars.unchanged")((name: string, at: DateTime.Utc) =>
        surreal.execute("UPDATE $id SET read_at = $at RETURN NONE", { id: idOf(name), at })
      )
      return ImportedCalendars.of({ all, get, unchanged })
    })
  )
}

const idOf = (name: string) => recordId(table, [calendarConnection(name)])

/** What is known of a calendar once its import has begun. */
export const begun = (
  { address, at, name }: {
    readonly name: string
    readonly address: string | null
    readonly at: DateTime.Utc
  }
): Statement => ({
  sql: "UPSERT $id MERGE $row RETURN NONE",
  vars: {
    id: idOf(name),
    row: {
      connection: calendarConnection(name),
      name,
      imported_at: at,
      address: address ?? undefined
    }
  }
})

/** How its server told what all of it is like that was read. */
export const readWhole = (
  name: string,
  { at, etag, lastModified }: {
    readonly etag: string | null
    readonly lastModified: string | null
    readonly at: DateTime.Utc
  }
): Statement => ({
  sql: "UPDATE $id SET etag = $etag, last_modified = $last_modified, read_at = $at RETURN NONE",
  vars: { id: idOf(name), etag: etag ?? undefined, last_modified: lastModified ?? undefined, at }
})
