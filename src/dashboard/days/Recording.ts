/** Whether a time in which there is nothing was a quiet one, or one of which nothing is known. */
import { Option } from "effect"
import type { Recorded } from "../../api/DataMessages.ts"
import { endOfDay, startOfDay } from "../../domain/LocalDay.ts"
import type { RecordKind } from "../../domain/RecordKind.ts"
import type { Owner } from "../frame/Owner.ts"
import type { DayRange } from "./Ranges.tsx"

/**
 * What is known of some days.
 *
 * - `all`: what is not there did not happen
 * - `partly`: there may be more
 * - `nothing`: none of it was recorded
 * - `ahead`: they are still to come
 */
export type Recording = "all" | "partly" | "nothing" | "ahead"

/** What is known of the days, of one kind of records. */
export const recordingOf = (
  { now, zone }: Owner,
  range: DayRange,
  kind: RecordKind,
  { coverage, unrecorded }: Recorded
): Recording => {
  if (coverage.some((known) => known.kind === kind && Option.isNone(known.until))) return "nothing"
  const start = startOfDay(range.from, zone).epochMilliseconds
  const end = Math.min(endOfDay(range.to, zone).epochMilliseconds, now.epochMilliseconds)
  // a calendar tells of the days to come as well
  if (end <= start) return kind === "calendar" ? "all" : "ahead"
  const parts = unrecorded
    .filter((part) => part.kind === kind)
    .map(({ from, to }) => ({ from: from.epochMilliseconds, to: to.epochMilliseconds }))
    .filter(({ from, to }) => from < end && to > start)
    .toSorted((one, other) => one.from - other.from)
  const reach = parts.reduce((covered, { from, to }) => from <= covered ? Math.max(covered, to) : covered, start)
  return parts.length === 0 ? "all" : reach >= end ? "nothing" : "partly"
}

/** What stands where there is nothing; `quiet` is said when that is known. */
export const nothingText = (recording: Recording, quiet: string): string => {
  switch (recording) {
    case "all":
      return quiet
    case "partly":
      return "Nothing was recorded, and perhaps not all was."
    case "nothing":
      return "Not recorded."
    case "ahead":
      return "Still to come."
  }
}

/** A figure, and what is to be said of it: a nought that is not known to be one is a dash. */
export const figureOf = (recording: Recording, value: number, text: (value: number) => string) => ({
  value: value === 0 && recording !== "all" ? "–" : text(value),
  note: recording === "all" || value === 0 ? "" : "perhaps not all"
})
