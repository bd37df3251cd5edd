import { Context, type DateTime, Effect, Layer, Option } from "effect"
import { type CalendarEvent, EventTime } from "../domain/CalendarEvent.ts"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type LocalDay, plusDays } from "../domain/LocalDay.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { GoogleEvents, type StoredEvent } from "../store/GoogleEvents.ts"
import { Connected } from "./Connected.ts"
import { eventsOnce } from "./Copies.ts"
import { Owner } from "./Owner.ts"

/** An event with a time of day; the end is exclusive. */
export interface TimedEvent extends StoredEvent {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
}

/** An event of whole days, both included; they belong to no zone. */
export interface DaysEvent extends StoredEvent {
  readonly first: LocalDay
  readonly last: LocalDay
}

/** The events of all calendars together. */
export class Calendar extends Context.Service<Calendar, {
  /** Those that touch the days of the owner, by start; a meeting that stands in two calendars comes from each of them. */
  readonly between: (
    range: DayRange
  ) => Effect.Effect<
    { readonly timed: ReadonlyArray<TimedEvent>; readonly wholeDays: ReadonlyArray<DaysEvent> },
    SurrealError
  >
}>()("glider/records/Calendar") {
  static readonly layer = Layer.effect(
    Calendar,
    Effect.gen(function*() {
      const connected = yield* Connected
      const events = yield* GoogleEvents
      const { zone } = yield* Owner

      const between = Effect.fn("Calendar.between")(function*(range: DayRange) {
        const span = spanOf(range, zone)
        const timed = yield* connected.calendars((connection) => events.timed(connection, span))
        const wholeDays = yield* connected.calendars((connection) => events.allDay(connection, range))
        return {
          timed: told(timed).flatMap(asTimed).toSorted((one, other) =>
            one.start.epochMilliseconds - other.start.epochMilliseconds
          ),
          wholeDays: told(wholeDays).flatMap(asDays).toSorted((one, other) =>
            one.first < other.first ? -1 : one.first > other.first ? 1 : 0
          )
        }
      })
      return Calendar.of({ between })
    })
  )
}

const told = (events: ReadonlyArray<ReadonlyArray<StoredEvent>>): ReadonlyArray<StoredEvent> =>
  eventsOnce(events.flat()).filter(({ event: { status } }) => status !== "cancelled")

/** The instant of a time with one. */
export const momentOf: (time: EventTime) => Option.Option<DateTime.Utc> = EventTime.match({
  Day: () => Option.none(),
  Moment: ({ at }) => Option.some(at)
})

/** The day of a time that is one. */
export const dayOf: (time: EventTime) => Option.Option<LocalDay> = EventTime.match({
  Day: ({ date }) => Option.some(date),
  Moment: () => Option.none()
})

const asTimed = (stored: StoredEvent): ReadonlyArray<TimedEvent> =>
  Option.toArray(Option.map(momentOf(stored.event.start), (start) => ({
    ...stored,
    start,
    end: Option.getOrElse(endOf(stored.event, momentOf), () => start)
  })))

/** Google's last day is exclusive; one that does not come after the first is none. */
const asDays = (stored: StoredEvent): ReadonlyArray<DaysEvent> =>
  Option.toArray(Option.map(dayOf(stored.event.start), (first) => ({
    ...stored,
    first,
    last: Option.match(endOf(stored.event, dayOf), {
      onNone: () => first,
      onSome: (end) => end > first ? plusDays(end, -1) : first
    })
  })))

const endOf = <A>({ end }: CalendarEvent, as: (time: EventTime) => Option.Option<A>): Option.Option<A> =>
  Option.flatMap(end, as)
