import { Effect, Option, Schema, SchemaGetter, SchemaIssue } from "effect"
import { LocalDay } from "./LocalDay.ts"
import { InstantText } from "./OffsetTime.ts"

/** When an event begins or ends: a day, which is no instant in any zone, or an instant with the zone it was planned in. */
export const EventTime = Schema.TaggedUnion({
  Day: { date: LocalDay },
  Moment: { at: Schema.DateTimeUtc, zone: Schema.Option(Schema.String) }
})
export type EventTime = typeof EventTime.Type

/** A live event: a single one, or one instance of a series. */
export class CalendarEvent extends Schema.Class<CalendarEvent>("glider/CalendarEvent")({
  id: Schema.NonEmptyString,
  status: Schema.String,
  start: EventTime,
  /** Exclusive. */
  end: Schema.Option(EventTime),
  /** The series this is an instance of. */
  seriesId: Schema.Option(Schema.String),
  /** The slot of the series this instance fills, also when it was moved. */
  originalStart: Schema.Option(EventTime),
  summary: Schema.Option(Schema.String),
  description: Schema.Option(Schema.String),
  location: Schema.Option(Schema.String),
  colorId: Schema.Option(Schema.String),
  htmlLink: Schema.Option(Schema.String),
  eventType: Schema.Option(Schema.String),
  transparency: Schema.Option(Schema.String),
  created: Schema.Option(Schema.DateTimeUtc),
  updated: Schema.Option(Schema.DateTimeUtc)
}) {
  get isAllDay(): boolean {
    return this.start._tag === "Day"
  }
}

const maybe = <S extends Schema.Constraint>(schema: S) => Schema.OptionFromOptionalNullOr(schema)

/** A deletion is only guaranteed an id: of an event, of an instance (with `recurringEventId`), or of a whole series. */
export const CancelledFromGoogle = Schema.Struct({
  id: Schema.NonEmptyString,
  status: Schema.Literal("cancelled"),
  recurringEventId: maybe(Schema.String)
})

const SentTime = Schema.Struct({
  date: maybe(LocalDay),
  dateTime: maybe(InstantText),
  timeZone: maybe(Schema.String)
})

const toEventTime = ({ date, dateTime, timeZone }: typeof SentTime.Type): Option.Option<EventTime> =>
  Option.match(dateTime, {
    onNone: () => Option.map(date, (date): EventTime => EventTime.cases.Day.make({ date })),
    onSome: (at) => Option.some(EventTime.cases.Moment.make({ at, zone: timeZone }))
  })

const GoogleTime = SentTime.pipe(
  Schema.decodeTo(Schema.toType(EventTime), {
    decode: SchemaGetter.transformEffect((time, options) =>
      Option.match(toEventTime(time), {
        onNone: () => Effect.fail(new SchemaIssue.InvalidValue({ expected: "a date or a dateTime" }, time, options)),
        onSome: Effect.succeed
      })
    ),
    encode: SchemaGetter.forbidden(() => "events are never sent back to Google")
  })
)

const GoogleEvent = Schema.Struct({
  id: Schema.NonEmptyString,
  status: maybe(Schema.String),
  start: GoogleTime,
  end: maybe(GoogleTime),
  recurringEventId: maybe(Schema.String),
  originalStartTime: maybe(GoogleTime),
  summary: maybe(Schema.String),
  description: maybe(Schema.String),
  location: maybe(Schema.String),
  colorId: maybe(Schema.String),
  htmlLink: maybe(Schema.String),
  eventType: maybe(Schema.String),
  transparency: maybe(Schema.String),
  created: maybe(InstantText),
  updated: maybe(InstantText)
})

/** Reads one event of a list that is not cancelled. */
export const CalendarEventFromGoogle = GoogleEvent.pipe(
  Schema.decodeTo(Schema.toType(CalendarEvent), {
    decode: SchemaGetter.transform(({ originalStartTime, recurringEventId, status, ...event }) =>
      new CalendarEvent({
        ...event,
        status: Option.getOrElse(status, () => "confirmed"),
        seriesId: recurringEventId,
        originalStart: originalStartTime
      })
    ),
    encode: SchemaGetter.forbidden(() => "events are never sent back to Google")
  })
)
