/** Weeks by their names, such as `2026-W48` (ISO 8601): from Monday to Sunday. */
import { DateTime, Schema } from "effect"
import type { DayRange } from "./DayRange.ts"
import { daysBetween, LocalDay, plusDays } from "./LocalDay.ts"

/** 1 is Monday, 7 Sunday. */
const weekdayOf = (day: LocalDay): number => {
  const { weekDay } = DateTime.toPartsUtc(DateTime.makeUnsafe(`${day}T12:00:00Z`))
  return weekDay === 0 ? 7 : weekDay
}

const mondayOf = (day: LocalDay): LocalDay => plusDays(day, 1 - weekdayOf(day))

/** The name of the week that the day is in: its year is that of its Thursday. */
export const isoWeekOf = (day: LocalDay): string => {
  const thursday = plusDays(mondayOf(day), 3)
  const newYear = LocalDay.make(`${thursday.slice(0, 4)}-01-01`)
  return `${thursday.slice(0, 4)}-W${String(Math.floor(daysBetween(newYear, thursday) / 7) + 1).padStart(2, "0")}`
}

/** The days of the week; the 4th of January is in the first one. */
export const daysOfWeek = (week: string): DayRange => {
  const from = plusDays(mondayOf(LocalDay.make(`${week.slice(0, 4)}-01-04`)), (Number(week.slice(6)) - 1) * 7)
  return { from, to: plusDays(from, 6) }
}

/** The name of a week that there is: some years have no 53rd. */
export const IsoWeek = Schema.String.check(
  Schema.makeFilter((text) =>
    /^(19[7-9]\d|20\d\d|21\d\d)-W(0[1-9]|[1-4]\d|5[0-3])$/.test(text) && isoWeekOf(daysOfWeek(text).from) === text ||
    "expected a week such as 2026-W48"
  )
).annotate({ description: "A week from Monday to Sunday, such as 2026-W48" })
