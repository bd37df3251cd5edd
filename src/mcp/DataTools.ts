/** Tools that read the person's own records. */
import { Effect, Schema } from "effect"
import { Tool, Toolkit } from "effect/ai"
import { BodyDays, Instant, OwnerSettings, PlayedTrack, Recorded } from "../api/DataMessages.ts"
import { SearchResult, TopKind, TopMeasure, Tops, Totals } from "../api/DataSumMessages.ts"
import { dayCount } from "../domain/DayRange.ts"
import type { LocalDay } from "../domain/LocalDay.ts"
import { bodyOf, eventsOf, heartRatesOf, playsOf } from "./DataParts.ts"
import { GliderCalls } from "./GliderCalls.ts"
import { ToolFailure } from "./ToolFailure.ts"
import { Days, Limit, Offset, partFields, reading, sized } from "./ToolMaking.ts"

const scope = "data:read"

const zone = { time_zone: Schema.String }

const paging = { limit: Limit(500, 100), offset: Offset }

/** An event as a list tells it. */
export const ListedEvent = Schema.Struct({
  id: Schema.String,
  calendar_id: Schema.String,
  title: Schema.NullOr(Schema.String),
  location: Schema.NullOr(Schema.String),
  /** Of a long one, the beginning. */
  description: Schema.NullOr(Schema.String),
  status: Schema.String,
  /** Whether it is one of whole days, which have no clock. */
  whole_days: Schema.Boolean,
  /** An instant, or the first day. */
  start: Schema.String,
  /** An instant, exclusive; or the last day. */
  end: Schema.String
})

const HeartRate = Schema.Struct({
  at: Instant,
  bpm: Schema.Finite,
  min: Schema.Finite,
  max: Schema.Finite,
  samples: Schema.Natural
})

/** So many days are told of with all that the ring says. */
const mostBodyDays = 92
const mostTotals = 400

const SearchRecords = reading("search_records", {
  title: "Search the records",
  description:
    "Find events, tracks, artists and activities of the owner by words, or beginnings of words; all must be there.",
  scope,
  parameters: Schema.Struct({
    text: Schema.NonEmptyString.check(Schema.isMaxLength(200)).annotate({ description: "Words, or their beginnings" }),
    limit: Limit(100, 25)
  }),
  success: SearchResult
})

const ListPlays = reading("list_plays", {
  title: "List plays",
  description: "List what was listened to on some days (42 at most), the oldest first. Instants are UTC.",
  scope,
  parameters: Schema.Struct({ ...Days, ...paging }),
  success: Schema.Struct({ ...zone, plays: Schema.Array(PlayedTrack), ...partFields })
})

const ListEvents = reading("list_events", {
  title: "List calendar events",
  description:
    "List the calendar events of some days (42 at most), by start. Instants are UTC; whole days have no clock.",
  scope,
  parameters: Schema.Struct({ ...Days, ...paging }),
  success: Schema.Struct({ ...zone, events: Schema.Array(ListedEvent), ...partFields })
})

const GetBody = reading("get_body", {
  title: "Body: sleep, readiness, activity, stress",
  description:
    `Say what the Oura ring knows of some days (${mostBodyDays} at most): scores, steps, energy, stress, SpO2, ` +
    "workouts, and the nights with their phases of sleep. null means that it is not known.",
  scope,
  parameters: Schema.Struct(Days),
  success: BodyDays
})

const GetHeartRate = reading("get_heart_rate", {
  title: "Heart rate",
  description: "Give the heart rate of some days (42 at most; 2 with single samples), as the mean of each stretch.",
  foreignText: false,
  scope,
  parameters: Schema.Struct({
    ...Days,
    resolution_seconds: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 86_400 })).annotate({
        description: "Seconds of a stretch: 60 to 86400, or 0 for every sample; 3600 when absent"
      })
    ),
    ...paging
  }),
  success: Schema.Struct({
    ...zone,
    resolution_seconds: Schema.Natural,
    points: Schema.Array(HeartRate),
    ...partFields
  })
})

const GetTotals = reading("get_totals", {
  title: "Totals by day",
  description:
    `Give the sums of each of some days (${mostTotals} at most): plays, time listened, events, steps, sleep score.`,
  foreignText: false,
  scope,
  parameters: Schema.Struct(Days),
  success: Totals
})

const GetTops = reading("get_tops", {
  title: "Most listened",
  description: "Say which artists, tracks or albums were listened to most within some days, however many.",
  scope,
  parameters: Schema.Struct({
    ...Days,
    of: TopKind,
    by: Schema.optionalKey(TopMeasure.annotate({ description: "plays when absent" })),
    limit: Limit(200, 20)
  }),
  success: Tops
})

const GetOwner = reading("get_owner", {
  title: "The owner's clock",
  description:
    "Say by which time zone and calendar the owner reads times, and which day it is there. Ask this before " +
    "asking for \"today\" or \"last week\".",
  foreignText: false,
  scope,
  parameters: Tool.EmptyParams,
  success: OwnerSettings
})

const GetRecorded = reading("get_recorded", {
  title: "What is missing",
  description:
    "Say how far the records of each kind go, and within which stretches of some days they may be incomplete: " +
    "nothing there does not mean that nothing happened.",
  foreignText: false,
  scope,
  parameters: Schema.Struct(Days),
  success: Recorded
})

export const DataTools = Toolkit.make(
  SearchRecords,
  ListPlays,
  ListEvents,
  GetBody,
  GetHeartRate,
  GetTotals,
  GetTops,
  GetOwner,
  GetRecorded
)

const within = (days: { readonly from: LocalDay; readonly to: LocalDay }, most: number) =>
  dayCount(days) <= most ? Effect.void : Effect.fail(
    new ToolFailure({
      code: "invalid_request",
      message: `These are ${dayCount(days)} days, and at most ${most} can be asked for at once.`,
      fix: "ask in parts",
      retryable: false
    })
  )

/** Their handlers. */
export const dataTools = DataTools.toLayer(Effect.map(GliderCalls, ({ ask }) => ({
  search_records: ({ limit = 25, text }) => ask((glider) => glider.data.search({ query: { text, limit } })),
  list_plays: ({ limit = 100, offset, ...query }) =>
    Effect.map(ask((glider) => glider.data.listening({ query })), (days) => playsOf(days, limit, offset)),
  list_events: ({ limit = 100, offset, ...query }) =>
    sized(Effect.map(ask((glider) => glider.data.calendar({ query })), (days) => eventsOf(days, limit, offset))),
  get_body: (query) =>
    Effect.andThen(within(query, mostBodyDays), Effect.map(ask((glider) => glider.data.body({ query })), bodyOf)),
  get_heart_rate: ({ limit = 100, offset, resolution_seconds: resolution = 3600, ...days }) =>
    Effect.map(
      ask((glider) => glider.data.heartRate({ query: { ...days, resolution } })),
      (days) => heartRatesOf(days, limit, offset)
    ),
  get_totals: (query) => Effect.andThen(within(query, mostTotals), ask((glider) => glider.data.totals({ query }))),
  get_tops: ({ limit = 20, ...query }) => ask((glider) => glider.data.tops({ query: { ...query, limit } })),
  get_owner: () => ask((glider) => glider.data.owner()),
  get_recorded: (query) => sized(ask((glider) => glider.data.recorded({ query })))
})))
