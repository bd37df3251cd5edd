import { type DateTime, Effect, Option, Schema, SchemaGetter, SchemaIssue } from "effect"
import { CalendarEvent, EventTime } from "../domain/CalendarEvent.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { OptionalInstant } from "../services/SurrealValue.ts"
import { isImportedCalendar } from "./ImportedCalendars.ts"

const text = Schema.OptionFromOptionalNullOr(Schema.String)
const day = Schema.OptionFromOptionalNullOr(LocalDay)

/** When an event takes place. */
const times = {
  start: OptionalInstant,
  start_zone: text,
  start_date: day,
  end: OptionalInstant,
  end_zone: text,
  end_date: day
}

const EventRow = Schema.Struct({
  google_id: Schema.NonEmptyString,
  calendar_id: Schema.String,
  recurring_event_id: text,
  color_id: text,
  summary: text,
  ...times,
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
  transparency: text,
  connection: Schema.String,
  /** As Google sent it, while that is kept. */
  ical_uid: text
})

/** What an event is called in all calendars: by the id of its series, and by what Google sent; Google's own are called after their ids there. */
export const uidOf = (connection: string, id: string, sent: Option.Option<string>): string =>
  isImportedCalendar(connection) ? id : Option.getOrElse(sent, () => `${id}@google.com`)

const storedTime = (
  at: Option.Option<DateTime.Utc>,
  zone: Option.Option<string>,
  date: Option.Option<LocalDay>
): Option.Option<EventTime> =>
  Option.match(at, {
    onNone: () => Option.map(date, (date): EventTime => EventTime.cases.Day.make({ date })),
    onSome: (at) => Option.some(EventTime.cases.Moment.make({ at, zone }))
  })

/** A row of the events as a calendar and its event. */
export const EventFromRow = EventRow.pipe(
  Schema.decodeTo(
    Schema.Struct({
      calendarId: Schema.String,
      uid: Schema.String,
      isImported: Schema.Boolean,
      event: Schema.toType(CalendarEvent)
    }),
    {
      decode: SchemaGetter.transformEffect((row, options) =>
        Option.match(storedTime(row.start, row.start_zone, row.start_date), {
          onNone: () => Effect.fail(new SchemaIssue.InvalidValue({ expected: "an event with a start" }, row, options)),
          onSome: (start) =>
            Effect.succeed({
              calendarId: row.calendar_id,
              uid: uidOf(row.connection, Option.getOrElse(row.recurring_event_id, () => row.google_id), row.ical_uid),
              isImported: isImportedCalendar(row.connection),
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
    }
  )
)
