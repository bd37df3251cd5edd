/** What a page of events means for the store, and which page comes next. */
import { Data, DateTime, Option } from "effect"
import { type CalendarEvent, CalendarEventFromGoogle, CancelledFromGoogle } from "../domain/CalendarEvent.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import { dayOf } from "../domain/LocalDay.ts"
import type { EventsListing, EventsPage } from "../services/Google.ts"
import { eventKey, eventRow, eventsTable } from "../store/GoogleEvents.ts"
import { googleCursor, type GoogleListing, type GoogleState, listingMark } from "../store/SyncStates.ts"
import { type Key, type Page, Write } from "../store/Write.ts"
import { idOf, readRecords } from "./ReadRecords.ts"

/** Where in which listing a calendar's sync is. */
export type EventsPlace = Data.TaggedEnum<{
  readonly Full: { readonly listing: GoogleListing; readonly pageToken: Option.Option<string> }
  readonly Changes: { readonly syncToken: string; readonly pageToken: Option.Option<string> }
}>
export const EventsPlace = Data.taggedEnum<EventsPlace>()

/** A calendar of a connection. */
export interface Calendar {
  readonly connection: ConnectionId
  readonly calendarId: string
}

/** The window of a full listing, and how many there were before. */
interface FreshOptions {
  readonly now: DateTime.Utc
  readonly daysBack: number
  readonly listings: number
}

/** A full listing from its beginning. */
const freshListing = ({ daysBack, listings, now }: FreshOptions): EventsPlace =>
  EventsPlace.Full({
    listing: { number: listings + 1, from: DateTime.subtract(now, { days: daysBack }), listed: 0, unreadable: [] },
    pageToken: Option.none()
  })

/** Room for clocks that were set back: nobody asks for less than a day more. */
const slackMillis = 86_400_000

const reaches = (from: DateTime.Utc, wanted: DateTime.Utc): boolean =>
  from.epochMilliseconds <= wanted.epochMilliseconds + slackMillis

/**
 * Where a sync begins: in the listing under way, with the changes since the last one, or, when there is none, when the
 * token is to be ignored or when the window asked for begins before all that was ever listed, with a full listing.
 */
export const firstPlace = (
  state: Option.Option<GoogleState>,
  options: { readonly now: DateTime.Utc; readonly daysBack: number; readonly ignoreSyncToken: boolean }
): EventsPlace => {
  const listings = Option.match(state, { onNone: () => 0, onSome: ({ listings }) => listings })
  const fresh = freshListing({ ...options, listings })
  const wanted = DateTime.subtract(options.now, { days: options.daysBack })
  if (options.ignoreSyncToken || Option.isNone(state)) return fresh
  const { coveredFrom, listing, pageToken, syncToken } = state.value
  if (Option.isSome(listing)) {
    return reaches(listing.value.from, wanted) ? EventsPlace.Full({ listing: listing.value, pageToken }) : fresh
  }
  return Option.isSome(syncToken) && Option.exists(coveredFrom, (from) => reaches(from, wanted))
    ? EventsPlace.Changes({ syncToken: syncToken.value, pageToken })
    : fresh
}

/** Where to begin again after the provider refused this place; none when it is refused at its beginning. */
export const placeAfterRefusal = (
  place: EventsPlace,
  refusal: "CursorExpired" | "BadRequest",
  options: FreshOptions
): Option.Option<EventsPlace> =>
  EventsPlace.$match(place, {
    Full: ({ listing, pageToken }): Option.Option<EventsPlace> =>
      Option.map(pageToken, () => freshListing({ ...options, listings: listing.number })),
    Changes: ({ pageToken, syncToken }): Option.Option<EventsPlace> =>
      Option.some(
        refusal === "BadRequest" && Option.isSome(pageToken)
          ? EventsPlace.Changes({ syncToken, pageToken: Option.none() })
          : freshListing(options)
      )
  })

export const listingOf: (place: EventsPlace) => EventsListing = EventsPlace.$match({
  Full: ({ listing }): EventsListing => ({ _tag: "Full", timeMin: listing.from }),
  Changes: ({ syncToken }): EventsListing => ({ _tag: "Incremental", syncToken })
})

/** A page for the store, where the calendar stands once it is committed, and the place of the next page. */
export interface EventsStep {
  readonly page: Page
  readonly state: GoogleState
  readonly next: Option.Option<EventsPlace>
  /** A full listing came to its end without a single event, so it removes nothing. */
  readonly cameToNothing: boolean
}

