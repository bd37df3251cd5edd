/** Which days a report is of, and what it is known by: `daily_reports:2026-11-26`, `weekly_reports:2026-W48`. */
import { Option, Schema } from "effect"
import type { DayRange } from "./DayRange.ts"
import { daysOfWeek, IsoWeek, isoWeekOf } from "./IsoWeek.ts"
import { LocalDay, plusDays } from "./LocalDay.ts"

export const ReportKind = Schema.Literals(["daily", "weekly"])
export type ReportKind = typeof ReportKind.Type

/** A day, or a week from Monday to Sunday. */
export interface ReportPeriod {
  readonly kind: ReportKind
  /** The day, or the week by its name (ISO 8601). */
  readonly name: string
}

const isDay = Schema.is(LocalDay)
const isWeek = Schema.is(IsoWeek)

/** The period that the day is in. */
export const periodWith = (kind: ReportKind, day: LocalDay): ReportPeriod => ({
  kind,
  name: kind === "daily" ? day : isoWeekOf(day)
})

/** The newest that is over when it is this day. */
export const lastEnded = (kind: ReportKind, today: LocalDay): ReportPeriod =>
  periodWith(kind, plusDays(today, kind === "daily" ? -1 : -7))

export const rangeOf = ({ kind, name }: ReportPeriod): DayRange => {
  if (kind === "weekly") return daysOfWeek(name)
  const day = LocalDay.make(name)
  return { from: day, to: day }
}

/** The same days of the week so many weeks before. */
export const weeksBefore = ({ from, to }: DayRange, weeks: number): DayRange => ({
  from: plusDays(from, -7 * weeks),
  to: plusDays(to, -7 * weeks)
})

export const keyOf = ({ kind, name }: ReportPeriod): string => `${kind}_reports:${name}`

/** The period of a key; none of a text that is none. */
export const periodOf = (key: string): Option.Option<ReportPeriod> => {
  const [family, name = ""] = key.split(":", 2)
  if (key !== `${family}:${name}`) return Option.none()
  if (family === "daily_reports" && isDay(name)) return Option.some({ kind: "daily", name })
  return family === "weekly_reports" && isWeek(name) ? Option.some({ kind: "weekly", name }) : Option.none()
}
