import { Context, DateTime, Effect, Layer } from "effect"
import { CurrentConfig } from "../Config.ts"
import * as LocalDays from "../domain/LocalDay.ts"
import type { LocalDay } from "../domain/LocalDay.ts"

/** Instants, local days and the person's time zone, on top of Effect's clock. */
export class Clock extends Context.Service<Clock, {
  readonly now: Effect.Effect<DateTime.Utc>
  /** The person's zone, `[scheduler] timezone`. */
  readonly zone: DateTime.TimeZone
  /** The day the person's calendar shows now. */
  readonly today: Effect.Effect<LocalDay>
  /** The day the person's calendar shows at the instant. */
  readonly dayOf: (instant: DateTime.Utc) => LocalDay
  /** The first instant of the day in the person's zone. */
  readonly startOf: (day: LocalDay) => DateTime.Utc
  /** The first instant after the day in the person's zone: 23, 24 or 25 hours after its start. */
  readonly endOf: (day: LocalDay) => DateTime.Utc
}>()("glider/services/Clock") {
  /** For a zone given by hand. */
  static readonly layerOf = (zone: DateTime.TimeZone): Layer.Layer<Clock> =>
    Layer.succeed(
      Clock,
      Clock.of({
        now: DateTime.now,
        zone,
        today: Effect.map(DateTime.now, (now) => LocalDays.dayOf(now, zone)),
        dayOf: (instant) => LocalDays.dayOf(instant, zone),
        startOf: (day) => LocalDays.startOfDay(day, zone),
        endOf: (day) => LocalDays.endOfDay(day, zone)
      })
    )

  static readonly layer: Layer.Layer<Clock, never, CurrentConfig> = Layer.unwrap(
    Effect.map(CurrentConfig, ({ scheduler }) => Clock.layerOf(scheduler.timezone))
  )
}
