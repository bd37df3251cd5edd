/** Where events took place, and with whom: what Google sent of attendees is no column. */
import { Context, DateTime, Effect, Layer, Option, Schema, Stream } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { uidOf } from "./EventFromRow.ts"
import { eventsTable } from "./GoogleEvents.ts"

/** Somebody who was to be there. */
export interface Attendee {
  readonly email: string
  readonly name: string | undefined
  /** The owner of the calendar. */
  readonly isSelf: boolean
  /** A room, say. */
  readonly isResource: boolean
  readonly hasDeclined: boolean
}

/** An event that was. */
export interface Gathering {
  /** What it is called in all calendars. */
  readonly uid: string
  /** Epoch milliseconds; of whole days their midnights in UTC. */
  readonly start: number
  readonly end: number
  readonly location: string | undefined
  readonly attendees: ReadonlyArray<Attendee>
}

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

const Row = Schema.Struct({
  id: Schema.String,
  sent: optional(Schema.String),
  start: Schema.Finite,
  end: Schema.Finite,
  location: optional(Schema.String),
  attendees: Schema.optional(Schema.Unknown)
})

/** As Google has it; an address is what somebody is known by. */
const Sent = Schema.Struct({
  email: Schema.NonEmptyString,
  displayName: optional(Schema.String),
  self: optional(Schema.Boolean),
  resource: optional(Schema.Boolean),
  responseStatus: optional(Schema.String)
})

const decodeSent = Schema.decodeUnknownOption(Sent)

const attendeesOf = (sent: unknown): ReadonlyArray<Attendee> =>
  (Array.isArray(sent) ? sent : []).flatMap((one: unknown) =>
    Option.toArray(Option.map(decodeSent(one), ({ displayName, email, resource, responseStatus, self }) => ({
      email: email.toLowerCase(),
      name: displayName ?? undefined,
      isSelf: self === true,
      isResource: resource === true,
      hasDeclined: responseStatus === "declined"
    })))
  )

/** Ranges are bounded: a row has all that Google sent. */
const windowDays = 90

/** Events with a time of day, and events of whole days: each kind has an index by its beginning. */
const kinds = [
  {
    column: "start",
    start: "time::millis(start)",
    end: "time::millis(end ?? start)",
    bound: (at: DateTime.Utc): DateTime.Utc | string => at
  },
  {
    column: "start_date",
    start: "time::millis(<datetime> (start_date + 'T00:00:00Z'))",
    end: "time::millis(<datetime> ((end_date ?? start_date) + 'T00:00:00Z'))",
    bound: (at: DateTime.Utc): DateTime.Utc | string => DateTime.formatIsoDateUtc(at)
  }
]

/** Before this nobody has a calendar. */
const beginning = DateTime.makeUnsafe("0001-01-01T00:00:00Z")

export class EventCompany extends Context.Service<EventCompany, {
  /** The live events that began before then, in parts; without those that were called off, or that the owner has declined. */
  readonly before: (
    connection: ConnectionId,
    at: DateTime.Utc
  ) => Stream.Stream<ReadonlyArray<Gathering>, SurrealError>
}>()("glider/store/EventCompany") {
  static readonly layer: Layer.Layer<EventCompany, never, Surreal> = Layer.effect(
    EventCompany,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      /** Of all connections: the engine would apply the limit before it looks at the connection. */
      const first = ({ bound, column, start }: typeof kinds[number], from = beginning) =>
        Effect.map(
          surreal.query(
            Schema.Array(Schema.Finite),
            `SELECT VALUE ${start} FROM ${eventsTable} WITH INDEX ${eventsTable}_by_${column} ` +
              `WHERE ${column} >= $from LIMIT 1`,
            { from: bound(from) }
          ),
          ([at]) => Option.map(Option.fromUndefinedOr(at), (millis) => DateTime.makeUnsafe(millis))
        )

      const within =
        ({ bound, column, end, start }: typeof kinds[number], connection: ConnectionId) =>
        (from: DateTime.Utc, to: DateTime.Utc) =>
          Effect.map(
            surreal.query(
              Schema.Array(Row),
              `SELECT VALUE { id: recurring_event_id ?? google_id, sent: _raw.iCalUID, start: ${start}, end: ${end}, location: location, ` +
                `attendees: _raw.attendees } FROM ${eventsTable} WITH INDEX ${eventsTable}_by_${column} ` +
                `WHERE ${column} >= $from AND ${column} < $to AND connection = $connection ` +
                "AND deleted_at = NONE AND status != 'cancelled'",
              { connection, from: bound(from), to: bound(to) }
            ),
            (rows) =>
              rows.map(({ attendees, id, location, sent, ...times }): Gathering => ({
                ...times,
                uid: uidOf(connection, id, Option.fromNullishOr(sent)),
                location: location ?? undefined,
                attendees: attendeesOf(attendees)
              })).filter(({ attendees }) => !attendees.some(({ hasDeclined, isSelf }) => isSelf && hasDeclined))
          )

      const before = (connection: ConnectionId, at: DateTime.Utc) =>
        Stream.fromIterable(kinds).pipe(
          Stream.flatMap((kind) =>
            Stream.unwrap(Effect.map(first(kind), (from) =>
              Stream.paginate(
                from,
                Effect.fnUntraced(function*(from) {
                  if (Option.isNone(from) || !DateTime.isLessThan(from.value, at)) return [[], Option.none()] as const
                  const to = DateTime.min(DateTime.add(from.value, { days: windowDays }), at)
                  const found = yield* within(kind, connection)(from.value, to)
                  // a birthday of another century is no reason to look at each month since
                  const next = found.length === 0 ? yield* first(kind, to) : Option.some(to)
                  return [[found], Option.some(next)] as const
                })
              )))
          ),
          Stream.withSpan("EventCompany.before")
        )
      return EventCompany.of({ before })
    })
  )
}
