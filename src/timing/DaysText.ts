import type { CronSeries } from "./CronSeries.ts"
import { allOf, isAll, isRun, listed, numbered } from "./NumbersText.ts"

const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]
const weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** Names of consecutive values from three on as `Monday to Friday`, others as a list. */
const namesOf = (values: ReadonlyArray<number>, nameOf: (value: number) => string): string =>
  isRun(values) ? `${nameOf(values[0] ?? 0)} to ${nameOf(values.at(-1) ?? 0)}` : listed(values.map(nameOf))

const monthName = (month: number): string => monthNames[month - 1] ?? String(month)
const weekdayName = (weekday: number): string => weekdayNames[weekday % 7] ?? String(weekday)

/** On which days an expression runs: `every day`, `every Monday in January`, `on day 13 of every month or on a Friday`. */
export const daysOf = ({ cron, fields }: CronSeries): string => {
  const days = allOf(cron.days, 1, 31)
  const weekdays = mondayFirst(allOf(cron.weekdays, 0, 6))
  const months = allOf(cron.months, 1, 12)
  const bothRestricted = cron.days.size > 0 && cron.weekdays.size > 0
  // Vixie's rule, which is Effect's: either day is enough, unless one of the two fields begins with a star
  const either = bothRestricted && !fields.dayOfMonth.startsWith("*") && !fields.dayOfWeek.startsWith("*")
  const anyDay = isAll(days, 31)
  const anyWeekday = isAll(weekdays, 7)
  const monthsText = namesOf(months, monthName)
  const inMonths = isAll(months, 12) ? "" : isRun(months) ? ` from ${monthsText}` : ` in ${monthsText}`
  const ofMonths = isAll(months, 12)
    ? "of every month"
    : isRun(months)
    ? `of every month${inMonths}`
    : `of ${monthsText}`
  const onDays = `on ${numbered("day", days)} ${ofMonths}`
  if (either ? anyDay || anyWeekday : anyDay && anyWeekday) return `every day${inMonths}`
  if (anyDay) return `${everyWeekday(weekdays)}${inMonths}`
  if (anyWeekday) return onDays
  return either
    ? `${onDays}, and also ${everyWeekday(weekdays)}${inMonths}`
    : `${onDays}, if that is a ${listed(weekdays.map(weekdayName)).replace(/ and (?=\w+$)/, " or ")}`
}

/** A week begins with Monday, so that Saturday and Sunday are neighbours. */
const mondayFirst = (weekdays: ReadonlyArray<number>): ReadonlyArray<number> =>
  weekdays.map((weekday) => weekday === 0 ? 7 : weekday).toSorted((a, b) => a - b)

const everyWeekday = (weekdays: ReadonlyArray<number>): string =>
  isRun(weekdays) ? `from ${namesOf(weekdays, weekdayName)}` : `every ${namesOf(weekdays, weekdayName)}`
