import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { type CalendarEvent, EventTime } from "../domain/CalendarEvent.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import type { DayRange } from "../domain/DayRange.ts"
import { LocalDay, plusDays } from "../domain/LocalDay.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { EventFromRow, uidOf } from "./EventFromRow.ts"
import { type EventsWindow, inWindow } from "./EventsWindow.ts"
import { longDays } from "./LongEvents.ts"
import type { Key, Row } from "./Write.ts"

export const eventsTable = "google_calendar_events"

export const eventKey = (connection: ConnectionId, calendarId: string, eventId: string): Key => [
  connection,
  calendarId,
  eventId
]

/** A day stays a day: an all-day event has `start_date` and `end_date`, a timed one `start` and `end`, never both. */
const timeFields = (name: "start" | "end" | "original_start", time: Option.Option<EventTime>) =>
  Option.match(time, {
    onNone: () => ({}),
    onSome: EventTime.match({
      Day: ({ date }) => ({ [`${name}_date`]: date }),
      Moment: ({ at, zone }) => ({ [name]: at, [`${name}_zone`]: Option.getOrUndefined(zone) })
    })
  })

export const eventRow = (connection: ConnectionId, calendarId: string, event: CalendarEvent, raw: unknown): Row => ({
  key: eventKey(connection, calendarId, event.id),
  fields: {
    google_id: event.id,
    calendar_id: calendarId,
    recurring_event_id: Option.getOrUndefined(event.seriesId),
    color_id: Option.getOrUndefined(event.colorId),
    summary: Option.getOrUndefined(event.summary),
    all_day: event.isAllDay,
    ...noTimes,
    ...timeFields("start", Option.some(event.start)),
    ...timeFields("end", event.end),
    ...timeFields("original_start", event.originalStart),
    status: event.status,
    html_link: Option.getOrUndefined(event.htmlLink),
    location: Option.getOrUndefined(event.location),
    description: Option.getOrUndefined(event.description),
    created: Option.getOrUndefined(event.created),
    updated: Option.getOrUndefined(event.updated),
    event_type: Option.getOrUndefined(event.eventType),
    transparency: Option.getOrUndefined(event.transparency)
  },
  raw
})

/** Every row names every column: an event that turns from timed to all-day must lose its instants. */
const noTimes = {
  start: undefined,
  start_zone: undefined,
  start_date: undefined,
  end: undefined,
  end_zone: undefined,
  end_date: undefined,
  original_start: undefined,
  original_start_zone: undefined,
  original_start_date: undefined
}

/** Whether an event takes place, and what it is called in all calendars. */
const names = "status, recurring_event_id ?? google_id, _raw.iCalUID"
const named = [Schema.String, Schema.String, Schema.OptionFromOptionalNullOr(Schema.String)] as const

interface Range {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}

/** An event as stored, with the calendar it stands in. */
export interface StoredEvent {
  readonly calendarId: string
  /** What it is called in all calendars. */
  readonly uid: string
  /** Whether it comes from a calendar that was imported. */
  readonly isImported: boolean
  readonly event: CalendarEvent
}

