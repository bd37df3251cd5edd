/** Where an instant stands on the clock face of a day, of which a change of the clocks makes one of 23 or of 25 hours. */
import { DateTime } from "effect"

/** A change of the clocks in the course of a day. */
export interface ClockChange {
  readonly at: DateTime.Utc
  /** Minutes after midnight that the clocks show just before, and from then on. */
  readonly before: number
  readonly after: number
}

/** A day as its owner's clock shows it. */
export interface DayScale {
  readonly start: number
  readonly end: number
  readonly change: ClockChange | undefined
  /** Minutes after midnight on the clock, 0 to 1,440; instants outside the day stand at its edges. */
  readonly minuteOf: (instant: DateTime.Utc) => number
  /** Minutes of a clock that nobody changes: up to 1,500 on a day on which the clocks go back. */
  readonly elapsedOf: (instant: DateTime.Utc) => number
  /** Whether the clocks show this time for the second time on this day. */
  readonly isRepeated: (instant: DateTime.Utc) => boolean
}

const dayMinutes = 1440

const wallMinute = (millis: number, zone: DateTime.TimeZone): number => {
  const { hour, minute, second } = DateTime.toParts(DateTime.setZone(DateTime.makeUnsafe(millis), zone))
  return hour * 60 + minute + second / 60
}

const offsetAt = (millis: number, zone: DateTime.TimeZone): number =>
  DateTime.zonedOffset(DateTime.setZone(DateTime.makeUnsafe(millis), zone))

/** The first instant, to the second, with another offset than the start; zones change at whole seconds. */
const changeBetween = (start: number, end: number, zone: DateTime.TimeZone): number | undefined => {
  const before = offsetAt(start, zone)
  if (offsetAt(end - 1, zone) === before) return undefined
  let low = start
  let high = end
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (middle === low) break
    if (offsetAt(middle, zone) === before) low = middle
    else high = middle
  }
  return high
}

export const dayScale = (
  bounds: { readonly start: DateTime.Utc; readonly end: DateTime.Utc },
  zone: DateTime.TimeZone
): DayScale => {
  const start = bounds.start.epochMilliseconds
  const end = bounds.end.epochMilliseconds
  const first = wallMinute(start, zone)
  const changed = changeBetween(start, end, zone)
  const change = changed === undefined ? undefined : {
    at: DateTime.makeUnsafe(changed),
    before: first + (changed - start) / 60_000,
    after: first + (changed - start) / 60_000 + (offsetAt(changed, zone) - offsetAt(start, zone)) / 60_000
  }
  const minuteOf = (instant: DateTime.Utc): number => {
    const millis = Math.min(Math.max(instant.epochMilliseconds, start), end)
    if (millis === end) return dayMinutes
    const shift = change !== undefined && millis >= change.at.epochMilliseconds ? change.after - change.before : 0
    return Math.min(first + (millis - start) / 60_000 + shift, dayMinutes)
  }
  const elapsedOf = (instant: DateTime.Utc): number =>
    first + (Math.min(Math.max(instant.epochMilliseconds, start), end) - start) / 60_000
  const isRepeated = (instant: DateTime.Utc): boolean =>
    change !== undefined && change.after < change.before && instant.epochMilliseconds >= change.at.epochMilliseconds &&
    minuteOf(instant) < change.before
  return { start, end, change, minuteOf, elapsedOf, isRepeated }
}

/** A stretch of the clock face. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Of the time that the clocks show twice: which of the two passes. */
  readonly pass: "only" | "first" | "second"
}

/**
 * The part of `[from, to)` that lies in the day, on the clock face. Across a change of the clocks it is several: what comes
 * before and what after, with the time that is shown twice by itself in each pass.
 */
export const stretches = (scale: DayScale, from: DateTime.Utc, to: DateTime.Utc): ReadonlyArray<Stretch> => {
  const begin = Math.max(from.epochMilliseconds, scale.start)
  const finish = Math.min(to.epochMilliseconds, scale.end)
  if (finish <= begin) return []
  const { change } = scale
  const minute = (millis: number) => scale.minuteOf(DateTime.makeUnsafe(millis))
  if (change === undefined) return [{ from: minute(begin), to: minute(finish), pass: "only" }]
  const at = change.at.epochMilliseconds
  const repeated = Math.max(0, change.before - change.after) * 60_000
  // the edges of the time that comes twice, and of what is around it
  const edges = [scale.start, at - repeated, at, at + repeated, scale.end]
  const passes = ["only", "first", "second", "only"] as const
  return passes.flatMap((pass, index) => {
    const low = Math.max(begin, edges[index] ?? begin)
    const high = Math.min(finish, edges[index + 1] ?? finish)
    if (high <= low) return []
    // the end of a part is told from within it: at the edge itself the clocks show something else
    const length = (high - low) / 60_000
    const start = minute(low)
    return [{ from: start, to: Math.min(start + length, dayMinutes), pass }]
  })
}
