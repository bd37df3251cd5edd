import { DateTime, Effect, Option, Stream } from "effect"
import type { ProviderError } from "../domain/ProviderError.ts"
import { Google } from "../services/Google.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { eventsTable, GoogleEvents } from "../store/GoogleEvents.ts"
import { type GoogleState, SyncStates } from "../store/SyncStates.ts"
import type { Page } from "../store/Write.ts"
import { type Calendar, listedAgain, readEventsPage } from "./EventPages.ts"
import { type EventsPlace, firstPlace, listingOf, placeAfterRefusal } from "./EventsPlace.ts"
import type { Sync } from "./Sync.ts"

export interface GoogleCalendarOptions {
  /** Ids, or `primary`: the account's own calendar under another name. */
  readonly calendarIds: ReadonlyArray<string>
  /** How far back a full listing reaches. */
  readonly daysBack: number
  /** List everything anew instead of asking for changes. */
  readonly ignoreSyncToken: boolean
}

/** Where a walk through a calendar's pages is, and how often it had to begin again. */
interface Walk {
  readonly place: EventsPlace
  readonly state: Option.Option<GoogleState>
  readonly restarts: number
}

/** A dead page token, then a dead sync token, then a dead page token of the full listing; more is no accident. */
const mostRestarts = 3

/** The events of the calendars: changes since the last listing where there was one, else everything of the window. */
export const googleCalendarSync = Effect.fnUntraced(function*(options: GoogleCalendarOptions) {
  const google = yield* Google
  const states = yield* SyncStates
  const events = yield* GoogleEvents

  const restart = Effect.fnUntraced(function*(calendar: Calendar, walk: Walk, error: ProviderError) {
    const { _tag } = error.reason
    if ((_tag !== "CursorExpired" && _tag !== "BadRequest") || walk.restarts === mostRestarts) return yield* error
    const now = yield* DateTime.now
    const listings = Option.match(walk.state, { onNone: () => 0, onSome: ({ listings }) => listings })
    const place = placeAfterRefusal(walk.place, _tag, { now, daysBack: options.daysBack, listings })
    if (Option.isNone(place)) return yield* error
    yield* Effect.logWarning("Google refused to go on from where the sync stood: it begins again").pipe(
      Effect.annotateLogs({ calendar: calendar.calendarId, reason: error.reason.message, with: place.value._tag })
    )
    return [[], Option.some({ ...walk, place: place.value, restarts: walk.restarts + 1 })] as const
  })

  const step = (calendar: Calendar) => (walk: Walk) =>
    google.events(calendar.connection, {
      calendarId: calendar.calendarId,
      pageToken: walk.place.pageToken,
      listing: listingOf(walk.place)
    }).pipe(Effect.matchEffect({
      onFailure: (error) => restart(calendar, walk, error),
      onSuccess: Effect.fnUntraced(function*(answer) {
        const now = yield* DateTime.now
        const read = readEventsPage(calendar, walk.place, answer, walk.state, now)
        const isDoubtful = Option.isSome(read.cameToNothing) &&
          (yield* events.hasLive(calendar.connection, calendar.calendarId, read.cameToNothing.value))
        if (isDoubtful) {
          yield* Effect.logWarning("Google listed no event at all: nothing is removed").pipe(
            Effect.annotateLogs({ calendar: calendar.calendarId })
          )
        }
        const { next, page, state } = isDoubtful ? listedAgain(calendar, read) : read
        return [[page], Option.map(next, (place): Walk => ({ ...walk, place, state: Option.some(state) }))] as const
      })
    }))

  const pages = (calendar: Calendar): Stream.Stream<Page, ProviderError | SurrealError> =>
    Stream.unwrap(Effect.gen(function*() {
      const state = yield* states.google(calendar.connection, calendar.calendarId)
      const now = yield* DateTime.now
      return Stream.paginate<Walk, Page, ProviderError | SurrealError>(
        { place: firstPlace(state, { ...options, now }), state, restarts: 0 },
        step(calendar)
      )
    }))

  const sync: Sync = {
    provider: "google",
    span: "sync_google_calendar",
    streams: (connection) => {
      const ids = options.calendarIds.map((id) => id === "primary" ? connection.userId : id)
      const calendarIds = [...new Set(ids)]
      return Effect.succeed(calendarIds.map((calendarId) => ({
        name: eventsTable,
        ...(calendarIds.length > 1 ? { part: calendarId } : {}),
        pages: pages({ connection: connection.id, calendarId })
      })))
    }
  }
  return sync
})
