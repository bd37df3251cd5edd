import { Context, Effect, Layer, Option } from "effect"
import { type DayRange, daysOf, spanOf } from "../domain/DayRange.ts"
import type { LocalDay } from "../domain/LocalDay.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { GoogleEvents } from "../store/GoogleEvents.ts"
import { isImportedCalendar } from "../store/ImportedCalendars.ts"
import { Body } from "./Body.ts"
import { Connected } from "./Connected.ts"
import { withoutCopies } from "./Copies.ts"
import { History } from "./History.ts"
import { dayNumber, numberOfDay, offsetsOf } from "./LocalClock.ts"
import { Owner } from "./Owner.ts"

/** The sums of a day; `listened` in milliseconds. */
export interface DayTotals {
  readonly day: LocalDay
  readonly plays: number
  readonly listened: number
  readonly events: number
  readonly steps: Option.Option<number>
  readonly sleepScore: Option.Option<number>
}

/** What each day comes to. A play counts on the day on which it starts, an event on each that it touches. */
export class Totals extends Context.Service<Totals, {
  /** One for every day of the range. */
  readonly between: (range: DayRange) => Effect.Effect<ReadonlyArray<DayTotals>, SurrealError>
}>()("glider/records/Totals") {
  static readonly layer = Layer.effect(
    Totals,
    Effect.gen(function*() {
      const body = yield* Body
      const connected = yield* Connected
      const events = yield* GoogleEvents
      const history = yield* History
      const { zone } = yield* Owner
      const offsetAt = offsetsOf(zone)

      const between = Effect.fn("Totals.between")(function*(range: DayRange) {
        const { from, to } = spanOf(range, zone)
        const first = numberOfDay(range.from)
        const totals = daysOf(range).map((day) => ({ day, plays: 0, listened: 0, events: 0 }))
        for (const { at, listened } of yield* history.heard(from.epochMilliseconds, to.epochMilliseconds)) {
          const total = totals[dayNumber(offsetAt, at) - first]
          if (total !== undefined) {
            total.plays++
            total.listened += listened
          }
        }
        const touch = (firstDay: number, lastDay: number) => {
          for (let day = Math.max(firstDay, first); day <= Math.min(lastDay, first + totals.length - 1); day++) {
            const total = totals[day - first]
            if (total !== undefined) total.events++
          }
        }
        const calendars = yield* connected.calendars((id) =>
          Effect.map(
            events.times(id, { from, to }, range),
            (times) => ({ ...times, isImported: isImportedCalendar(id) })
          )
        )
        const timed = calendars.flatMap(({ isImported, timed }) => timed.map((event) => ({ ...event, isImported })))
        for (const { end, start } of withoutCopies(timed, (event) => ({ ...event, beginning: event.start }))) {
          touch(dayNumber(offsetAt, start), dayNumber(offsetAt, Math.max(start, end - 1)))
        }
        const whole = calendars.flatMap(({ isImported, wholeDays }) =>
          wholeDays.map((event) => ({ ...event, isImported }))
        )
        for (const { first, last } of withoutCopies(whole, (event) => ({ ...event, beginning: event.first }))) {
          touch(numberOfDay(first), numberOfDay(last))
        }
        const activity = yield* body.ofDays("daily_activity", range)
        const sleep = yield* body.ofDays("daily_sleep", range)
        return totals.map((total) => ({
          ...total,
          steps: Option.flatMap(Option.fromUndefinedOr(activity.get(total.day)), ({ steps }) => steps),
          sleepScore: Option.flatMap(Option.fromUndefinedOr(sleep.get(total.day)), ({ score }) => score)
        }))
      })
      return Totals.of({ between })
    })
  )
}
