/** Which stretches of time a sync of Oura reads. */
import { DateTime, Option, Schema } from "effect"
import { daysBetween, earlierDay, LocalDay, plusDays } from "../domain/LocalDay.ts"
import type { OuraState } from "../store/SyncStates.ts"

export interface LookbackOptions {
  readonly now: DateTime.Utc
  /** The trailing stretch that is read again by every sync, since the ring uploads late and scores are recomputed. */
  readonly lookbackDays: number
  /** Read exactly that stretch, wherever the last sync ended. */
  readonly forceLookback: boolean
}

/** Where reading begins: the lookback before now, or before the end of the last sync when that is longer ago. */
export const readingStart = (
  state: Option.Option<OuraState>,
  { forceLookback, lookbackDays, now }: LookbackOptions
): DateTime.Utc => {
  const lastEnd = forceLookback
    ? now
    : Option.match(state, { onNone: () => now, onSome: ({ lastSyncEnd }) => lastSyncEnd })
  return DateTime.subtract(DateTime.min(now, lastEnd), { days: lookbackDays })
}

/**
 * Up to where everything was asked for, once a sync from `start` to `now` is done. A forced lookback that begins after
 * the end of the last sync leaves a hole before it, which the next sync must still read.
 */
export const readUpTo = (state: Option.Option<OuraState>, start: DateTime.Utc, now: DateTime.Utc): DateTime.Utc =>
  Option.match(state, {
    onNone: () => now,
    onSome: ({ lastSyncEnd }) => DateTime.isGreaterThan(start, lastSyncEnd) ? lastSyncEnd : now
  })

/** What a sync of one data type reads, fixed when it begins, and how far it has come through its windows. */
export const Reading = Schema.Struct({
  from: Schema.DateTimeUtcFromString,
  to: Schema.DateTimeUtcFromString,
  /** The same in days of the person's zone. */
  fromDay: LocalDay,
  toDay: LocalDay,
  /** What `readUpTo` says of it. */
  readUpTo: Schema.DateTimeUtcFromString,
  windows: Schema.Natural,
  fetched: Schema.Natural,
  stored: Schema.Natural
})
export type Reading = typeof Reading.Type

export interface InstantWindow {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}

/** A week of heart rate is about 2,000 rows: one commit. */
const heartRateWindow = 7 * 86_400_000

/** The stretch cut into windows that touch, oldest first; one at least. */
export const heartRateWindows = (from: DateTime.Utc, to: DateTime.Utc): ReadonlyArray<InstantWindow> => {
  const length = Math.max(0, to.epochMilliseconds - from.epochMilliseconds)
  return Array.from({ length: Math.max(1, Math.ceil(length / heartRateWindow)) }, (_, index) => {
    const start = DateTime.add(from, { milliseconds: index * heartRateWindow })
    return {
      from: start,
      to: DateTime.min(DateTime.add(start, { milliseconds: heartRateWindow }), DateTime.max(from, to))
    }
  })
}

/** Days, both included. */
export interface DayWindow {
  readonly first: LocalDay
  readonly last: LocalDay
}

/** With the day before and the two after that are asked for besides, thirty days a request. */
const documentWindow = 27

/** The days cut into windows, oldest first; one at least. */
export const dayWindows = (first: LocalDay, last: LocalDay): ReadonlyArray<DayWindow> => {
  const days = Math.max(0, daysBetween(first, last)) + 1
  return Array.from({ length: Math.ceil(days / documentWindow) }, (_, index) => {
    const start = plusDays(first, index * documentWindow)
    return { first: start, last: earlierDay(plusDays(start, documentWindow - 1), plusDays(first, days - 1)) }
  })
}
