/** Answers of the API about some days, with little in them. */
import { DateTime, Option } from "effect"
import {
  BodyDay,
  BodyDays,
  CalendarDays,
  DaysEvent,
  HeartRateDays,
  HeartRatePoint,
  ListeningDays,
  ListeningSession,
  Night,
  PlayedTrack,
  Recorded,
  TimedEvent
} from "../../../src/api/DataMessages.ts"
import type { Records } from "../../../src/dashboard/days/DayRecords.ts"
import { documentOf } from "../../../src/dashboard/frame/Frame.tsx"
import type { Owner } from "../../../src/dashboard/frame/Owner.ts"
import type { View } from "../../../src/dashboard/frame/View.ts"
import { endOfDay, LocalDay, plusDays, startOfDay } from "../../../src/domain/LocalDay.ts"

export const zone = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")

export const at = (text: string): DateTime.Utc => DateTime.makeUnsafe(text)

export const day = (text: string): LocalDay => LocalDay.make(text)

/** An owner in Berlin at that instant. */
export const ownerAt = (now: string): Owner => ({
  zone,
  zoneName: "Europe/Berlin",
  locale: "en-GB",
  weekStartsOn: 1,
  now: at(now),
  today: day(DateTime.formatIsoDate(DateTime.setZone(at(now), zone)))
})

const none = Option.none()

const common = (id: string) => ({
  id,
  calendar_id: "primary",
  title: Option.some(id),
  location: none,
  description: none,
  color_id: none,
  series_id: none,
  status: "confirmed",
  transparency: none,
  event_type: none,
  link: none
})

export const event = (id: string, start: string, end: string, more: Partial<TimedEvent> = {}): TimedEvent =>
  new TimedEvent({ ...common(id), start: at(start), end: at(end), ...more })

export const wholeDays = (id: string, first: string, last: string, more: Partial<DaysEvent> = {}): DaysEvent =>
  new DaysEvent({ ...common(id), first_day: day(first), last_day: day(last), ...more })

export const play = (name: string, playedAt: string, more: Partial<PlayedTrack> = {}): PlayedTrack =>
  new PlayedTrack({
    played_at: at(playedAt),
    kind: "track",
    uri: `spotify:track:${name}`,
    name: Option.some(name),
    artists: ["Can"],
    album: none,
    duration_ms: Option.some(180_000),
    ...more
  })

export const session = (start: string, end: string, plays: ReadonlyArray<PlayedTrack>): ListeningSession =>
  new ListeningSession({ start: at(start), end: at(end), listened_ms: plays.length * 180_000, plays })

export const beat = (text: string, bpm: number): HeartRatePoint =>
  new HeartRatePoint({ at: at(text), bpm, min: bpm, max: bpm, samples: 1 })

export const bodyDay = (text: string, more: Partial<BodyDay> = {}): BodyDay =>
  new BodyDay({
    day: day(text),
    sleep_score: none,
    readiness_score: none,
    activity_score: none,
    steps: none,
    active_kilocalories: none,
    total_kilocalories: none,
    walking_distance_m: none,
    sedentary_seconds: none,
    non_wear_seconds: none,
    temperature_deviation: none,
    stress_high_seconds: none,
    recovery_high_seconds: none,
    stress_summary: none,
    spo2_percent: none,
    activities: [],
    ...more
  })

export const night = (start: string, end: string, more: Partial<Night> = {}): Night =>
  new Night({
    id: start,
    type: Option.some("long_sleep"),
    day: day("2026-11-24"),
    night_of: day("2026-11-23"),
    bedtime_start: at(start),
    bedtime_start_local: "2026-11-23T23:00:00.000+01:00",
    bedtime_end: at(end),
    bedtime_end_local: "2026-11-24T06:00:00.000+01:00",
    asleep_seconds: Option.some(25_200),
    in_bed_seconds: none,
    awake_seconds: none,
    deep_seconds: none,
    rem_seconds: none,
    light_seconds: none,
    latency_seconds: none,
    efficiency_percent: none,
    average_heart_rate: none,
    lowest_heart_rate: none,
    average_hrv_ms: none,
    average_breath: none,
    phases_5_min: none,
    ...more
  })

/** What there is in so many days from the first one. */
export interface Some {
  readonly timed?: ReadonlyArray<TimedEvent>
  readonly whole?: ReadonlyArray<DaysEvent>
  readonly sessions?: ReadonlyArray<ListeningSession>
  readonly points?: ReadonlyArray<HeartRatePoint>
  readonly body?: ReadonlyArray<BodyDay>
  readonly nights?: ReadonlyArray<Night>
  readonly unrecorded?: Recorded["unrecorded"]
}

export const recordsOf = (first: string, count: number, some: Some = {}): Records => {
  const days = Array.from({ length: count }, (_, index) => {
    const local = plusDays(day(first), index)
    return { day: local, start: startOfDay(local, zone), end: endOfDay(local, zone) }
  })
  const time_zone = "Europe/Berlin"
  return {
    calendar: new CalendarDays({ time_zone, days, timed: some.timed ?? [], whole_days: some.whole ?? [] }),
    listening: new ListeningDays({ time_zone, days, sessions: some.sessions ?? [] }),
    heart: new HeartRateDays({ time_zone, days, resolution_seconds: 300, points: some.points ?? [] }),
    body: new BodyDays({ time_zone, days: some.body ?? [], nights: some.nights ?? [] }),
    recorded: new Recorded({ coverage: [], unrecorded: some.unrecorded ?? [] })
  }
}

/** The page as text. */
export const pageOf = (view: View): string =>
  documentOf(view, { assets: { script: none, style: none }, csrf: Option.some("token"), version: "test" })