export const readEventsPage = (
  calendar: Calendar,
  place: EventsPlace,
  answer: EventsPage,
  before: Option.Option<GoogleState>,
  now: DateTime.Utc
): EventsStep => {
  const { calendarId, connection } = calendar
  const cancelled = readRecords(CancelledFromGoogle, answer.items).records
  const gone = new Set(cancelled.map(({ raw }) => raw))
  const { records, unreadable } = readRecords(
    CalendarEventFromGoogle,
    answer.items.filter((item) => typeof item !== "object" || item === null || !gone.has(item))
  )
  const listing = place._tag === "Full"
    ? Option.some({
      ...place.listing,
      listed: place.listing.listed + records.length,
      unreadable: [...new Set([...place.listing.unreadable, ...unreadable.flatMap(({ raw }) => idOf(raw))])]
    })
    : Option.none()
  const isLast = Option.isNone(answer.nextPageToken)
  const cameToNothing = isLast && Option.exists(listing, ({ listed }) => listed === 0)
  const state = stateAfter(place, listing, answer, before, now)
  const sweep = Option.filter(listing, () => isLast && !cameToNothing)
  return {
    page: {
      stream: eventsTable,
      read: answer.items.length,
      writes: [
        ...tombstones(calendar, cancelled.map(({ record }) => record), records.map(({ record }) => record)),
        ...(records.length === 0 ? [] : [
          Write.Upsert({
            table: eventsTable,
            rows: records.map(({ raw, record }) => eventRow(connection, calendarId, record, raw)),
            listing: Option.map(listing, listingMark)
          })
        ]),
        ...(unreadable.length === 0
          ? []
          : [Write.Quarantine({ stream: eventsTable, connection, records: unreadable })]),
        ...Option.match(sweep, { onNone: () => [], onSome: (listing) => [sweepOf(calendar, listing, answer.timeZone)] })
      ],
      cursor: Option.some(googleCursor(connection, calendarId, state)),
      fraction: Option.none()
    },
    state,
    next: Option.map(answer.nextPageToken, (pageToken) =>
      Option.match(listing, {
        onNone: () => ({ ...place, pageToken: Option.some(pageToken) }),
        onSome: (listing) => EventsPlace.Full({ listing, pageToken: Option.some(pageToken) })
      })),
    cameToNothing
  }
}

const stateAfter = (
  place: EventsPlace,
  listing: Option.Option<GoogleListing>,
  answer: EventsPage,
  before: Option.Option<GoogleState>,
  now: DateTime.Utc
): GoogleState => {
  const known = place._tag === "Changes" ? Option.some(place.syncToken) : Option.none()
  const coveredFrom = Option.flatMap(before, ({ coveredFrom }) => coveredFrom)
  const listings = Option.match(listing, {
    onNone: () => Option.match(before, { onNone: () => 0, onSome: ({ listings }) => listings }),
    onSome: ({ number }) => number
  })
  return Option.match(answer.nextPageToken, {
    onSome: (pageToken) => ({
      syncToken: known,
      lastSync: Option.flatMap(before, ({ lastSync }) => lastSync),
      coveredFrom,
      listings,
      pageToken: Option.some(pageToken),
      listing
    }),
    onNone: () => ({
      syncToken: Option.orElse(answer.nextSyncToken, () => known),
      lastSync: Option.some(now),
      coveredFrom: Option.orElse(Option.map(listing, ({ from }) => from), () => coveredFrom),
      listings,
      pageToken: Option.none(),
      listing: Option.none()
    })
  })
}

/**
 * What is cancelled is gone. A cancelled id without a series may itself be a series: its instances go too, except those
 * that the same page tells to be alive, without waiting for tombstones of their own.
 */
const tombstones = (
  { calendarId, connection }: Calendar,
  cancelled: ReadonlyArray<typeof CancelledFromGoogle.Type>,
  live: ReadonlyArray<CalendarEvent>
): ReadonlyArray<Write> => {
  if (cancelled.length === 0) return []
  const keyOf = (id: string): Key => eventKey(connection, calendarId, id)
  const series = cancelled.flatMap(({ id, recurringEventId }) => Option.isSome(recurringEventId) ? [] : [id])
  const kept = live.flatMap(({ id, seriesId }) => Option.exists(seriesId, (of) => series.includes(of)) ? [id] : [])
  return [
    Write.Tombstone({ table: eventsTable, keys: cancelled.map(({ id }) => keyOf(id)) }),
    ...(series.length === 0 ? [] : [
      Write.Retain({
        table: eventsTable,
        prefix: [connection, calendarId],
        where: "recurring_event_id IN $series",
        vars: { series },
        keep: [...series, ...kept].map(keyOf)
      })
    ])
  ]
}

/** East of every zone: a day that has ended there has ended everywhere. */
const farEast = DateTime.zoneMakeOffset(14 * 3_600_000)

/** What the listing would have listed had it lived: Google compares an event's end, for a day its midnight. */
const sweepOf = ({ calendarId, connection }: Calendar, listing: GoogleListing, zone: Option.Option<string>): Write => {
  const calendarZone = Option.getOrElse(Option.flatMap(zone, DateTime.zoneMakeNamed), () => farEast)
  return Write.Sweep({
    table: eventsTable,
    prefix: [connection, calendarId],
    listing: listingMark(listing),
    where: "google_id NOT IN $unreadable AND ((all_day = true AND (end_date ?? start_date) > $window_day) OR " +
      "(all_day = false AND (end ?? start) > $window_start))",
    vars: {
      unreadable: listing.unreadable,
      window_start: listing.from,
      window_day: dayOf(listing.from, calendarZone)
    }
  })
}
