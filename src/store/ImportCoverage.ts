import { Context, DateTime, Effect, Layer, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

const table = "import_coverage"

/** A stretch of time of which a provider's export tells all there was; instants in milliseconds. */
export interface Covered {
  readonly from: number
  readonly to: number
}

/** The table `import_coverage`: of which time an import is whole, so that a gap of the feed in it is none. */
export class ImportCoverage extends Context.Service<ImportCoverage, {
  readonly of: (stream: string, connection: ConnectionId) => Effect.Effect<ReadonlyArray<Covered>, SurrealError>
}>()("glider/store/ImportCoverage") {
  static readonly layer: Layer.Layer<ImportCoverage, never, Surreal> = Layer.effect(
    ImportCoverage,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const of = Effect.fn("ImportCoverage.of")((stream: string, connection: ConnectionId) =>
        Effect.map(
          surreal.query(
            Schema.Array(Schema.Tuple([Schema.Finite, Schema.Finite])),
            `SELECT VALUE [record::id(id)[2], record::id(id)[3]] FROM ${table}:[$connection, $stream]..[$connection, $stream, ..]`,
            { connection, stream }
          ),
          (all) => all.map(([from, to]) => ({ from, to }))
        )
      )
      return ImportCoverage.of({ of })
    })
  )
}

/** Notes that an import tells of all that there was in a time. */
export const covers = (
  connection: ConnectionId,
  stream: string,
  { files, from, run, to }: Covered & { readonly run: string; readonly files: ReadonlyArray<string> }
): Statement => ({
  sql: `INSERT IGNORE INTO ${table} $row RETURN NONE`,
  vars: {
    row: {
      id: recordId(table, [connection, stream, from, to]),
      stream,
      from: DateTime.makeUnsafe(from),
      to: DateTime.makeUnsafe(to),
      run,
      files
    }
  }
})
