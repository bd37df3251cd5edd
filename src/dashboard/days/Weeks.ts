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

/** How far a page goes back and ahead, in days. */
const reach = 36_500

/** A whole number of the query within reach; none when it is no number. */
const offsetIn = (text: string): Option.Option<number> =>
  /^-?\d{1,5}$/.test(text) && Math.abs(Number(text)) <= reach ? Option.some(Number(text)) : Option.none()

const dayIn = Schema.decodeOption(LocalDay)

/** `?week=-1` is the week before this one, `?week=2026-03-29` the one with that day; anything else is this week. */
export const weekAsked = ({ today, weekStartsOn }: Owner, text: string): LocalDay => {
  const week = (day: LocalDay) => weekStart(day, weekStartsOn)
  return Option.getOrElse(
    Option.orElse(
      Option.map(
        Option.filter(offsetIn(text), (weeks) => Math.abs(weeks) <= reach / 7),
        (weeks) => plusDays(week(today), weeks * 7)
      ),
      () => Option.map(Option.filter(dayIn(text), isNear(today)), week)
    ),
    () => week(today)
  )
}

/** `?day=-1` is yesterday, `?day=2026-03-29` that day; anything else is today. */
export const dayAsked = ({ today }: Owner, text: string): LocalDay =>
  Option.getOrElse(
    Option.orElse(
      Option.map(offsetIn(text), (days) => plusDays(today, days)),
      () => Option.filter(dayIn(text), isNear(today))
    ),
    () => today
  )

const isNear = (today: LocalDay) => (day: LocalDay): boolean => Math.abs(daysBetween(today, day)) <= reach

/** How many weeks after this one the week is that begins with the day. */
export const weekOffset = ({ today, weekStartsOn }: Owner, start: LocalDay): number =>
  Math.round(daysBetween(weekStart(today, weekStartsOn), start) / 7)

/** The number of the week (ISO 8601, 5.7.2.2): that of the year in which its Thursday is. */
export const isoWeek = (day: LocalDay): number => {
  const thursday = plusDays(day, 4 - weekdayOf(day))
  const newYear = LocalDay.make(`${thursday.slice(0, 4)}-01-01`)
  return Math.floor(daysBetween(newYear, thursday) / 7) + 1
}
