import { Context, Effect, Layer, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { DayRange } from "../domain/DayRange.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import type { OuraDocumentType } from "../domain/OuraDocument.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, OptionalInstant, recordId } from "../services/SurrealValue.ts"
import { activityColumns, activityDaysTable } from "./ActivityDays.ts"
import { ouraTable } from "./OuraRecords.ts"
import type { Key } from "./Write.ts"

const text = Schema.OptionFromOptionalNullOr(Schema.String)
const number = Schema.OptionFromOptionalNullOr(Schema.Finite)

/** What is read of each kind of document: of its columns a few, since some documents are large. */
const columns = {
  daily_sleep: { score: number },
  daily_readiness: { score: number, temperature_deviation: number },
  daily_activity: activityColumns,
  daily_spo2: { spo2_percentage: Schema.OptionFromOptionalNullOr(Schema.Struct({ average: number })) },
  daily_stress: { stress_high: number, recovery_high: number, day_summary: text },
  sleep: {
    document_id: Schema.String,
    type: text,
    bedtime_start: Instant,
    bedtime_start_local: Schema.String,
    bedtime_end: Instant,
    bedtime_end_local: Schema.String,
    total_sleep_duration: number,
    time_in_bed: number,
    awake_time: number,
    deep_sleep_duration: number,
    rem_sleep_duration: number,
    light_sleep_duration: number,
    latency: number,
    efficiency: number,
    average_heart_rate: number,
    lowest_heart_rate: number,
    average_hrv: number,
    average_breath: number,
    sleep_phase_5_min: text
  },
  session: { type: text, start_datetime: Instant, end_datetime: OptionalInstant },
  workout: {
    activity: text,
    label: text,
    start_datetime: Instant,
    end_datetime: OptionalInstant,
    calories: number,
    distance: number,
    intensity: text
  }
} as const satisfies { readonly [T in OuraDocumentType]: Schema.Struct.Fields }

const rows = {
  daily_sleep: Schema.Struct({ day: LocalDay, ...columns.daily_sleep }),
  daily_readiness: Schema.Struct({ day: LocalDay, ...columns.daily_readiness }),
  daily_activity: Schema.Struct({ day: LocalDay, ...columns.daily_activity }),
  daily_spo2: Schema.Struct({ day: LocalDay, ...columns.daily_spo2 }),
  daily_stress: Schema.Struct({ day: LocalDay, ...columns.daily_stress }),
  sleep: Schema.Struct({ day: LocalDay, ...columns.sleep }),
  session: Schema.Struct({ day: LocalDay, ...columns.session }),
  workout: Schema.Struct({ day: LocalDay, ...columns.workout })
}

/** A document as it is shown: Oura's own names and units. */
export type OuraRow<T extends OuraDocumentType> = (typeof rows)[T]["Type"]

/** The days of the ring's wearer, read by ranges of the index over `day`. */
export class OuraDays extends Context.Service<OuraDays, {
  /** Of the live documents of the days, by day; of one day the one that was synced last comes last. */
  readonly between: <T extends OuraDocumentType>(
    connection: ConnectionId,
    type: T,
    days: DayRange
  ) => Effect.Effect<ReadonlyArray<OuraRow<T>>, SurrealError>
  /** The live documents among these, in their order. */
  readonly live: <T extends OuraDocumentType>(
    type: T,
    keys: ReadonlyArray<Key>
  ) => Effect.Effect<ReadonlyArray<OuraRow<T>>, SurrealError>
}>()("glider/store/OuraDays") {
  static readonly layer: Layer.Layer<OuraDays, never, Surreal> = Layer.effect(
    OuraDays,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const between = Effect.fn("OuraDays.between")(
        function*<T extends OuraDocumentType>(connection: ConnectionId, type: T, { from, to }: DayRange) {
          const table = type === "daily_activity" ? activityDaysTable : ouraTable(type)
          return yield* surreal.query(
            Schema.Array(rows[type]),
            `SELECT day, _synced_at, ${Object.keys(columns[type]).join(", ")} FROM ${table} ` +
              `WITH INDEX ${table}_by_day WHERE day >= $from AND day <= $to AND connection = $connection ` +
              "AND deleted_at = NONE ORDER BY day, _synced_at",
            { connection, from, to }
          )
        }
      )
      const live = Effect.fn("OuraDays.live")(
        function*<T extends OuraDocumentType>(type: T, keys: ReadonlyArray<Key>) {
          return yield* surreal.query(
            Schema.Array(rows[type]),
            `SELECT day, ${Object.keys(columns[type]).join(", ")} FROM $ids WHERE id != NONE AND deleted_at = NONE`,
            { ids: keys.map((key) => recordId(ouraTable(type), key)) }
          )
        }
      )
      return OuraDays.of({ between, live })
    })
  )
}
