/** How much of some days was recorded: what is not there did not happen, or nobody wrote it down. */
import type { DateTime } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import type { RecordKind } from "../domain/RecordKind.ts"
import { without } from "../domain/Unrecorded.ts"
import type { Unrecorded } from "../records/Recorded.ts"

/** Whether all of some time was recorded, or a part of it, or nothing. */
export type Covered = "whole" | "part" | "none"

export interface Coverage {
  readonly of: (kind: RecordKind, range: DayRange) => Covered
  /** The stretches within the days. */
  readonly gaps: (range: DayRange) => ReadonlyArray<Unrecorded>
  /** How much is not known of the days, by kinds of which anything is missing. */
  readonly blindSpots: (range: DayRange) => ReadonlyArray<
    { readonly kind: RecordKind; readonly stretches: number; readonly hours: number }
  >
}

interface Stretch {
  readonly from: number
  readonly to: number
}

/** Over stretches that may overlap; of the time after `now` nothing is recorded. */
export const coverageOf = (
  unrecorded: ReadonlyArray<Unrecorded>,
  zone: DateTime.TimeZone,
  now: DateTime.Utc
): Coverage => {
  const within = (range: DayRange): ReadonlyArray<Unrecorded> => {
    const { from, to } = spanOf(range, zone)
    return unrecorded.filter((one) =>
      one.from.epochMilliseconds < to.epochMilliseconds && one.to.epochMilliseconds > from.epochMilliseconds
    ).map((one) => ({
      ...one,
      from: one.from.epochMilliseconds < from.epochMilliseconds ? from : one.from,
      to: one.to.epochMilliseconds > to.epochMilliseconds ? to : one.to
    }))
  }
  const left = (whole: Stretch, missing: ReadonlyArray<Unrecorded>): number =>
    without(whole, missing.map(({ from, to }) => ({ from: from.epochMilliseconds, to: to.epochMilliseconds })))
      .reduce((sum, { from, to }) => sum + to - from, 0)
  const spanned = (range: DayRange): Stretch => {
    const { from, to } = spanOf(range, zone)
    return { from: from.epochMilliseconds, to: Math.min(to.epochMilliseconds, now.epochMilliseconds) }
  }
  return {
    gaps: within,
    of: (kind, range) => {
      const whole = spanned(range)
      if (whole.to <= whole.from) return "none"
      const missing = within(range).filter((one) => one.kind === kind)
      if (missing.length === 0) return "whole"
      return left(whole, missing) === 0 ? "none" : "part"
    },
    blindSpots: (range) => {
      const whole = spanned(range)
      return [...Map.groupBy(within(range), ({ kind }) => kind)].map(([kind, missing]) => ({
        kind,
        stretches: missing.length,
        hours: Math.round((whole.to - whole.from - left(whole, missing)) / 360_000) / 10
      }))
    }
  }
}
