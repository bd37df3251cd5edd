/** The events of a stretch of the past. What they are is stored; that others are not there is not concluded from it. */
import { Effect, Option, Schema } from "effect"
import { CalendarEventFromGoogle, CancelledFromGoogle } from "../domain/CalendarEvent.ts"
import { EventsListing, type Google } from "../services/Google.ts"
import { eventKey, eventRow, eventsTable } from "../store/GoogleEvents.ts"
import { type Page, Write } from "../store/Write.ts"
import type { Calendar } from "./EventPages.ts"
import { readRecords } from "./ReadRecords.ts"
import { stream } from "./Sync.ts"
import type { SyncRange } from "./SyncRange.ts"

const pageOf = ({ calendarId, connection }: Calendar, items: ReadonlyArray<unknown>): Page => {
  const cancelled = readRecords(CancelledFromGoogle, items).records
  const gone = new Set(cancelled.map(({ raw }) => raw))
  const { records, unreadable } = readRecords(
    CalendarEventFromGoogle,
    items.filter((item) => typeof item !== "object" || item === null || !gone.has(item))
  )
  return {
    stream: eventsTable,
    read: items.length,
    writes: [
      ...(cancelled.length === 0 ? [] : [
        Write.Tombstone({
          table: eventsTable,
          keys: cancelled.map(({ record }) => eventKey(connection, calendarId, record.id))
        })
      ]),
      ...(records.length === 0 ? [] : [
        Write.Upsert({
          table: eventsTable,
          rows: records.map(({ raw, record }) => eventRow(connection, calendarId, record, raw)),
          listing: Option.none()
        })
      ]),
      ...(unreadable.length === 0 ? [] : [Write.Quarantine({ stream: eventsTable, connection, records: unreadable })])
    ],
    cursor: Option.none(),
    fraction: Option.none()
  }
}

export const rangeStream = (
  google: Google["Service"],
  calendar: Calendar,
  { from, to }: SyncRange,
  names: { readonly part?: string }
) =>
  stream({
    name: eventsTable,
    ...names,
    position: Schema.OptionFromNullOr(Schema.String),
    begin: Effect.succeedNone,
    next: (pageToken: Option.Option<string>) =>
      google.events(calendar.connection, {
        calendarId: calendar.calendarId,
        pageToken,
        listing: EventsListing.Range({ timeMin: from, timeMax: to })
      }).pipe(
        Effect.map(({ items, nextPageToken }) => ({
          page: Option.some(pageOf(calendar, items)),
          next: Option.map(nextPageToken, Option.some)
        }))
      )
  })
