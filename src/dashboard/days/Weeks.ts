/** Weeks as the owner counts them. */
import { DateTime, Option, Schema } from "effect"
import { daysBetween, LocalDay, plusDays } from "../../domain/LocalDay.ts"
import type { Owner } from "../frame/Owner.ts"

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (day: LocalDay): number => {
  const { weekDay } = DateTime.toPartsUtc(DateTime.makeUnsafe(`${day}T12:00:00Z`))
  return weekDay === 0 ? 7 : weekDay
}

/** The first day of the week that the day is in. */
export const weekStart = (day: LocalDay, startsOn: number): LocalDay =>
  plusDays(day, -((weekdayOf(day) - startsOn + 7) % 7))

/** Within these the API tells of a day, and of the week around it. */
const first = LocalDay.make("1970-01-08")
const last = LocalDay.make("2200-12-24")

/** A whole number of the query; none when it is no number, or one that nobody would ask for. */
const offsetIn = (text: string): Option.Option<number> =>
  /^-?\d{1,5}$/.test(text) ? Option.some(Number(text)) : Option.none()

const dayIn = Schema.decodeOption(LocalDay)

/** The day that the query tells by its distance or by its date; today for anything else. */
const asked = (today: LocalDay, text: string, daysOf: (offset: number) => number): LocalDay =>
  Option.map(offsetIn(text), (offset) => plusDays(today, daysOf(offset))).pipe(
    Option.orElse(() => dayIn(text)),
    Option.filter((day) => day >= first && day <= last),
    Option.getOrElse(() => today)
  )

/** `?week=-1` is the week before this one, `?week=2026-03-29` the one with that day; anything else is this week. */
export const weekAsked = ({ today, weekStartsOn }: Owner, text: string): LocalDay =>
  weekStart(asked(today, text, (weeks) => weeks * 7), weekStartsOn)

/** `?day=-1` is yesterday, `?day=2026-03-29` that day; anything else is today. */
export const dayAsked = ({ today }: Owner, text: string): LocalDay => asked(today, text, (days) => days)

/** How many weeks after this one the week is that begins with the day. */
export const weekOffset = ({ today, weekStartsOn }: Owner, start: LocalDay): number =>
  Math.round(daysBetween(weekStart(today, weekStartsOn), start) / 7)

/** The number of the week (ISO 8601, 5.7.2.2): that of the year in which its Thursday is. */
export const isoWeek = (day: LocalDay): number => {
  const thursday = plusDays(day, 4 - weekdayOf(day))
  const newYear = LocalDay.make(`${thursday.slice(0, 4)}-01-01`)
  return Math.floor(daysBetween(newYear, thursday) / 7) + 1
}
