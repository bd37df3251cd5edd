import { Option, Result } from "effect"
import type { Dst } from "../domain/Dst.ts"
import { ianaZone } from "../domain/TimeZones.ts"
import { CronMistake, quoted } from "./CronMistake.ts"
import { compile, type CronSeries } from "./CronSeries.ts"
import { type Calendar, type ClockNote, latest, nextTick, noteOf, type SkippedTime, skippedTimes } from "./CronTicks.ts"

/** When a schedule is to run. Small, since many are held at once: what an expression comes to is kept elsewhere. */
export type Timing =
  /** So long after the end of a run: it has no series of its own. */
  | { readonly _tag: "Interval"; readonly millis: number }
  /** `@every 15s`: a fixed rate, counted from 1970-01-01T00:00:00Z, so that every process finds the same ticks. */
  | { readonly _tag: "Every"; readonly millis: number }
  /** Times of the wall clock of a zone; the expression and the zone are kept as given. */
  | { readonly _tag: "Cron"; readonly expression: string; readonly timezone: string; readonly dst: Dst }

/**
 * Reads five fields such as `0 9 * * MON`, six with the second first, a macro such as `@daily`, or `@every 15s`.
 *
 * Where both the day of month and the day of week are restricted, either is enough; where one of the two begins with
 * `*`, as in `1-7` with `*` and a step, both must hold. An expression whose day never comes is refused.
 */
export const parse = (text: string, timezone: string, dst: Dst): Result.Result<Timing, CronMistake> =>
  compile(text).pipe(
    Result.map((compiled): Timing =>
      compiled._tag === "Every"
        ? { _tag: "Every", millis: compiled.millis }
        : { _tag: "Cron", expression: text, timezone, dst }
    ),
    Result.filterOrFail(() => Option.isSome(ianaZone(timezone)), () => {
      const example = "\"Europe/Berlin\" or \"UTC\""
      const message = `${quoted(timezone)} is no time zone: expected an IANA id, e.g. ${example}`
      return new CronMistake({ message, expression: text, part: timezone, example })
    })
  )

const gapOf = ({ gap }: Dst, { everyHour }: CronSeries): Calendar["gap"] =>
  gap === "auto" ? (everyHour ? "skip" : "shift") : gap

const repeatOf = ({ repeat }: Dst, { hourWildcard }: CronSeries): Calendar["repeat"] =>
  repeat === "auto" ? (hourWildcard ? "twice" : "once") : repeat

/** What `parse` has let through compiles; a `Timing` made otherwise is a bug. */
const calendarOf = ({ dst, expression, timezone }: Extract<Timing, { readonly _tag: "Cron" }>): Calendar => {
  const series = Result.getOrThrow(compile(expression))
  if (series._tag === "Every") throw new Error(`${quoted(expression)} is a rate, no calendar`)
  return { series, timezone, gap: gapOf(dst, series), repeat: repeatOf(dst, series) }
}

/** The first tick after an instant, in milliseconds since 1970; none for an interval, and none from the year 3000 on. */
export const nextAfter = (timing: Timing, afterMillis: number): Option.Option<number> => {
  switch (timing._tag) {
    case "Interval":
      return Option.none()
    case "Every": {
      const tick = (Math.floor(afterMillis / timing.millis) + 1) * timing.millis
      return tick < latest ? Option.some(tick) : Option.none()
    }
    case "Cron":
      return nextTick(calendarOf(timing), afterMillis)
  }
}

/** All ticks with from < t <= to, in order, each worked out when it is asked for. */
export const ticksBetween = function*(
  timing: Timing,
  fromExclusive: number,
  toInclusive: number
): Generator<number, void> {
  let tick = nextAfter(timing, fromExclusive)
  while (Option.isSome(tick) && tick.value <= toInclusive) {
    yield tick.value
    tick = nextAfter(timing, tick.value)
  }
}

const ticksMeasured = 100
/** Four years: within them a calendar is much like itself. */
const longestMeasured = 1_461 * 86_400_000

/**
 * The least distance between two consecutive ticks among the next 100 after an instant, or those of the next four years
 * and the two that follow where there are fewer: what a jitter must stay below. For an interval, the interval.
 */
export const leastGap = (timing: Timing, at: number): number => {
  if (timing._tag !== "Cron") return timing.millis
  let least = Infinity
  let last = -Infinity
  let ticks = 0
  for (const tick of ticksBetween(timing, at, latest)) {
    least = Math.min(least, tick - last)
    last = tick
    ticks++
    if (ticks === ticksMeasured || (ticks > 1 && tick > at + longestMeasured)) break
  }
  return least
}

/** What a change of clocks did to a tick, with the time that the expression names. */
export type DstNote = ClockNote

/** What a change of clocks did to a tick; none for an instant that is no tick, and for most that are one. */
export const dstNote = (timing: Timing, tick: number): Option.Option<DstNote> =>
  timing._tag === "Cron" ? noteOf(calendarOf(timing), tick) : Option.none()

/** The times of the wall clock with from < at <= to at which nothing happens, since a change of clocks skips or repeats them. */
export const skippedBetween = (timing: Timing, from: number, to: number): ReadonlyArray<SkippedTime> =>
  timing._tag === "Cron" ? skippedTimes(calendarOf(timing), from, to) : []
