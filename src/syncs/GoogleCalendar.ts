import { DateTime, Effect, Option } from "effect"
import type { ProviderError } from "../domain/ProviderError.ts"
import { Google } from "../services/Google.ts"
import { eventsTable, GoogleEvents } from "../store/GoogleEvents.ts"
import { SyncStates } from "../store/SyncStates.ts"
import { type Calendar, listedAgain, readEventsPage } from "./EventPages.ts"
import { EventsWalk, firstPlace, knownOf, listingOf, mostRestarts, placeAfterRefusal } from "./EventsPlace.ts"
import { rangeStream } from "./EventsRange.ts"
import { stream, type Sync } from "./Sync.ts"
import type { SyncRange } from "./SyncRange.ts"

export interface GoogleCalendarOptions {
  /** Ids, or `primary`: the account's own calendar under another name. */
  readonly calendarIds: ReadonlyArray<string>
  /** How far back a full listing reaches. */
  readonly daysBack: number
  /** List everything anew instead of asking for changes. */
  readonly ignoreSyncToken: boolean
  /** Nothing but this, beside what was listed before. */
  readonly range?: SyncRange | undefined
}

/** The events of the calendars: changes since the last listing where there was one, else everything of the window. */
export const googleCalendarSync = Effect.fnUntraced(function*(options: GoogleCalendarOptions) {
  const google = yield* Google
  const states = yield* SyncStates
  const events = yield* GoogleEvents

  const restart = Effect.fnUntraced(function*(calendar: Calendar, walk: EventsWalk, error: ProviderError) {
    const { _tag } = error.reason
    if ((_tag !== "CursorExpired" && _tag !== "BadRequest") || walk.restarts === mostRestarts) return yield* error
    const now = yield* DateTime.now
    const { listings } = walk.known
    const place = placeAfterRefusal(walk.place, _tag, { now, daysBack: options.daysBack, listings })
    if (Option.isNone(place)) return yield* error
    yield* Effect.logWarning("Google refused to go on from where the sync stood: it begins again").pipe(
      Effect.annotateLogs({ calendar: calendar.calendarId, reason: error.reason.message, with: place.value._tag })
    )
    return { page: Option.none(), next: Option.some({ ...walk, place: place.value, restarts: walk.restarts + 1 }) }
  })

  const begin = Effect.fnUntraced(function*(calendar: Calendar) {
    const state = yield* states.google(calendar.connection, calendar.calendarId)
    const now = yield* DateTime.now
    return EventsWalk.make({ place: firstPlace(state, { ...options, now }), known: knownOf(state), restarts: 0 })
  })

  const step = (calendar: Calendar, walk: EventsWalk) =>
    google.events(calendar.connection, {
      calendarId: calendar.calendarId,
      pageToken: walk.place.pageToken,
      listing: listingOf(walk.place)
    }).pipe(Effect.matchEffect({
      onFailure: (error) => restart(calendar, walk, error),
      onSuccess: Effect.fnUntraced(function*(answer) {
        const now = yield* DateTime.now
        const read = readEventsPage(calendar, walk, answer, now)
        const isDoubtful = Option.isSome(read.cameToNothing) &&
          (yield* events.hasLive(calendar.connection, calendar.calendarId, read.cameToNothing.value))
        if (isDoubtful) {
          yield* Effect.logWarning("Google listed no event at all: nothing is removed").pipe(
            Effect.annotateLogs({ calendar: calendar.calendarId })
          )
        }
        const { next, page, state } = isDoubtful ? listedAgain(calendar, read) : read
        return {
          page: Option.some(page),
          next: Option.map(next, (place) => ({ ...walk, place, known: knownOf(Option.some(state)) }))
        }
      })
    }))

  const sync: Sync = {
    provider: "google",
    span: "sync_google_calendar",
    streams: (connection) => {
      const ids = options.calendarIds.map((id) => id === "primary" ? connection.userId : id)
      const calendarIds = [...new Set(ids)]
      return Effect.succeed(calendarIds.map((calendarId) => {
        const calendar = { connection: connection.id, calendarId }
        const names = { turn: calendarId, ...calendarIds.length > 1 ? { part: calendarId } : {} }
        if (options.range !== undefined) return rangeStream(google, calendar, options.range, names)
        return stream({
          name: eventsTable,
          ...names,
          position: EventsWalk,
          begin: begin(calendar),
          next: (walk) => step(calendar, walk)
        })
      }))
    }
  }
  return sync
})
