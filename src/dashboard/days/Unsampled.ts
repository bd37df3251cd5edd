/** Where the ring gave no heart rate, though nothing was missed: it was not worn, or has not been uploaded yet. */
import { DateTime, Option } from "effect"
import type { HeartRateDays, Recorded } from "../../api/DataMessages.ts"
import type { Span } from "../../domain/DayRange.ts"

/** A ring measures every few minutes; what is no longer than that is a measurement that failed, in milliseconds. */
const least = 30 * 60_000

/**
 * The stretches of more than half an hour up to now without any sample, but for what was not recorded, which is told by itself.
 * Where no heart rate was ever recorded there are none.
 */
export const unsampled = (
  { days, points, resolution_seconds }: HeartRateDays,
  { coverage, unrecorded }: Recorded,
  now: DateTime.Utc
): ReadonlyArray<Span> => {
  const start = days[0]?.start.epochMilliseconds
  const last = days.at(-1)?.end.epochMilliseconds
  if (start === undefined || last === undefined) return []
  if (coverage.some(({ kind, until }) => kind === "heart_rate" && Option.isNone(until))) return []
  const end = Math.min(last, now.epochMilliseconds)
  const known = [
    ...points.map(({ at }) => ({
      from: at.epochMilliseconds,
      // every sample by itself has no length
      to: at.epochMilliseconds + resolution_seconds * 1000
    })),
    ...unrecorded.filter(({ kind }) => kind === "heart_rate").map(({ from, to }) => ({
      from: from.epochMilliseconds,
      to: to.epochMilliseconds
    }))
  ].toSorted((one, other) => one.from - other.from)
  const spans: Array<Span> = []
  let reach = start
  for (const { from, to } of [...known, { from: end, to: end }]) {
    const until = Math.min(from, end)
    if (until - reach > least) spans.push({ from: DateTime.makeUnsafe(reach), to: DateTime.makeUnsafe(until) })
    reach = Math.max(reach, to)
  }
  return spans
}
