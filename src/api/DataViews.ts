/** The person's records as the API tells them. */
import { DateTime, Option } from "effect"
import { type DayRange, daySpans } from "../domain/DayRange.ts"
import type { HeartRatePoint as Point } from "../domain/HeartRatePoints.ts"
import type { Session } from "../domain/Listening.ts"
import type * as Body from "../records/Body.ts"
import type * as Calendar from "../records/Calendar.ts"
import type * as History from "../records/History.ts"
import type { Owner } from "../records/Owner.ts"
import type * as Recording from "../records/Recorded.ts"
import type { StoredEvent } from "../store/GoogleEvents.ts"
import {
  BodyDay,
  BodyDays,
  CalendarDays,
  Coverage,
  DaysEvent,
  HeartRateDays,
  HeartRatePoint,
  ListeningDays,
  ListeningSession,
  Night,
  OwnerSettings,
  PlayedTrack,
  Recorded,
  TimedEvent,
  Unrecorded
} from "./DataMessages.ts"

type Whose = Owner["Service"]

const instant = (millis: number): DateTime.Utc => DateTime.makeUnsafe(millis)

const filled = Option.filter((text: string) => text.trim() !== "")

const bounds = ({ zone, zoneId }: Whose, range: DayRange) => ({
  time_zone: zoneId,
  days: daySpans(range, zone).map(({ day, from, to }) => ({ day, start: from, end: to }))
})

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

export const owner = (
  { locale, weekStartsOn, zoneId }: Whose,
  { now, today }: { readonly now: DateTime.Utc; readonly today: OwnerSettings["today"] }
): OwnerSettings =>
  new OwnerSettings({
    time_zone: zoneId,
    locale,
    week_starts_on: weekdays.find((day) => day === weekStartsOn) ?? 1,
    now,
    today
  })

const event = ({ calendarId, event }: StoredEvent) => ({
  id: event.id,
  calendar_id: calendarId,
  title: filled(event.summary),
  location: filled(event.location),
  description: filled(event.description),
  color_id: event.colorId,
  series_id: event.seriesId,
  status: event.status,
  transparency: event.transparency,
  event_type: event.eventType,
  link: event.htmlLink
})

export const calendar = (
  whose: Whose,
  range: DayRange,
  { timed, wholeDays }: {
    readonly timed: ReadonlyArray<Calendar.TimedEvent>
    readonly wholeDays: ReadonlyArray<Calendar.DaysEvent>
  }
): CalendarDays =>
  new CalendarDays({
    ...bounds(whose, range),
    timed: timed.map((one) => new TimedEvent({ ...event(one), start: one.start, end: one.end })),
    whole_days: wholeDays.map((one) => new DaysEvent({ ...event(one), first_day: one.first, last_day: one.last }))
  })

export const played = ({ album, artists, at, duration, kind, name, uri }: History.PlayedTrack): PlayedTrack =>
  new PlayedTrack({
    played_at: instant(at),
    kind,
    uri,
    name,
    artists,
    album,
    duration_ms: duration > 0 ? Option.some(duration) : Option.none()
  })

export const listening = (
  whose: Whose,
  range: DayRange,
  sessions: ReadonlyArray<Session<History.PlayedTrack>>
): ListeningDays =>
  new ListeningDays({
    ...bounds(whose, range),
    sessions: sessions.map(({ end, listened, plays, start }) =>
      new ListeningSession({
        start: instant(start),
        end: instant(end),
        listened_ms: listened,
        plays: plays.map(played)
      })
    )
  })

export const heartRate = (
  whose: Whose,
  range: DayRange,
  resolution: number,
  points: ReadonlyArray<Point>
): HeartRateDays =>
  new HeartRateDays({
    ...bounds(whose, range),
    resolution_seconds: resolution,
    points: points.map(({ at, max, mean, min, samples }) =>
      new HeartRatePoint({ at: instant(at), bpm: mean, min, max, samples })
    )
  })

const night = (row: Body.Night): Night =>
  new Night({
    id: row.document_id,
    type: row.type,
    day: row.day,
    night_of: row.nightOf,
    bedtime_start: row.bedtime_start,
    bedtime_start_local: row.bedtime_start_local,
    bedtime_end: row.bedtime_end,
    bedtime_end_local: row.bedtime_end_local,
    asleep_seconds: row.total_sleep_duration,
    in_bed_seconds: row.time_in_bed,
    awake_seconds: row.awake_time,
    deep_seconds: row.deep_sleep_duration,
    rem_seconds: row.rem_sleep_duration,
    light_seconds: row.light_sleep_duration,
    latency_seconds: row.latency,
    efficiency_percent: row.efficiency,
    average_heart_rate: row.average_heart_rate,
    lowest_heart_rate: row.lowest_heart_rate,
    average_hrv_ms: row.average_hrv,
    average_breath: row.average_breath,
    phases_5_min: row.sleep_phase_5_min
  })

const bodyDay = ({ activities, activity, day, readiness, sleep, spo2, stress }: Body.BodyDay): BodyDay =>
  new BodyDay({
    day,
    sleep_score: Option.flatMap(sleep, ({ score }) => score),
    readiness_score: Option.flatMap(readiness, ({ score }) => score),
    activity_score: Option.flatMap(activity, ({ score }) => score),
    steps: Option.flatMap(activity, ({ steps }) => steps),
    active_kilocalories: Option.flatMap(activity, (row) => row.active_calories),
    total_kilocalories: Option.flatMap(activity, (row) => row.total_calories),
    walking_distance_m: Option.flatMap(activity, (row) => row.equivalent_walking_distance),
    sedentary_seconds: Option.flatMap(activity, (row) => row.sedentary_time),
    non_wear_seconds: Option.flatMap(activity, (row) => row.non_wear_time),
    temperature_deviation: Option.flatMap(readiness, (row) => row.temperature_deviation),
    stress_high_seconds: Option.flatMap(stress, (row) => row.stress_high),
    recovery_high_seconds: Option.flatMap(stress, (row) => row.recovery_high),
    stress_summary: Option.flatMap(stress, (row) => row.day_summary),
    spo2_percent: Option.flatMap(spo2, (row) => Option.flatMap(row.spo2_percentage, ({ average }) => average)),
    activities: activities.map(({ distance, ...one }) => ({ ...one, distance_m: distance }))
  })

export const body = (
  { zoneId }: Whose,
  days: ReadonlyArray<Body.BodyDay>,
  nights: ReadonlyArray<Body.Night>
): BodyDays => new BodyDays({ time_zone: zoneId, days: days.map(bodyDay), nights: nights.map(night) })

export const recorded = (
  { coverage, unrecorded }: {
    readonly coverage: ReadonlyArray<Recording.Coverage>
    readonly unrecorded: ReadonlyArray<Recording.Unrecorded>
  }
): Recorded =>
  new Recorded({
    coverage: coverage.map((one) => new Coverage(one)),
    unrecorded: unrecorded.map((one) => new Unrecorded(one))
  })
