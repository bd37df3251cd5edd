/** The events of a stretch of the past. What they are is stored; that others are not there is not concluded from it. */
import { Effect, Option, Schema } from "effect"
import { CalendarEventFromGoogle, CancelledFromGoogle } from "../domain/CalendarEvent.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import { EventsListing, type Google } from "../services/Google.ts"
import { eventKey, eventRow, eventsTable } from "../store/GoogleEvents.ts"
import { type Page, Write } from "../store/Write.ts"
import type { Calendar } from "./EventPages.ts"
import { mostRestarts } from "./EventsPlace.ts"
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

/** The page to come, and how often the listing had to begin again. */
const RangeWalk = Schema.Struct({
  pageToken: Schema.OptionFromNullOr(Schema.String),
  restarts: Schema.Natural
})
type RangeWalk = typeof RangeWalk.Type

const restart = Effect.fnUntraced(function*({ calendarId }: Calendar, walk: RangeWalk, error: ProviderError) {
  const { _tag, message } = error.reason
  const isDead = _tag === "CursorExpired" || (_tag === "BadRequest" && Option.isSome(walk.pageToken))
  if (!isDead || walk.restarts === mostRestarts) return yield* error
  yield* Effect.logWarning("Google refused to go on with a stretch of the past: it begins again").pipe(
    Effect.annotateLogs({ calendar: calendarId, reason: message })
  )
  return { page: Option.none(), next: Option.some({ pageToken: Option.none(), restarts: walk.restarts + 1 }) }
})

export const rangeStream = (
  google: Google["Service"],
  calendar: Calendar,
  { from, to }: SyncRange,
  names: { readonly part?: string; readonly turn: string }
) =>
  stream({
    name: eventsTable,
    ...names,
    position: RangeWalk,
    begin: Effect.succeed({ pageToken: Option.none(), restarts: 0 }),
    next: (walk) =>
      google.events(calendar.connection, {
        calendarId: calendar.calendarId,
        pageToken: walk.pageToken,
        listing: EventsListing.Range({ timeMin: from, timeMax: to })
      }).pipe(
        Effect.matchEffect({
          onFailure: (error) => restart(calendar, walk, error),
          onSuccess: ({ items, nextPageToken }) =>
            Effect.succeed({
              page: Option.some(pageOf(calendar, items)),
              next: Option.map(nextPageToken, (token) => ({ ...walk, pageToken: Option.some(token) }))
            })
        })
      )
  })
