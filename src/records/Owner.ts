import { Context, DateTime, Effect, Layer } from "effect"
import { CurrentConfig } from "../Config.ts"
import { dayOf, type LocalDay } from "../domain/LocalDay.ts"

/** Whose records they are: the clock and the calendar by which they are told. */
export class Owner extends Context.Service<Owner, {
  /** Its days are those of all records. */
  readonly zone: DateTime.TimeZone
  /** IANA, e.g. `Europe/Berlin`. */
  readonly zoneId: string
  /** BCP 47. */
  readonly locale: string
  /** 1 is Monday, 7 Sunday. */
  readonly weekStartsOn: number
  readonly now: Effect.Effect<{ readonly now: DateTime.Utc; readonly today: LocalDay }>
}>()("glider/records/Owner") {
  static readonly layer = Layer.effect(
    Owner,
    Effect.map(CurrentConfig, ({ dashboard, scheduler: { timezone: zone } }) =>
      Owner.of({
        zone,
        zoneId: DateTime.zoneToString(zone),
        locale: dashboard.locale,
        weekStartsOn: dashboard.weekStartsOn,
        now: Effect.map(DateTime.now, (now) => ({ now, today: dayOf(now, zone) }))
      }))
  )
}
