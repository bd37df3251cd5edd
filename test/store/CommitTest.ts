import { Effect, Option, Schema } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { OptionalInstant } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { type Page, type Row, Write } from "../../src/store/Write.ts"

export const connection = connectionId("google", "me@example.com")

export const define = Effect.fnUntraced(function*(table: string) {
  const surreal = yield* Surreal
  yield* surreal.execute(`DEFINE TABLE ${table} SCHEMALESS; DEFINE TABLE ${table}_state SCHEMALESS`)
  return table
})

export const row = (id: string, title: string): Row => ({
  key: [connection, "home", id],
  fields: { title },
  raw: { id, title }
})

export const upsert = (table: string, rows: ReadonlyArray<Row>, listing = Option.none<string>()) =>
  Write.Upsert({ table, rows, listing })

export const page = (table: string, writes: ReadonlyArray<Write>, token?: string): Page => ({
  stream: table,
  read: 0,
  writes,
  cursor: token === undefined
    ? Option.none()
    : Option.some({ table: `${table}_state`, key: [connection], fields: { token } }),
  fraction: Option.none()
})

const Stored = Schema.Struct({
  title: Schema.String,
  deleted_at: OptionalInstant,
  deleted_by: Schema.optional(Schema.String)
})

export const stored = Effect.fnUntraced(function*(table: string) {
  const surreal = yield* Surreal
  return yield* surreal.query(Schema.Array(Stored), `SELECT title, deleted_at, deleted_by FROM ${table} ORDER BY title`)
})

export const live = (table: string) =>
  Effect.map(stored(table), (rows) => rows.filter((row) => Option.isNone(row.deleted_at)).map(({ title }) => title))

export const counts = Effect.fnUntraced(function*(of: Page) {
  const { created, deleted, unchanged, updated } = yield* Effect.flatMap(Commit, (commit) => commit.page(of))
  return { created, updated, unchanged, deleted }
})
