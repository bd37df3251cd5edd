import { Context, DateTime, Effect, Layer, Option, Predicate, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { HeartRate } from "../domain/HeartRate.ts"
import type { Sample } from "../domain/HeartRatePoints.ts"
import type { LocalDay } from "../domain/LocalDay.ts"
import { OuraDocument, type OuraDocumentType, type OuraRecord } from "../domain/OuraDocument.ts"
import type { OuraDataType } from "../domain/Task.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant } from "../services/SurrealValue.ts"
import type { Row } from "./Write.ts"

/** `oura_heartrate`, `oura_daily_sleep`, `oura_sleep`, … */
export const ouraTable = (type: OuraDataType): string => `oura_${type}`

export const heartRateRow = (connection: ConnectionId, row: HeartRate, raw: unknown): Row => ({
  key: [connection, ...row.key],
  fields: { timestamp: row.timestamp, bpm: row.bpm, source: row.source },
  raw
})

const isOffsetTime = (value: unknown): value is { readonly instant: DateTime.Utc; readonly local: string } =>
  Predicate.hasProperty(value, "instant") && DateTime.isDateTime(value.instant)

/** A time becomes two columns: the instant, and beside it as `…_local` the text as sent. */
const columns = (name: string, value: unknown): ReadonlyArray<readonly [string, unknown]> => {
  const content = Option.isOption(value) ? Option.getOrUndefined(value) : value
  return isOffsetTime(content) ? [[name, content.instant], [`${name}_local`, content.local]] : [[name, content]]
}

export const documentRow = (connection: ConnectionId, document: OuraRecord, raw: unknown): Row => {
  const { id, ...fields } = document
  return {
    key: [connection, id],
    fields: {
      document_id: id,
      ...Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => columns(name, value)))
    },
    raw
  }
}

/** What the ring measured, read by ranges. */
export class OuraRecords extends Context.Service<OuraRecords, {
  /** The live documents of the days from `from` to `to`, both included, by day. */
  readonly documents: <T extends OuraDocumentType>(
    connection: ConnectionId,
    type: T,
    days: { readonly from: LocalDay; readonly to: LocalDay }
  ) => Effect.Effect<ReadonlyArray<(typeof OuraDocument)[T]["Type"]>, SurrealError>
  /** The live heart-rate rows with `from <= timestamp < to`, oldest first: a range of ids. */
  readonly heartrate: (
    connection: ConnectionId,
    range: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }
  ) => Effect.Effect<ReadonlyArray<HeartRate>, SurrealError>
  /** The same rows as pairs of milliseconds and beats a minute, of which there are very many in a week. */
  readonly samples: (
    connection: ConnectionId,
    range: { readonly from: number; readonly to: number }
  ) => Effect.Effect<ReadonlyArray<Sample>, SurrealError>
}>()("glider/store/OuraRecords") {
  static readonly layer: Layer.Layer<OuraRecords, never, Surreal> = Layer.effect(
    OuraRecords,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const documents = Effect.fn("OuraRecords.documents")(
        function*<T extends OuraDocumentType>(
          connection: ConnectionId,
          type: T,
          days: { readonly from: LocalDay; readonly to: LocalDay }
        ) {
          return yield* surreal.query(
            Schema.Array(OuraDocument[type]),
            `SELECT VALUE _raw FROM (SELECT _raw, day FROM ${ouraTable(type)} ` +
              "WHERE day >= $from AND day <= $to AND connection = $connection AND deleted_at = NONE ORDER BY day)",
            { connection, ...days }
          )
        }
      )
      const heartrate = Effect.fn("OuraRecords.heartrate")(
        function*(connection: ConnectionId, { from, to }: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }) {
          const rows = yield* surreal.query(
            Schema.Array(HeartRateRow),
            "SELECT timestamp, bpm, source FROM oura_heartrate:[$connection, $from]..[$connection, $to] " +
              "WHERE deleted_at = NONE",
            { connection, from: from.epochMilliseconds, to: to.epochMilliseconds }
          )
          return rows.map((row) => new HeartRate(row))
        }
      )
      const samples = Effect.fn("OuraRecords.samples")(
        function*(connection: ConnectionId, { from, to }: { readonly from: number; readonly to: number }) {
          return yield* surreal.query(
            Samples,
            "SELECT VALUE [record::id(id)[1], bpm] FROM oura_heartrate:[$connection, $from]..[$connection, $to] " +
              "WHERE deleted_at = NONE",
            { connection, from, to }
          )
        }
      )
      return OuraRecords.of({ documents, heartrate, samples })
    })
  )
}

const HeartRateRow = Schema.Struct({ timestamp: Instant, bpm: Schema.Finite, source: Schema.String })

const Samples = Schema.Array(Schema.Tuple([Schema.Finite, Schema.Finite]))
