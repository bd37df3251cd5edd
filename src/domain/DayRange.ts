import type { DateTime } from "effect"
import { daysBetween, endOfDay, type LocalDay, plusDays, startOfDay } from "./LocalDay.ts"

/** Days of the wall calendar, both included. */
export interface DayRange {
  readonly from: LocalDay
  readonly to: LocalDay
}

/** From an instant to the one that no longer belongs to it. */
export interface Span {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}

/** A day, and when it begins and ends in a zone: 23, 24 or 25 hours. */
export interface DaySpan extends Span {
  readonly day: LocalDay
}

/** How many days it has; none or fewer when it ends before it begins. */
export const dayCount = ({ from, to }: DayRange): number => daysBetween(from, to) + 1

/** Every day of the range. */
export const daysOf = (range: DayRange): ReadonlyArray<LocalDay> =>
  Array.from({ length: Math.max(0, dayCount(range)) }, (_, index) => plusDays(range.from, index))

/** Every day of the range with its bounds: each ends where the next begins. */
export const daySpans = (range: DayRange, zone: DateTime.TimeZone): ReadonlyArray<DaySpan> => {
  let from = startOfDay(range.from, zone)
  return daysOf(range).map((day) => {
    const span = { day, from, to: endOfDay(day, zone) }
    from = span.to
    return span
  })
}

/** The time from the beginning of the first day to the end of the last. */
export const spanOf = ({ from, to }: DayRange, zone: DateTime.TimeZone): Span => ({
  from: startOfDay(from, zone),
  to: endOfDay(to, zone)
})
