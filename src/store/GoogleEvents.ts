import { Context, DateTime, Effect, Layer, Option, Schema, SchemaGetter, SchemaIssue } from "effect"
import { CalendarEvent, EventTime } from "../domain/CalendarEvent.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { OptionalInstant } from "../services/SurrealValue.ts"
import { type EventsWindow, inWindow } from "./EventsWindow.ts"
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

interface Range {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}

/** An event as stored, with the calendar it stands in. */
export interface StoredEvent {
  readonly calendarId: string
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
    days: { readonly from: LocalDay; readonly to: LocalDay }
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, SurrealError>
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
      const timed = Effect.fn("GoogleEvents.timed")(
        function*(connection: ConnectionId, range: Range) {
          const from = range.from.epochMilliseconds
          const vars = { connection, exact: range.from, ...withASecondToSpare(range) }
          const begun = yield* surreal.query(
            Schema.Array(EventFromRow),
            `SELECT * FROM ${eventsTable} WITH INDEX ${eventsTable}_by_start ` +
              "WHERE start >= $from AND start < $to AND connection = $connection AND deleted_at = NONE",
            vars
          )
          const running = yield* surreal.query(
            Schema.Array(EventFromRow),
            `SELECT * FROM ${eventsTable} WITH INDEX ${eventsTable}_by_end ` +
              "WHERE end >= $from AND start < $exact AND connection = $connection AND deleted_at = NONE",
            vars
          )
          return [
            ...running.filter(({ event: { end } }) => Option.exists(end, (end) => millisOf(end) > from)),
            ...begun.filter(({ event: { start } }) =>
              millisOf(start) >= from && millisOf(start) < range.to.epochMilliseconds
            )
          ].toSorted(byStart)
        }
      )
      const allDay = Effect.fn("GoogleEvents.allDay")(
        function*(connection: ConnectionId, days: { readonly from: LocalDay; readonly to: LocalDay }) {
          return yield* surreal.query(
            Schema.Array(EventFromRow),
            `SELECT * FROM ${eventsTable} WITH INDEX ${eventsTable}_by_end_date ` +
              "WHERE end_date > $from AND start_date <= $to AND connection = $connection AND deleted_at = NONE " +
              "ORDER BY start_date",
            { connection, ...days }
          )
        }
      )
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
      return GoogleEvents.of({ timed, allDay, hasLive })
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

const byStart = (one: StoredEvent, other: StoredEvent): number =>
  millisOf(one.event.start) - millisOf(other.event.start)

const text = Schema.OptionFromOptionalNullOr(Schema.String)
const day = Schema.OptionFromOptionalNullOr(LocalDay)

const EventRow = Schema.Struct({
  google_id: Schema.NonEmptyString,
  calendar_id: Schema.String,
  recurring_event_id: text,
  color_id: text,
  summary: text,
  start: OptionalInstant,
  start_zone: text,
  start_date: day,
  end: OptionalInstant,
  end_zone: text,
  end_date: day,
  original_start: OptionalInstant,
  original_start_zone: text,
  original_start_date: day,
  status: Schema.String,
  html_link: text,
  location: text,
  description: text,
  created: OptionalInstant,
  updated: OptionalInstant,
  event_type: text,
  transparency: text
})

const storedTime = (
  at: Option.Option<DateTime.Utc>,
  zone: Option.Option<string>,
  date: Option.Option<LocalDay>
): Option.Option<EventTime> =>
  Option.match(at, {
    onNone: () => Option.map(date, (date): EventTime => EventTime.cases.Day.make({ date })),
    onSome: (at) => Option.some(EventTime.cases.Moment.make({ at, zone }))
  })

const EventFromRow = EventRow.pipe(
  Schema.decodeTo(Schema.Struct({ calendarId: Schema.String, event: Schema.toType(CalendarEvent) }), {
    decode: SchemaGetter.transformEffect((row, options) =>
      Option.match(storedTime(row.start, row.start_zone, row.start_date), {
        onNone: () => Effect.fail(new SchemaIssue.InvalidValue({ expected: "an event with a start" }, row, options)),
        onSome: (start) =>
          Effect.succeed({
            calendarId: row.calendar_id,
            event: new CalendarEvent({
              id: row.google_id,
              status: row.status,
              start,
              end: storedTime(row.end, row.end_zone, row.end_date),
              seriesId: row.recurring_event_id,
              originalStart: storedTime(row.original_start, row.original_start_zone, row.original_start_date),
              summary: row.summary,
              description: row.description,
              location: row.location,
              colorId: row.color_id,
              htmlLink: row.html_link,
              eventType: row.event_type,
              transparency: row.transparency,
              created: row.created,
              updated: row.updated
            })
          })
      })
    ),
    encode: SchemaGetter.forbidden(() => "rows are made with eventRow")
  })
)
