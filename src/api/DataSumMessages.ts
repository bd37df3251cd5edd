/** What the API says of what the person's records come to, and of what is found in them. */
import { Schema } from "effect"
import { LocalDay } from "../domain/LocalDay.ts"
import { Instant, orNull, PlayedTrack } from "./DataMessages.ts"

const text = orNull(Schema.String)
const number = orNull(Schema.Finite)

/** The sums of one day. A play counts on the day on which it begins, an event on each that it touches. */
export class DayTotals extends Schema.Class<DayTotals>("glider/api/DayTotals")({
  day: LocalDay,
  plays: Schema.Natural,
  listened_ms: Schema.Finite,
  events: Schema.Natural,
  steps: number,
  sleep_score: number
}) {}

export class Totals extends Schema.Class<Totals>("glider/api/Totals")({
  time_zone: Schema.String,
  days: Schema.Array(DayTotals)
}) {}

export const TopKind = Schema.Literals(["artists", "tracks", "albums"])
export const TopMeasure = Schema.Literals(["plays", "minutes"])

/** What was listened to most. A play counts for every artist of its track. */
export class Top extends Schema.Class<Top>("glider/api/Top")({
  name: Schema.String,
  /** Of a track or an album. */
  artists: Schema.Array(Schema.String),
  plays: Schema.Natural,
  listened_ms: Schema.Finite
}) {}

export class Tops extends Schema.Class<Tops>("glider/api/Tops")({
  time_zone: Schema.String,
  /** How many different ones there are in all. */
  total: Schema.Natural,
  tops: Schema.Array(Top)
}) {}

export class ListeningSummary extends Schema.Class<ListeningSummary>("glider/api/ListeningSummary")({
  time_zone: Schema.String,
  plays: Schema.Natural,
  listened_ms: Schema.Finite,
  artists: Schema.Natural,
  tracks: Schema.Natural,
  first: orNull(PlayedTrack),
  last: orNull(PlayedTrack),
  sessions: Schema.Natural,
  longest_session: orNull(
    Schema.Struct({ start: Instant, end: Instant, plays: Schema.Natural, listened_ms: Schema.Finite })
  ),
  /** Seven weekdays, Monday first, of 24 hours of the owner's clock. */
  rhythm: Schema.Array(Schema.Array(Schema.Struct({ plays: Schema.Natural, listened_ms: Schema.Finite })))
}) {}

/** One thing that was found. */
export const Found = Schema.TaggedUnion({
  Event: { title: text, location: text, day: LocalDay, start: orNull(Instant), excerpt: text },
  Track: {
    name: Schema.String,
    artists: Schema.Array(Schema.String),
    album: text,
    plays: Schema.Natural,
    last: Instant
  },
  /** Null where there is too much with the words of the name to count all plays. */
  Artist: { name: Schema.String, plays: orNull(Schema.Natural), first: orNull(Instant), last: orNull(Instant) },
  Activity: { name: Schema.String, kind: Schema.Literals(["workout", "session"]), day: LocalDay, start: Instant }
})
export type Found = typeof Found.Type

export class SearchResult extends Schema.Class<SearchResult>("glider/api/SearchResult")({
  time_zone: Schema.String,
  found: Schema.Array(Found),
  /** Whether there is more than is told. */
  more: Schema.Boolean
}) {}
