/** What there is of one day, out of what the API gave of several. */
import type { DateTime } from "effect"
import type {
  BodyDay,
  BodyDays,
  CalendarDays,
  DaysEvent,
  HeartRateDays,
  HeartRatePoint,
  ListeningDays,
  ListeningSession,
  Night,
  Recorded,
  TimedEvent,
  Unrecorded
} from "../../api/DataMessages.ts"
import type { Span } from "../../domain/DayRange.ts"
import type { LocalDay } from "../../domain/LocalDay.ts"
import type { RecordKind } from "../../domain/RecordKind.ts"
import { type DayScale, dayScale } from "./DayScale.ts"
import { type HeardPart, heardWithin } from "./Heard.ts"
import { unsampled } from "./Unsampled.ts"

/** The answers about a range of days. */
export interface Records {
  readonly calendar: CalendarDays
  readonly listening: ListeningDays
  readonly heart: HeartRateDays
  readonly body: BodyDays
  readonly recorded: Recorded
}

/** One day of them. */
export interface DayRecords {
  readonly day: LocalDay
  readonly scale: DayScale
  readonly timed: ReadonlyArray<TimedEvent>
  readonly wholeDay: ReadonlyArray<DaysEvent>
  /** Those that touch the day, whole. */
  readonly sessions: ReadonlyArray<ListeningSession>
  /** What counts on the day. */
  readonly heard: ReadonlyArray<HeardPart>
  readonly points: ReadonlyArray<HeartRatePoint>
  /** Where there was no heart rate, though nothing was missed. */
  readonly unsampled: ReadonlyArray<Span>
  /** Those that touch the day. */
  readonly nights: ReadonlyArray<Night>
  /** Those from which the person woke on the day. */
  readonly woken: ReadonlyArray<Night>
  readonly body: BodyDay | undefined
  readonly missing: { readonly [K in RecordKind]: ReadonlyArray<Unrecorded> }
}

const touches = (from: DateTime.Utc, to: DateTime.Utc, { end, start }: DayScale): boolean => {
  const begin = from.epochMilliseconds
  const finish = to.epochMilliseconds
  // an event without any length is on the day on which it begins
  return begin < end && (finish > start || (begin === finish && begin === start))
}

export const byDay = (
  { body, calendar, heart, listening, recorded }: Records,
  { now, zone }: { readonly zone: DateTime.TimeZone; readonly now: DateTime.Utc }
): ReadonlyArray<DayRecords> => {
  // over all of the days, since what lasts over midnight may be short on either day
  const silent = unsampled(heart, recorded, now)
  return calendar.days.map((bounds) => {
    const scale = dayScale(bounds, zone)
    const missingOf = (kind: RecordKind) =>
      recorded.unrecorded.filter((part) => part.kind === kind && touches(part.from, part.to, scale))
    return {
      day: bounds.day,
      scale,
      timed: calendar.timed.filter(({ end, start }) => touches(start, end, scale)),
      wholeDay: calendar.whole_days.filter(({ first_day, last_day }) =>
        first_day <= bounds.day && bounds.day <= last_day
      ),
      sessions: listening.sessions.filter(({ end, start }) => touches(start, end, scale)),
      heard: heardWithin(listening.sessions, scale),
      points: heart.points.filter(({ at }) => at.epochMilliseconds >= scale.start && at.epochMilliseconds < scale.end),
      unsampled: silent.filter(({ from, to }) => touches(from, to, scale)),
      nights: body.nights.filter(({ bedtime_end, bedtime_start }) => touches(bedtime_start, bedtime_end, scale)),
      woken: body.nights.filter(({ day }) => day === bounds.day),
      body: body.days.find(({ day }) => day === bounds.day),
      missing: {
        calendar: missingOf("calendar"),
        listening: missingOf("listening"),
        heart_rate: missingOf("heart_rate"),
        body: missingOf("body")
      }
    }
  })
}
