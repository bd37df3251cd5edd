/** What some days come to, in the numbers of a report. Pure. */
import { Option } from "effect"
import { type DayRange, daysOf } from "../domain/DayRange.ts"
import type { LocalDay } from "../domain/LocalDay.ts"
import { type Measure, measureKind, MeasureName } from "../domain/Report.ts"
import type { BodyDay, Night } from "../records/Body.ts"
import type { DayTotals } from "../records/Totals.ts"
import type { Coverage, Covered } from "./Coverage.ts"

/** What is known of a day. */
export interface DayFacts {
  readonly day: LocalDay
  readonly plays: number
  readonly listened_minutes: number
  readonly events: number
  readonly asleep_hours: number | null
  readonly sleep_score: number | null
  readonly readiness_score: number | null
  readonly activity_score: number | null
  readonly steps: number | null
  readonly active_kilocalories: number | null
  readonly stress_minutes: number | null
}

/** What some days come to without their sums: things are told apart over all of them together. */
export interface RangeFacts {
  readonly range: DayRange
  readonly artists: number
  readonly tracks: number
  readonly events: number
  readonly event_hours: number
}

export const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Of the main period of sleep from which the person woke on the day. */
const asleepOf = (nights: ReadonlyArray<Night>): number | null => {
  const seconds = nights
    .filter(({ type }) => Option.contains(type, "long_sleep"))
    .flatMap(({ total_sleep_duration }) => Option.toArray(total_sleep_duration))
  return seconds.length === 0 ? null : rounded(Math.max(...seconds) / 3600, 1)
}

export const dayFacts = (
  { day, events, listened, plays }: DayTotals,
  body: BodyDay | undefined,
  nights: ReadonlyArray<Night>
): DayFacts => {
  const of = <A>(row: Option.Option<A> | undefined, field: (row: A) => Option.Option<number>): number | null =>
    Option.getOrNull(Option.flatMap(row ?? Option.none(), field))
  const stress = of(body?.stress, ({ stress_high }) => stress_high)
  return {
    day,
    plays,
    listened_minutes: Math.round(listened / 60_000),
    events,
    asleep_hours: asleepOf(nights),
    sleep_score: of(body?.sleep, ({ score }) => score),
    readiness_score: of(body?.readiness, ({ score }) => score),
    activity_score: of(body?.activity, ({ score }) => score),
    steps: of(body?.activity, ({ steps }) => steps),
    active_kilocalories: of(body?.activity, ({ active_calories }) => active_calories),
    stress_minutes: stress === null ? null : Math.round(stress / 60)
  }
}

/** Nothing, at a time of which nothing was recorded, is not known. */
export const orUnknown = (sum: number, covered: Covered): number | null => sum === 0 && covered === "none" ? null : sum

/** Sums of days, and counts over all of them. */
const summed: {
  readonly [M in MeasureName]?: (days: ReadonlyArray<DayFacts>, all: RangeFacts) => number
} = {
  plays: (days) => days.reduce((sum, { plays }) => sum + plays, 0),
  listened_minutes: (days) => days.reduce((sum, { listened_minutes }) => sum + listened_minutes, 0),
  artists: (_, { artists }) => artists,
  tracks: (_, { tracks }) => tracks,
  events: (_, { events }) => events,
  event_hours: (_, { event_hours }) => event_hours
}

/** What the ring measures, of each day by itself. */
const daily: { readonly [M in MeasureName]?: (day: DayFacts) => number | null } = {
  asleep_hours: ({ asleep_hours }) => asleep_hours,
  sleep_score: ({ sleep_score }) => sleep_score,
  readiness_score: ({ readiness_score }) => readiness_score,
  activity_score: ({ activity_score }) => activity_score,
  steps: ({ steps }) => steps,
  active_kilocalories: ({ active_kilocalories }) => active_kilocalories,
  stress_minutes: ({ stress_minutes }) => stress_minutes
}

const meanOf = (values: ReadonlyArray<number>, digits: number): number | null =>
  values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length, digits)

const digitsOf = (name: MeasureName): number => name === "asleep_hours" ? 1 : 0

/**
 * The measures of the first of the ranges, against the others. A sum counts for the comparison when all of its days were
 * recorded, and a mean when the ring has measured any.
 */
export const measuresOf = (
  facts: ReadonlyMap<LocalDay, DayFacts>,
  ranges: readonly [RangeFacts, ...ReadonlyArray<RangeFacts>],
  coverage: Coverage,
  over: boolean
): ReadonlyArray<Measure> =>
  MeasureName.literals.map((name) => {
    const kind = measureKind[name]
    const read = (all: RangeFacts): { readonly value: number | null; readonly complete: boolean } => {
      const days = daysOf(all.range).flatMap((day) => facts.get(day) ?? [])
      const sum = summed[name]
      if (sum !== undefined) {
        const covered = coverage.of(kind, all.range)
        return { value: orUnknown(sum(days, all), covered), complete: covered === "whole" }
      }
      const values = days.flatMap((day) => daily[name]?.(day) ?? [])
      return { value: meanOf(values, digitsOf(name)), complete: values.length === days.length }
    }
    const [now, ...before] = ranges
    const { complete, value } = read(now)
    const comparable = before.map(read).flatMap((one) =>
      one.value !== null && (name in daily || one.complete) ? [one.value] : []
    )
    return { name, value, complete: complete && over, usual: meanOf(comparable, 1), compared: comparable.length }
  })
