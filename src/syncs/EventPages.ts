/** What a page of events means for the store, and which page comes next. */
import { type DateTime, Option } from "effect"
import { CalendarEventFromGoogle, CancelledFromGoogle } from "../domain/CalendarEvent.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import type { EventsPage } from "../services/Google.ts"
import { type EventsWindow, inWindow } from "../store/EventsWindow.ts"
import { eventKey, eventRow, eventsTable } from "../store/GoogleEvents.ts"
import { googleCursor, type GoogleListing, type GoogleState } from "../store/SyncStates.ts"
import { type Key, type Page, Write } from "../store/Write.ts"
import { type EventsPlace, type EventsWalk, listingUnderWay, markOf, placeAfter } from "./EventsPlace.ts"
import { idOf, readRecords } from "./ReadRecords.ts"

/** A calendar of a connection. */
export interface Calendar {
  readonly connection: ConnectionId
  readonly calendarId: string
}

/** A page for the store, where the calendar stands once it is committed, and the place of the next page. */
export interface EventsStep {
  readonly page: Page
  readonly state: GoogleState
  readonly next: Option.Option<EventsPlace>
  /** What a full listing asked for that came to its end without a single event, so it removes nothing. */
  readonly cameToNothing: Option.Option<EventsWindow>
}

export const readEventsPage = (
  calendar: Calendar,
  { known, place }: Pick<EventsWalk, "known" | "place">,
  answer: EventsPage,
  now: DateTime.Utc
): EventsStep => {
  const { calendarId, connection } = calendar
  const cancelled = readRecords(CancelledFromGoogle, answer.items).records
  const gone = new Set(cancelled.map(({ raw }) => raw))
  const { records, unreadable } = readRecords(
    CalendarEventFromGoogle,
    answer.items.filter((item) => typeof item !== "object" || item === null || !gone.has(item))
  )
  const told = { listed: records.length, unreadable: unreadable.flatMap(({ raw }) => idOf(raw)) }
  const reached = placeAfter(place, told, answer.nextPageToken)
  const state = stateAfter(reached, answer, known, now)
  const listing = Option.filter(listingUnderWay(reached), () => Option.isNone(answer.nextPageToken))
  const window = ({ from }: GoogleListing): EventsWindow => ({
    from,
    zone: answer.timeZone,
    except: reached.unreadable
  })
  return {
    page: {
      stream: eventsTable,
      read: answer.items.length,
      writes: [
        ...tombstones(
          calendar,
          cancelled.map(({ record }) => record),
          [...records.map(({ record }) => record.id), ...reached.unreadable],
          markOf(reached)
        ),
        ...(records.length === 0 ? [] : [
          Write.Upsert({
            table: eventsTable,
            rows: records.map(({ raw, record }) => eventRow(connection, calendarId, record, raw)),
            listing: Option.some(markOf(reached))
          })
        ]),
        ...(unreadable.length === 0
          ? []
          : [Write.Quarantine({ stream: eventsTable, connection, records: unreadable })]),
        ...Option.match(listing, {
          onNone: () => [],
          onSome: (listing) =>
            listing.listed === 0 ? [] : [Write.Sweep({
              table: eventsTable,
              prefix: [connection, calendarId],
              listing: markOf(reached),
              ...inWindow(window(listing))
            })]
        })
      ],
      cursor: Option.some(googleCursor(connection, calendarId, state)),
      fraction: Option.none()
    },
    state,
    next: Option.as(answer.nextPageToken, reached),
    cameToNothing: Option.map(Option.filter(listing, ({ listed }) => listed === 0), window)
  }
}

/** The same without a token to ask for changes with: what the listing has hidden is told by none, only by another. */
export const listedAgain = ({ calendarId, connection }: Calendar, step: EventsStep): EventsStep => {
  const state = { ...step.state, syncToken: Option.none() }
  return { ...step, state, page: { ...step.page, cursor: Option.some(googleCursor(connection, calendarId, state)) } }
}

const stateAfter = (
  reached: EventsPlace,
  answer: EventsPage,
  { coveredFrom, lastSync }: EventsWalk["known"],
  now: DateTime.Utc
): GoogleState => {
  const syncToken = reached._tag === "Changes" ? Option.some(reached.syncToken) : Option.none()
  const listing = listingUnderWay(reached)
  const listings = reached._tag === "Changes" ? reached.number : reached.listing.number
  return Option.isSome(reached.pageToken)
    ? {
      syncToken,
      lastSync,
      coveredFrom,
      listings,
      pageToken: reached.pageToken,
      listing,
      unreadable: reached.unreadable
    }
    : {
      syncToken: Option.orElse(answer.nextSyncToken, () => syncToken),
      lastSync: Option.some(now),
      coveredFrom: Option.orElse(Option.map(listing, ({ from }) => from), () => coveredFrom),
      listings,
      pageToken: Option.none(),
      listing: Option.none(),
      unreadable: []
    }
}

/**
 * What is cancelled is gone. A cancelled id without a series may itself be a series: its instances go too, except those
 * that the same listing tells to be alive, on this page or an earlier one, without waiting for tombstones of their own.
 */
const tombstones = (
  { calendarId, connection }: Calendar,
  cancelled: ReadonlyArray<typeof CancelledFromGoogle.Type>,
  told: ReadonlyArray<string>,
  mark: string
): ReadonlyArray<Write> => {
  if (cancelled.length === 0) return []
  const keyOf = (id: string): Key => eventKey(connection, calendarId, id)
  const series = cancelled.flatMap(({ id, recurringEventId }) => Option.isSome(recurringEventId) ? [] : [id])
  return [
    Write.Tombstone({ table: eventsTable, keys: cancelled.map(({ id }) => keyOf(id)) }),
    ...(series.length === 0 ? [] : [
      Write.Retain({
        table: eventsTable,
        prefix: [connection, calendarId],
        where: "recurring_event_id IN $series AND _listing != $mark",
        vars: { series, mark },
        keep: [...series, ...told].map(keyOf)
      })
    ])
  ]
}
