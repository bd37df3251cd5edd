import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** The first instant of which a table has ever had a row, `[table, connection]`: a range of ids is never read in part. */
export const firstRecordsTable = "first_record"

/** The statements after which the first instant is this one, in milliseconds since 1970, or an earlier one. */
export const noteFirst = (table: string, connection: string, at: number): ReadonlyArray<Statement> => {
  const id = recordId(firstRecordsTable, [table, connection])
  return [
    { sql: `INSERT IGNORE INTO ${firstRecordsTable} $row RETURN NONE`, vars: { row: { id, at } } },
    { sql: "UPDATE $id SET at = $at WHERE at > $at RETURN NONE", vars: { id, at } }
  ]
}

/** From when on a connection has records. */
export class FirstRecords extends Context.Service<FirstRecords, {
  /** The first instant, of documents the beginning of the first day in UTC; none when the table never had a row. */
  readonly of: (table: string, connection: ConnectionId) => Effect.Effect<Option.Option<DateTime.Utc>, SurrealError>
}>()("glider/store/FirstRecords") {
  static readonly layer: Layer.Layer<FirstRecords, never, Surreal> = Layer.effect(
    FirstRecords,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const of = Effect.fn("FirstRecords.of")(function*(table: string, connection: ConnectionId) {
        const [at] = yield* surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE at FROM $ids WHERE id != NONE", {
          ids: [recordId(firstRecordsTable, [table, connection])]
        })
        return Option.map(Option.fromUndefinedOr(at), (at) => DateTime.makeUnsafe(at))
      })
      return FirstRecords.of({ of })
    })
  )
}
