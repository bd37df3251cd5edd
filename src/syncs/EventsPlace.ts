/** Where a sync of a calendar's events is, and where it goes on. */
import { DateTime, Option, Schema } from "effect"
import type { EventsListing } from "../services/Google.ts"
import { type GoogleListing, type GoogleState, listingMark } from "../store/SyncStates.ts"

const Token = Schema.OptionFromNullOr(Schema.String)
const Instant = Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
const Ids = Schema.Array(Schema.String)

/** Where in which listing a calendar's sync is. */
export const EventsPlace = Schema.TaggedUnion({
  Full: {
    listing: Schema.Struct({
      number: Schema.Natural,
      from: Schema.DateTimeUtcFromString,
      listed: Schema.Natural
    }),
    pageToken: Token,
    unreadable: Ids
  },
  Changes: {
    syncToken: Schema.String,
    /** Counted with the full listings. */
    number: Schema.Natural,
    pageToken: Token,
    unreadable: Ids
  }
})
export type EventsPlace = typeof EventsPlace.Type

/** A dead page token, then a dead sync token, then a dead page token of the full listing; more is no accident. */
export const mostRestarts = 3

/** A walk through a calendar's pages: where it is, and all that it needs to go on from there. */
export const EventsWalk = Schema.Struct({
  place: EventsPlace,
  /** What the next page needs of the calendar's state. */
  known: Schema.Struct({ lastSync: Instant, coveredFrom: Instant, listings: Schema.Natural }),
  /** How often it had to begin again. */
  restarts: Schema.Natural
})
export type EventsWalk = typeof EventsWalk.Type

/** What a walk keeps of a calendar's state. */
export const knownOf = (state: Option.Option<GoogleState>): EventsWalk["known"] => ({
  lastSync: Option.flatMap(state, ({ lastSync }) => lastSync),
  coveredFrom: Option.flatMap(state, ({ coveredFrom }) => coveredFrom),
  listings: Option.match(state, { onNone: () => 0, onSome: ({ listings }) => listings })
})

/** The window of a full listing, and how many there were before. */
interface FreshOptions {
  readonly now: DateTime.Utc
  readonly daysBack: number
  readonly listings: number
}

/** A full listing from its beginning. */
const freshListing = ({ daysBack, listings, now }: FreshOptions): EventsPlace =>
  EventsPlace.cases.Full.make({
    listing: { number: listings + 1, from: DateTime.subtract(now, { days: daysBack }), listed: 0 },
    pageToken: Option.none(),
    unreadable: []
  })

/** The changes since the last listing from their beginning. */
const freshChanges = (syncToken: string, listings: number): EventsPlace =>
  EventsPlace.cases.Changes.make({ syncToken, number: listings + 1, pageToken: Option.none(), unreadable: [] })

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
  const { listings } = knownOf(state)
  const fresh = freshListing({ ...options, listings })
  const wanted = DateTime.subtract(options.now, { days: options.daysBack })
  if (options.ignoreSyncToken || Option.isNone(state)) return fresh
  const { coveredFrom, listing, pageToken, syncToken, unreadable } = state.value
  if (Option.isSome(listing)) {
    return reaches(listing.value.from, wanted)
      ? EventsPlace.cases.Full.make({ listing: listing.value, pageToken, unreadable })
      : fresh
  }
  if (Option.isNone(syncToken) || !Option.exists(coveredFrom, (from) => reaches(from, wanted))) return fresh
  return Option.isSome(pageToken)
    ? EventsPlace.cases.Changes.make({ syncToken: syncToken.value, number: listings, pageToken, unreadable })
    : freshChanges(syncToken.value, listings)
}

/** Where to begin again after the provider refused this place; none when it is refused at its beginning. */
export const placeAfterRefusal = (
  place: EventsPlace,
  refusal: "CursorExpired" | "BadRequest",
  options: FreshOptions
): Option.Option<EventsPlace> =>
  EventsPlace.match(place, {
    Full: ({ listing, pageToken }): Option.Option<EventsPlace> =>
      Option.map(pageToken, () => freshListing({ ...options, listings: listing.number })),
    Changes: ({ pageToken, syncToken }): Option.Option<EventsPlace> =>
      Option.some(
        refusal === "BadRequest" && Option.isSome(pageToken)
          ? freshChanges(syncToken, options.listings)
          : freshListing(options)
      )
  })

/** What to ask for at this place. */
export const listingOf: (place: EventsPlace) => EventsListing = EventsPlace.match({
  Full: ({ listing }): EventsListing => ({ _tag: "Full", timeMin: listing.from }),
  Changes: ({ syncToken }): EventsListing => ({ _tag: "Incremental", syncToken })
})

/** What the rows that the listing tells are marked with. */
export const markOf: (place: EventsPlace) => string = EventsPlace.match({
  Full: ({ listing }) => listingMark(listing.number),
  Changes: ({ number }) => listingMark(number)
})

export const listingUnderWay = (place: EventsPlace): Option.Option<GoogleListing> =>
  place._tag === "Full" ? Option.some(place.listing) : Option.none()

/** The place once a page was read. */
export const placeAfter = (
  place: EventsPlace,
  told: { readonly listed: number; readonly unreadable: ReadonlyArray<string> },
  pageToken: Option.Option<string>
): EventsPlace => {
  const unreadable = [...new Set([...place.unreadable, ...told.unreadable])]
  return place._tag === "Changes" ? { ...place, pageToken, unreadable } : {
    ...place,
    listing: { ...place.listing, listed: place.listing.listed + told.listed },
    pageToken,
    unreadable
  }
}
