/** What the person's records come to, as the API tells it. */
import { DateTime, Option } from "effect"
import type * as Searching from "../records/Found.ts"
import type { Owner } from "../records/Owner.ts"
import type * as Summing from "../records/Summary.ts"
import type * as Topping from "../records/Tops.ts"
import type * as Totalling from "../records/Totals.ts"
import { DayTotals, Found, ListeningSummary, SearchResult, Top, Tops, Totals } from "./DataSumMessages.ts"
import { played } from "./DataViews.ts"

type Whose = Owner["Service"]

export const totals = ({ zoneId }: Whose, days: ReadonlyArray<Totalling.DayTotals>): Totals =>
  new Totals({
    time_zone: zoneId,
    days: days.map(({ listened, sleepScore, ...day }) =>
      new DayTotals({ ...day, listened_ms: listened, sleep_score: sleepScore })
    )
  })

export const tops = (
  { zoneId }: Whose,
  { tops, total }: { readonly total: number; readonly tops: ReadonlyArray<Topping.Top> }
): Tops =>
  new Tops({
    time_zone: zoneId,
    total,
    tops: tops.map(({ listened, ...top }) => new Top({ ...top, listened_ms: listened }))
  })

export const summary = (
  { zoneId }: Whose,
  { artists, first, last, listened, longest, plays, rhythm, sessions, tracks }: Summing.ListeningSummary
): ListeningSummary =>
  new ListeningSummary({
    time_zone: zoneId,
    plays,
    listened_ms: listened,
    artists,
    tracks,
    first: Option.map(Option.fromUndefinedOr(first), played),
    last: Option.map(Option.fromUndefinedOr(last), played),
    sessions,
    longest_session: Option.map(Option.fromUndefinedOr(longest), (session) => ({
      start: DateTime.makeUnsafe(session.start),
      end: DateTime.makeUnsafe(session.end),
      plays: session.plays.length,
      listened_ms: session.listened
    })),
    rhythm: Array.from({ length: 7 }, (_, day) =>
      rhythm.slice(24 * day, 24 * day + 24).map(({ listened, plays }) => ({ plays, listened_ms: listened })))
  })

export const found = (
  { zoneId }: Whose,
  { found, more }: { readonly found: ReadonlyArray<Searching.Found>; readonly more: boolean }
): SearchResult => new SearchResult({ time_zone: zoneId, found: found.map((one) => asFound(one)), more })

const asFound = (found: Searching.Found): Found => {
  switch (found._tag) {
    case "Event":
      return Found.cases.Event.make(found)
    case "Track":
      return Found.cases.Track.make(found)
    case "Artist":
      return Found.cases.Artist.make({
        name: found.name,
        plays: Option.map(found.played, ({ plays }) => plays),
        first: Option.map(found.played, ({ first }) => first),
        last: Option.map(found.played, ({ last }) => last)
      })
    case "Activity":
      return Found.cases.Activity.make(found)
  }
}
