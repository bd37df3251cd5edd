/**
 * The days of a rule, by RFC 5545. A period of the rule (a day, week, month or year) is a set of days, of which the rule's parts leave
 * some. The work is bounded by the days up to the last one asked for, whatever the rule says: of the libraries that were tried, each
 * came to no end with some rule that names no day.
 */
import { civilOf, dayNumber, firstOfMonth, firstOfYear, monthLength, weekdayOf } from "./Civil.ts"
import type { RecurrenceRule, RuleDay } from "./RecurrenceRule.ts"

/** What the rule leaves open is taken from the first day. */
const filled = (rule: RecurrenceRule, start: number): RecurrenceRule => {
  const { days, frequency, monthDays, months, weeks, yearDays } = rule
  if (days.length > 0 || monthDays.length > 0 || yearDays.length > 0) return rule
  const { day, month } = civilOf(start)
  const weekday = [{ weekday: weekdayOf(start), nth: 0 }]
  if (frequency === "WEEKLY" || weeks.length > 0) return { ...rule, days: weekday }
  if (frequency === "MONTHLY") return { ...rule, monthDays: [day] }
  if (frequency === "YEARLY") return { ...rule, months: months.length > 0 ? months : [month], monthDays: [day] }
  return rule
}

/** First day of week 1 of the year: that which has four days of it at least. */
const firstWeek = (year: number, weekStart: number): number => {
  const start = firstOfYear(year)
  const passed = (weekdayOf(start) - weekStart + 7) % 7
  return passed <= 3 ? start - passed : start + 7 - passed
}

const isInWeeks = (day: number, { weekStart, weeks }: RecurrenceRule): boolean => {
  const { year } = civilOf(day)
  const of = day >= firstWeek(year + 1, weekStart) ? year + 1 : day < firstWeek(year, weekStart) ? year - 1 : year
  const begin = firstWeek(of, weekStart)
  const length = (firstWeek(of + 1, weekStart) - begin) / 7
  const week = Math.floor((day - begin) / 7) + 1
  return weeks.includes(week) || weeks.includes(week - length - 1)
}

/** Whether the day is the one meant among those of its weekday from `from` on, `length` days in all. */
const isNth = (day: number, { nth, weekday }: RuleDay, from: number, length: number): boolean =>
  weekdayOf(day) === weekday &&
  (nth === 0 || (nth > 0
    ? Math.floor((day - from) / 7) + 1 === nth
    : Math.floor((from + length - 1 - day) / 7) + 1 === -nth))

const isAmongDays = (day: number, rule: RecurrenceRule, year: number, month: number): boolean => {
  const { days, frequency, months } = rule
  if (frequency === "YEARLY" && months.length === 0) {
    const from = firstOfYear(year)
    return days.some((one) => isNth(day, one, from, firstOfYear(year + 1) - from))
  }
  if (frequency === "YEARLY" || frequency === "MONTHLY") {
    return days.some((one) => isNth(day, one, firstOfMonth(year, month), monthLength(year, month)))
  }
  return days.some(({ weekday }) => weekdayOf(day) === weekday)
}

const belongs = (day: number, rule: RecurrenceRule): boolean => {
  const { days, monthDays, months, weeks, yearDays } = rule
  const civil = civilOf(day)
  const { month, year } = civil
  if (months.length > 0 && !months.includes(month)) return false
  if (monthDays.length > 0) {
    if (!monthDays.includes(civil.day) && !monthDays.includes(civil.day - monthLength(year, month) - 1)) return false
  }
  if (yearDays.length > 0) {
    const ofYear = day - firstOfYear(year) + 1
    if (!yearDays.includes(ofYear) && !yearDays.includes(day - firstOfYear(year + 1))) return false
  }
  if (weeks.length > 0 && !isInWeeks(day, rule)) return false
  return days.length === 0 || isAmongDays(day, rule, year, month)
}

/** The periods of the rule that begin no later than the last day. */
function* periods(
  { frequency, interval, weekStart }: RecurrenceRule,
  start: number,
  last: number
): Generator<readonly [from: number, length: number]> {
  const { month, year } = civilOf(start)
  switch (frequency) {
    case "DAILY":
      for (let day = start; day <= last; day += interval) yield [day, 1]
      return
    case "WEEKLY": {
      const week = start - ((weekdayOf(start) - weekStart + 7) % 7)
      for (let day = week; day <= last; day += 7 * interval) yield [day, 7]
      return
    }
    case "MONTHLY":
      for (let months = year * 12 + month - 1;; months += interval) {
        const [of, number] = [Math.floor(months / 12), months % 12 + 1]
        const from = dayNumber({ year: of, month: number, day: 1 })
        if (from > last) return
        yield [from, monthLength(of, number)]
      }
    case "YEARLY":
      for (let of = year; firstOfYear(of) <= last; of += interval) {
        yield [firstOfYear(of), firstOfYear(of + 1) - firstOfYear(of)]
      }
  }
}

/** What of a period is looked at: of a year the months that the rule names, where it names some. */
const stretches = (
  { frequency, months }: RecurrenceRule,
  from: number,
  length: number
): ReadonlyArray<readonly [from: number, length: number]> => {
  if (frequency !== "YEARLY" || months.length === 0) return [[from, length]]
  const { year } = civilOf(from)
  return [...new Set(months)].toSorted((one, other) => one - other).map((month) => [
    firstOfMonth(year, month),
    monthLength(year, month)
  ])
}

/** The days of the rule from the first one on, which is always one of them, up to the last; `count` and `until` are not looked at. */
export function* daysOfRule(given: RecurrenceRule, start: number, last: number): Generator<number> {
  const rule = filled(given, start)
  if (start <= last) yield start
  for (const [from, length] of periods(rule, start, last)) {
    const days: Array<number> = []
    for (const [first, count] of stretches(rule, from, length)) {
      for (let day = first; day < first + count; day++) if (belongs(day, rule)) days.push(day)
    }
    const chosen = rule.positions.length === 0
      ? days
      : days.filter((_, index) => rule.positions.includes(index + 1) || rule.positions.includes(index - days.length))
    for (const day of chosen) if (day > start && day <= last) yield day
  }
}