/** The calendars' events, read by ranges. */
export class GoogleEvents extends Context.Service<GoogleEvents, {
  /** The live timed events that touch `[from, to)`, by start. */
  readonly timed: (
    connection: ConnectionId,
    range: Range
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, SurrealError>
  /** The live all-day events that touch the days from `from` to `to`, both included, by start. */
  readonly allDay: (
    connection: ConnectionId,
    days: DayRange
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, SurrealError>
  /**
   * When the live events take place that touch the time or the days, in milliseconds with an exclusive end, and by days of
   * which both are included; without those that are cancelled.
   */
  readonly times: (connection: ConnectionId, range: Range, days: DayRange) => Effect.Effect<
    {
      readonly timed: ReadonlyArray<{ readonly uid: string; readonly start: number; readonly end: number }>
      readonly wholeDays: ReadonlyArray<{ readonly uid: string; readonly first: LocalDay; readonly last: LocalDay }>
    },
    SurrealError
  >
  /** The live events among these, in their order. */
  readonly live: (keys: ReadonlyArray<Key>) => Effect.Effect<ReadonlyArray<StoredEvent>, SurrealError>
  /** Whether the calendar has any live event in the window. */
  readonly hasLive: (
    connection: ConnectionId,
    calendarId: string,
    window: EventsWindow
  ) => Effect.Effect<boolean, SurrealError>
}>()("glider/store/GoogleEvents") {
  static readonly layer: Layer.Layer<GoogleEvents, never, Surreal> = Layer.effect(
    GoogleEvents,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      /** Of those that begin in the range or not long before it, and of those that are too long to be found so. */
      const touching = Effect.fnUntraced(function*<A>(
        row: Schema.Codec<A, unknown>,
        what: string,
        { long, short, vars }: { readonly short: string; readonly long: string; readonly vars: Statement["vars"] }
      ) {
        const found = yield* Effect.forEach([short, long], (where) =>
          surreal.query(
            Schema.Array(row),
            `SELECT ${what} FROM ${eventsTable} WITH INDEX ${where} AND connection = $connection AND deleted_at = NONE`,
            vars
          ))
        return found.flat()
      })
      const inTime = (connection: ConnectionId, range: Range) => {
        const { from: early, to: late } = withASecondToSpare(range)
        return {
          short: `${eventsTable}_by_start WHERE start >= $begun AND start < $late AND long_until = NONE`,
          long: `${eventsTable}_by_long_until WHERE long_until >= $early AND start < $late`,
          vars: { connection, early, late, begun: DateTime.subtract(early, { days: longDays }) }
        }
      }
      const onDays = (connection: ConnectionId, days: DayRange) => ({
        short:
          `${eventsTable}_by_start_date WHERE start_date >= $begun AND start_date <= $to AND long_until_date = NONE`,
        long: `${eventsTable}_by_long_until_date WHERE long_until_date > $from AND start_date <= $to`,
        vars: { connection, ...days, begun: plusDays(days.from, -longDays) }
      })
      const timed = Effect.fn("GoogleEvents.timed")(function*(connection: ConnectionId, range: Range) {
        const found = yield* touching(EventFromRow, "*, _raw.iCalUID AS ical_uid OMIT _raw", inTime(connection, range))
        return found.filter(({ event: { end, start } }) => {
          const begins = millisOf(start)
          return touches(begins, Option.match(end, { onNone: () => begins, onSome: millisOf }), range)
        }).toSorted(byStart)
      })
      const allDay = Effect.fn("GoogleEvents.allDay")(function*(connection: ConnectionId, days: DayRange) {
        const found = yield* touching(EventFromRow, "*, _raw.iCalUID AS ical_uid OMIT _raw", onDays(connection, days))
        return found.filter(({ event: { end, start } }) =>
          dateOf(start) >= days.from || Option.exists(end, (end) => dateOf(end) > days.from)
        ).toSorted(byDay)
      })
      const times = Effect.fn("GoogleEvents.times")(function*(connection: ConnectionId, range: Range, days: DayRange) {
        const timed = yield* touching(
          Schema.Tuple([Schema.Finite, Schema.Finite, ...named]),
          `VALUE [time::millis(start), time::millis(end ?? start), ${names}]`,
          inTime(connection, range)
        )
        const wholeDays = yield* touching(
          Schema.Tuple([LocalDay, LocalDay, ...named]),
          `VALUE [start_date, end_date ?? start_date, ${names}]`,
          onDays(connection, days)
        )
        return {
          timed: timed.flatMap(([start, end, status, id, sent]) =>
            status !== "cancelled" && touches(start, end, range)
              ? [{ uid: uidOf(connection, id, sent), start, end }]
              : []
          ),
          wholeDays: wholeDays.flatMap(([first, end, status, id, sent]) =>
            status !== "cancelled" && (first >= days.from || end > days.from)
              ? [{ uid: uidOf(connection, id, sent), first, last: end > first ? plusDays(end, -1) : first }]
              : []
          )
        }
      })
      const live = Effect.fn("GoogleEvents.live")(function*(keys: ReadonlyArray<Key>) {
        return yield* surreal.query(
          Schema.Array(EventFromRow),
          "SELECT *, _raw.iCalUID AS ical_uid OMIT _raw FROM $ids WHERE id != NONE AND deleted_at = NONE AND status != 'cancelled'",
          { ids: keys.map((key) => recordId(eventsTable, key)) }
        )
      })
      const hasLive = Effect.fn("GoogleEvents.hasLive")(function*(
        connection: ConnectionId,
        calendarId: string,
        window: EventsWindow
      ) {
        const { vars, where } = inWindow(window)
        const found = yield* surreal.query(
          Schema.Array(Schema.Boolean),
          `SELECT VALUE true FROM ${eventsTable}:[$connection, $calendarId]..[$connection, $calendarId, ..] ` +
            `WHERE deleted_at = NONE AND (${where}) LIMIT 1`,
          { ...vars, connection, calendarId }
        )
        return found.length > 0
      })
      return GoogleEvents.of({ timed, allDay, times, live, hasLive })
    })
  )
}

/**
 * The engine's indexes order datetimes by their text, in which `10:00:00.5Z` comes before `10:00:00Z`. So a range is asked
 * for with a second to spare at both ends, and what does not belong to it is left out afterwards.
 */
const withASecondToSpare = ({ from, to }: Range): Range => ({
  from: DateTime.subtract(DateTime.startOf(from, "second"), { seconds: 1 }),
  to: DateTime.add(DateTime.startOf(to, "second"), { seconds: 2 })
})

const millisOf = (time: EventTime): number => time._tag === "Moment" ? time.at.epochMilliseconds : Number.NaN

/** An event without a length touches the range that it is in, and one that ends with its beginning does not. */
const touches = (start: number, end: number, { from, to }: Range): boolean =>
  start < to.epochMilliseconds && (start >= from.epochMilliseconds || end > from.epochMilliseconds)

const dateOf = (time: EventTime): string => time._tag === "Day" ? time.date : ""

const byDay = (one: StoredEvent, other: StoredEvent): number =>
  dateOf(one.event.start) < dateOf(other.event.start) ? -1 : dateOf(one.event.start) > dateOf(other.event.start) ? 1 : 0

const byStart = (one: StoredEvent, other: StoredEvent): number =>
  millisOf(one.event.start) - millisOf(other.event.start)
