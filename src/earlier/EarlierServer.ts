/** The running SurrealDB of the earlier Glider. It is only read. */
import { Context, Effect, Layer, Predicate, Schema } from "effect"
import { DateTime, Decimal, Duration, RecordId, Uuid } from "surrealdb"
import { named, tablesOf } from "../backup/Dump.ts"
import { type Query, Surreal } from "../services/Surreal.ts"
import { place, type StoreTarget } from "../services/SurrealEngine.ts"
import { byTable } from "./EarlierFile.ts"
import type { EarlierRow } from "./EarlierRow.ts"
import { EarlierUnreadable } from "./ImportError.ts"

/** Rows in one answer. */
const rowsAtOnce = 2000

/** A value in the form that JSON has for it. */
const plain = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number(value)
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof DateTime) return value.toISOString()
  if (value instanceof Decimal) return Number(value.toString())
  if (value instanceof RecordId || value instanceof Uuid || value instanceof Duration) return value.toString()
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

const idText = ({ id }: RecordId): string =>
  typeof id === "object" && !(id instanceof Uuid) ? JSON.stringify(plain(id)) : String(id)

const Rows = Schema.Array(Schema.Record(Schema.String, Schema.Unknown))

const rowsOfTable = Effect.fnUntraced(function*(query: Query, table: string) {
  const rows: Array<EarlierRow> = []
  for (;;) {
    const found = yield* query(Rows, `SELECT * FROM ${named(table)} START ${rows.length} LIMIT ${rowsAtOnce}`)
    for (const { id, ...fields } of found) {
      const values = plain(fields)
      rows.push({
        table,
        id: id instanceof RecordId ? idText(id) : String(id),
        fields: Predicate.isObject(values) ? { ...values } : {}
      })
    }
    if (found.length < rowsAtOnce) return rows
  }
})

/** Reads all tables of a server's database. */
export const fromServer = Effect.fn("Earlier.fromServer")(
  function*(target: StoreTarget) {
    const surreal = Context.get(yield* Layer.build(Layer.fresh(Surreal.layer(target))), Surreal)
    const rows = yield* Effect.forEach(yield* tablesOf(surreal.query), (table) => rowsOfTable(surreal.query, table))
    const where = `${place(target.url)}, ${target.namespace}/${target.database}`
    if (rows.some((ofTable) => ofTable.length > 0)) return yield* byTable(where, rows.flat())
    return yield* new EarlierUnreadable({
      message: `there is no row in ${where}`,
      fix: "name its --namespace and --database; a store in memory was emptied when its server ended"
    })
  },
  Effect.mapError((error) =>
    error._tag === "SurrealError"
      ? new EarlierUnreadable({
        message: `the earlier store cannot be read: ${error.message}`,
        fix: "start its server and set GLIDER_EARLIER_USER and GLIDER_EARLIER_PASS; or export it, and import the file"
      })
      : error
  ),
  Effect.scoped
)
