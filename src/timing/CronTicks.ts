/**
 * How the labels of an expression become instants of a zone. In a stretch without a change of clocks the ticks are its
 * labels, less those that the policy leaves to the first or to no showing of a repeated label; after a gap, the labels
 * that it skipped come as well, each at the offset that held before.
 */
import { DateTime, Option } from "effect"
import { type CronSeries, nextLabel } from "./CronSeries.ts"
import { type Span, spanAt } from "./WallClock.ts"

/** An expression in a zone, and what becomes of the labels that its clocks skip or repeat. */
export interface Calendar {
  readonly series: CronSeries
  readonly timezone: string
  readonly gap: "shift" | "skip"
  readonly repeat: "once" | "twice" | "skip"
}

/** The year 3000: nothing is looked for beyond it. */
export const latest = 32_503_680_000_000
const day = 86_400_000

/** The first label of a stretch that the policy leaves in, and the first one after them. */
const labelsOf = ({ repeat }: Calendar, { after, before, end, offset, start }: Span) => ({
  first: start + (before > offset && repeat !== "twice" ? before : offset),
  end: end + (after < offset && repeat === "skip" ? after : offset)
})

/** The first instant after `from` to which a label of the gap before the stretch is shifted, or Infinity. */
const shiftedAfter = ({ gap, series }: Calendar, { before, offset, start }: Span, from: number): number => {
  if (before >= offset || from >= start + offset - before || gap === "skip") return Infinity
  const label = nextLabel(series, Math.max(from, start - 1) + before)
  return label < start + offset ? label - before : Infinity
}

/** The first tick after an instant, before the year 3000. */
export const nextTick = (calendar: Calendar, after: number): Option.Option<number> => {
  let from = Math.floor(after)
  while (from < latest) {
    const span = spanAt(calendar.timezone, from + 1)
    const labels = labelsOf(calendar, span)
    const label = nextLabel(calendar.series, Math.max(from + span.offset, labels.first - 1))
    const own = label < labels.end ? label - span.offset : Infinity
    const tick = Math.min(own, shiftedAfter(calendar, span, from))
    if (tick < Infinity) return tick < latest ? Option.some(tick) : Option.none()
    // Labels before that one are over, unless the end of the stretch repeats them; and no offset is as much as a day.
    const repeats = from + span.offset >= span.end + span.after
    from = Math.max(span.end - 1, repeats ? -Infinity : label - 2 * day)
  }
  return Option.none()
}

/** Whether the expression names the instant, whatever happened to the clocks. */
const isTick = (calendar: Calendar, instant: number): boolean =>
  Option.contains(nextTick(calendar, instant - 1), instant)

/** What a change of clocks did to a tick, with the time that the expression names. */
export type ClockNote =
  | { readonly _tag: "Shifted"; readonly wall: string }
  | { readonly _tag: "First"; readonly wall: string }
  | { readonly _tag: "Second"; readonly wall: string }

/** None for an instant that is no tick, and for most that are one. */
export const noteOf = (calendar: Calendar, tick: number): Option.Option<ClockNote> => {
  if (!isTick(calendar, tick)) return Option.none()
  const { after, before, end, offset, start } = spanAt(calendar.timezone, tick)
  const label = tick + offset
  const named = nextLabel(calendar.series, label - 1) === label
  if (!named) return Option.some({ _tag: "Shifted", wall: wallOf(tick + before) })
  if (label < start + before) return Option.some({ _tag: "Second", wall: wallOf(label) })
  if (label >= end + after) return Option.some({ _tag: "First", wall: wallOf(label) })
  return Option.none()
}

/** A time of the wall clock at which nothing happens. */
export interface SkippedTime {
  /** As the expression names it, e.g. `2026-03-29T02:30:00`. */
  readonly wall: string
  readonly reason: "gap" | "repeat"
  /** When it would have come: shifted, or for the first time. */
  readonly at: number
}

/** In order; a time of a gap only where nothing else comes when it would have come. */
export const skippedTimes = (calendar: Calendar, from: number, to: number): ReadonlyArray<SkippedTime> => {
  const { gap, repeat, series, timezone } = calendar
  const skipped: Array<SkippedTime> = []
  let span = spanAt(timezone, Math.floor(from) - day)
  while (span.start <= to + day) {
    const { before, offset, start } = span
    const skips = before < offset
    if (skips ? gap === "skip" : before > offset && repeat === "skip") {
      const end = start + Math.max(before, offset)
      let label = nextLabel(series, start + Math.min(before, offset) - 1)
      for (; label < end; label = nextLabel(series, label)) {
        const at = label - before
        if (from < at && at <= to && !(skips && isTick(calendar, at))) {
          skipped.push({ wall: wallOf(label), reason: skips ? "gap" : "repeat", at })
        }
      }
    }
    span = spanAt(timezone, span.end)
  }
  return skipped
}

const wallOf = (label: number): string => DateTime.formatIso(DateTime.makeUnsafe(label)).slice(0, 19)
