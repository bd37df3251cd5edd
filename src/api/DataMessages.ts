/**
 * What the API says of the person's own records. Instants are UTC, days are those of the owner's time zone unless a field
 * says otherwise, and lengths of time bear their unit.
 */
import { Schema } from "effect"
import { LocalDay } from "../domain/LocalDay.ts"
import { RecordKind } from "../domain/RecordKind.ts"

/** As text, in UTC. */
export const Instant = Schema.DateTimeUtcFromString

/** What may be unknown. */
export const orNull = <S extends Schema.Top>(schema: S) => Schema.OptionFromNullOr(schema)

const text = orNull(Schema.String)
const number = orNull(Schema.Finite)

/** Days of the owner's calendar, both included. */
export const DayRange = { from: LocalDay, to: LocalDay }

/** A day of the owner: 23, 24 or 25 hours. */
export const DayBounds = Schema.Struct({ day: LocalDay, start: Instant, end: Instant })

/** How the owner reads times: what a page needs before it shows any. */
export class OwnerSettings extends Schema.Class<OwnerSettings>("glider/api/OwnerSettings")({
  time_zone: Schema.String,
  /** BCP 47. */
  locale: Schema.String,
  /** 1 is Monday, 7 Sunday. */
  week_starts_on: Schema.Literals([1, 2, 3, 4, 5, 6, 7]),
  /** The server's clock, by which `today` is told. */
  now: Instant,
  today: LocalDay
}) {}

const event = {
  id: Schema.String,
  calendar_id: Schema.String,
  title: text,
  location: text,
  description: text,
  /** Google's colour, `1` to `11`. */
  color_id: text,
  /** The series that it is an instance of. */
  series_id: text,
  status: Schema.String,
  transparency: text,
  event_type: text,
  link: text
}

/** An event with a time of day. */
export class TimedEvent extends Schema.Class<TimedEvent>("glider/api/TimedEvent")({
  ...event,
  start: Instant,
  /** Exclusive; that of the start where the calendar gives none. */
  end: Instant
}) {}

/** An event of whole days, which belong to no time zone. */
export class DaysEvent extends Schema.Class<DaysEvent>("glider/api/DaysEvent")({
  ...event,
  first_day: LocalDay,
  last_day: LocalDay
}) {}

export class CalendarDays extends Schema.Class<CalendarDays>("glider/api/CalendarDays")({
  time_zone: Schema.String,
  days: Schema.Array(DayBounds),
  /** By start. */
  timed: Schema.Array(TimedEvent),
  whole_days: Schema.Array(DaysEvent)
}) {}

/** A play, as its track is called now. */
export class PlayedTrack extends Schema.Class<PlayedTrack>("glider/api/PlayedTrack")({
  /** Taken as the beginning: Spotify does not tell whether it is that or the end. */
  played_at: Instant,
  kind: Schema.Literals(["track", "episode", "local"]),
  uri: Schema.String,
  name: text,
  artists: Schema.Array(Schema.String),
  album: text,
  duration_ms: number
}) {}

/**
 * Plays with no more than the given gap between the end of one and the start of the next. A play ends with its track, or
 * where the next begins: then it was skipped, and was listened to for that long. A session is told whole, though it began
 * before the days that were asked for or goes on after them; it belongs to the day on which it starts.
 */
export class ListeningSession extends Schema.Class<ListeningSession>("glider/api/ListeningSession")({
  start: Instant,
  end: Instant,
  listened_ms: Schema.Finite,
  plays: Schema.Array(PlayedTrack)
}) {}

export class ListeningDays extends Schema.Class<ListeningDays>("glider/api/ListeningDays")({
  time_zone: Schema.String,
  days: Schema.Array(DayBounds),
  sessions: Schema.Array(ListeningSession)
}) {}

/** Of a stretch of `resolution_seconds` that begins at `at`. */
export class HeartRatePoint extends Schema.Class<HeartRatePoint>("glider/api/HeartRatePoint")({
  at: Instant,
  /** The mean. */
  bpm: Schema.Finite,
  min: Schema.Finite,
  max: Schema.Finite,
  samples: Schema.Natural
}) {}

