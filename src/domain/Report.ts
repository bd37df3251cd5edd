/** A report of the owner's data: what some days were like, against the weeks before, and what is not known of them. */
import { Schema } from "effect"
import { LocalDay } from "./LocalDay.ts"
import { RecordKind } from "./RecordKind.ts"
import { ReportKind } from "./ReportPeriod.ts"

const number = Schema.NullOr(Schema.Finite)

/** What is measured. Of a week the first ones are sums, and those from `asleep_hours` on means of its days. */
export const MeasureName = Schema.Literals([
  "plays",
  "listened_minutes",
  "artists",
  "tracks",
  "events",
  "event_hours",
  "asleep_hours",
  "sleep_score",
  "readiness_score",
  "activity_score",
  "steps",
  "active_kilocalories",
  "stress_minutes"
])
export type MeasureName = typeof MeasureName.Type

/** Of which records each is made. */
export const measureKind: { readonly [M in MeasureName]: RecordKind } = {
  plays: "listening",
  listened_minutes: "listening",
  artists: "listening",
  tracks: "listening",
  events: "calendar",
  event_hours: "calendar",
  asleep_hours: "body",
  sleep_score: "body",
  readiness_score: "body",
  activity_score: "body",
  steps: "body",
  active_kilocalories: "body",
  stress_minutes: "body"
}

export const Measure = Schema.Struct({
  name: MeasureName,
  /** None where nothing was recorded, which is not 0. */
  value: number,
  /** Whether all of the time was recorded; else the value is at least that. */
  complete: Schema.Boolean,
  /** The mean of the same days of the weeks before, of those that were recorded. */
  usual: number,
  /** How many of these there are. */
  compared: Schema.Natural
})
export type Measure = typeof Measure.Type

/** By how many of a hundred the value is more than usual; none where the two cannot be compared. */
export const changeOf = ({ complete, usual, value }: Measure): number | null =>
  value === null || usual === null || usual === 0 || !complete ? null : Math.round((value / usual - 1) * 100)

export const ReportDay = Schema.Struct({
  day: LocalDay,
  plays: number,
  listened_minutes: number,
  events: number,
  asleep_hours: number,
  sleep_score: number,
  readiness_score: number,
  activity_score: number,
  steps: number
})
export type ReportDay = typeof ReportDay.Type

/** A stretch of the days of which the records may be incomplete. */
export const ReportGap = Schema.Struct({
  kind: RecordKind,
  from: Schema.DateTimeUtcFromString,
  to: Schema.DateTimeUtcFromString,
  /** As of the API: `lost`, `before_first`, `behind` or `not_connected`. */
  why: Schema.String,
  detail: Schema.String
})
export type ReportGap = typeof ReportGap.Type

const Heard = { plays: Schema.Natural, listened_minutes: Schema.Finite }

export class Report extends Schema.Class<Report>("glider/Report")({
  key: Schema.String,
  kind: ReportKind,
  from: LocalDay,
  to: LocalDay,
  time_zone: Schema.String,
  made_at: Schema.DateTimeUtcFromString,
  /** Whether the days were over; else it tells of them so far. */
  over: Schema.Boolean,
  measures: Schema.Array(Measure),
  /** Each day. */
  days: Schema.Array(ReportDay),
  top_artists: Schema.Array(Schema.Struct({ name: Schema.String, ...Heard })),
  top_tracks: Schema.Array(Schema.Struct({ name: Schema.String, artists: Schema.Array(Schema.String), ...Heard })),
  /** The first ones, by start: an instant, or the first day of events of whole days. */
  events: Schema.Array(Schema.Struct({
    title: Schema.NullOr(Schema.String),
    whole_days: Schema.Boolean,
    start: Schema.String
  })),
  /** What is not known of the days. */
  gaps: Schema.Array(ReportGap),
  /** Of a week: how much is not known of the thirty days to its end. */
  blind_spots: Schema.Array(Schema.Struct({ kind: RecordKind, stretches: Schema.Natural, hours: Schema.Finite }))
}) {}
