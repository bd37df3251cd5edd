import { Context, type DateTime, Effect, Layer, Option } from "effect"
import { type DayRange, daysOf } from "../domain/DayRange.ts"
import { type LocalDay, plusDays } from "../domain/LocalDay.ts"
import { nightOf } from "../domain/Night.ts"
import type { OuraDocumentType } from "../domain/OuraDocument.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { OuraDays, type OuraRow } from "../store/OuraDays.ts"
import { Connected } from "./Connected.ts"

/** A period of sleep, and the evening that it belongs to. */
export interface Night extends OuraRow<"sleep"> {
  readonly nightOf: LocalDay
}

/** A workout or a session, in kilocalories and metres. */
export interface Activity {
  readonly kind: "workout" | "session"
  readonly name: string
  readonly start: DateTime.Utc
  readonly end: Option.Option<DateTime.Utc>
  readonly kilocalories: Option.Option<number>
  readonly distance: Option.Option<number>
  readonly intensity: Option.Option<string>
}

/** What is known of a day. */
export interface BodyDay {
  readonly day: LocalDay
  readonly sleep: Option.Option<OuraRow<"daily_sleep">>
  readonly readiness: Option.Option<OuraRow<"daily_readiness">>
  readonly activity: Option.Option<OuraRow<"daily_activity">>
  readonly stress: Option.Option<OuraRow<"daily_stress">>
  readonly spo2: Option.Option<OuraRow<"daily_spo2">>
  /** By start. */
  readonly activities: ReadonlyArray<Activity>
}

/** What all rings together say of the wearer's days, which no clock but the wearer's makes. */
export class Body extends Context.Service<Body, {
  /** Every day of the range. */
  readonly days: (range: DayRange) => Effect.Effect<ReadonlyArray<BodyDay>, SurrealError>
  /** The documents of one kind by their days; of several of one day the one that was synced last. */
  readonly ofDays: <T extends OuraDocumentType>(
    type: T,
    range: DayRange
  ) => Effect.Effect<ReadonlyMap<LocalDay, OuraRow<T>>, SurrealError>
  /** The periods of sleep of which the evening or the day of waking is in the range, by start. */
  readonly nights: (range: DayRange) => Effect.Effect<ReadonlyArray<Night>, SurrealError>
}>()("glider/records/Body") {
  static readonly layer = Layer.effect(
    Body,
    Effect.gen(function*() {
      const connected = yield* Connected
      const documents = yield* OuraDays

      const read = <T extends OuraDocumentType>(type: T, range: DayRange) =>
        Effect.map(
          connected.read("oura", (connection) => documents.between(connection, type, range)),
          (found) => found.flat()
        )

      const ofDays = Effect.fn("Body.ofDays")(function*<T extends OuraDocumentType>(type: T, range: DayRange) {
        const rows = yield* read(type, range)
        return new Map(rows.map((row) => [row.day, row]))
      })

      const days = Effect.fn("Body.days")(function*(range: DayRange) {
        const sleep = yield* ofDays("daily_sleep", range)
        const readiness = yield* ofDays("daily_readiness", range)
        const activity = yield* ofDays("daily_activity", range)
        const stress = yield* ofDays("daily_stress", range)
        const spo2 = yield* ofDays("daily_spo2", range)
        const activities = Map.groupBy(
          [...yield* read("workout", range), ...yield* read("session", range)],
          ({ day }) => day
        )
        return daysOf(range).map((day): BodyDay => ({
          day,
          sleep: Option.fromUndefinedOr(sleep.get(day)),
          readiness: Option.fromUndefinedOr(readiness.get(day)),
          activity: Option.fromUndefinedOr(activity.get(day)),
          stress: Option.fromUndefinedOr(stress.get(day)),
          spo2: Option.fromUndefinedOr(spo2.get(day)),
          activities: (activities.get(day) ?? []).map(asActivity).toSorted((one, other) =>
            one.start.epochMilliseconds - other.start.epochMilliseconds
          )
        }))
      })

      const nights = Effect.fn("Body.nights")(function*({ from, to }: DayRange) {
        // who wakes the day after the range may have gone to bed on its last evening
        const found = yield* read("sleep", { from, to: plusDays(to, 1) })
        return found.flatMap((row): ReadonlyArray<Night> => {
          const evening = nightOf(row.bedtime_start_local)
          const isWithin = row.day <= to || evening <= to
          return Option.contains(row.type, "deleted") || !isWithin ? [] : [{ ...row, nightOf: evening }]
        }).toSorted((one, other) => one.bedtime_start.epochMilliseconds - other.bedtime_start.epochMilliseconds)
      })
      return Body.of({ days, ofDays, nights })
    })
  )
}

/** A workout by its label, where it has one. */
export const asActivity = (row: OuraRow<"workout"> | OuraRow<"session">): Activity =>
  "activity" in row
    ? {
      kind: "workout",
      name: nameOf(Option.orElse(row.label, () => row.activity), "workout"),
      start: row.start_datetime,
      end: row.end_datetime,
      kilocalories: row.calories,
      distance: row.distance,
      intensity: row.intensity
    }
    : {
      kind: "session",
      name: nameOf(row.type, "session"),
      start: row.start_datetime,
      end: row.end_datetime,
      kilocalories: Option.none(),
      distance: Option.none(),
      intensity: Option.none()
    }

const nameOf = (name: Option.Option<string>, otherwise: string): string =>
  Option.getOrElse(Option.filter(name, (name) => name.trim() !== ""), () => otherwise)