export class HeartRateDays extends Schema.Class<HeartRateDays>("glider/api/HeartRateDays")({
  time_zone: Schema.String,
  days: Schema.Array(DayBounds),
  /** 0: every sample as it was measured. */
  resolution_seconds: Schema.Natural,
  points: Schema.Array(HeartRatePoint)
}) {}

/** One period of sleep. */
export class Night extends Schema.Class<Night>("glider/api/Night")({
  id: Schema.String,
  /** Oura's: `long_sleep` for the main one, `sleep`, `late_nap`, `rest`. */
  type: text,
  /** The day of waking, as Oura has it. */
  day: LocalDay,
  /** The evening that it belongs to, on the wearer's clock. */
  night_of: LocalDay,
  bedtime_start: Instant,
  /** As the wearer's clock showed it, with its offset. */
  bedtime_start_local: Schema.String,
  bedtime_end: Instant,
  bedtime_end_local: Schema.String,
  asleep_seconds: number,
  in_bed_seconds: number,
  awake_seconds: number,
  deep_seconds: number,
  rem_seconds: number,
  light_seconds: number,
  latency_seconds: number,
  efficiency_percent: number,
  average_heart_rate: number,
  lowest_heart_rate: number,
  average_hrv_ms: number,
  average_breath: number,
  /** A digit for each five minutes: 1 deep, 2 light, 3 REM, 4 awake. */
  phases_5_min: text
}) {}

/** What the ring says of one day. */
export class BodyDay extends Schema.Class<BodyDay>("glider/api/BodyDay")({
  day: LocalDay,
  sleep_score: number,
  readiness_score: number,
  activity_score: number,
  steps: number,
  active_kilocalories: number,
  total_kilocalories: number,
  walking_distance_m: number,
  sedentary_seconds: number,
  non_wear_seconds: number,
  temperature_deviation: number,
  stress_high_seconds: number,
  recovery_high_seconds: number,
  /** Oura's: `restored`, `normal`, `stressful`. */
  stress_summary: text,
  spo2_percent: number,
  /** Workouts and sessions of the day. */
  activities: Schema.Array(Schema.Struct({
    kind: Schema.Literals(["workout", "session"]),
    name: Schema.String,
    start: Instant,
    end: orNull(Instant),
    kilocalories: number,
    distance_m: number,
    intensity: text
  }))
}) {}

export class BodyDays extends Schema.Class<BodyDays>("glider/api/BodyDays")({
  time_zone: Schema.String,
  /** Every day of the range, also those of which nothing is known. */
  days: Schema.Array(BodyDay),
  nights: Schema.Array(Night)
}) {}

/**
 * A stretch of time of which the records may be incomplete: nothing there does not mean that nothing happened.
 *
 * - `lost`: the provider could no longer give it (a stored gap)
 * - `before_first`: before the first record that was ever asked for
 * - `behind`: after the last sync that came to its end
 * - `not_connected`: there is no account, or none that was signed in
 */
export class Unrecorded extends Schema.Class<Unrecorded>("glider/api/Unrecorded")({
  kind: RecordKind,
  from: Instant,
  to: Instant,
  why: Schema.Literals(["lost", "before_first", "behind", "not_connected"]),
  detail: Schema.String
}) {}

/** How far the records of one kind go, of all its accounts together: until the slowest of those that are signed in. */
export class Coverage extends Schema.Class<Coverage>("glider/api/Coverage")({
  kind: RecordKind,
  /** None when nothing was ever recorded. */
  since: orNull(Instant),
  /** The last sync that came to its end: records are complete until then but for what is `lost`. */
  until: orNull(Instant)
}) {}

export class Recorded extends Schema.Class<Recorded>("glider/api/Recorded")({
  coverage: Schema.Array(Coverage),
  /** Those of the range, by start. Nothing is said of the time after now. */
  unrecorded: Schema.Array(Unrecorded)
}) {}
