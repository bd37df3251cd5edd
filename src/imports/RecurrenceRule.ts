/** `RRULE` of RFC 5545, read. Rules that repeat within a day are refused: no calendar is kept by the hour. */
import { Result } from "effect"

export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY"

/** A weekday, 0 for Monday, and which of its kind in the month or year; 0 for each of them, negative from the end. */
export interface RuleDay {
  readonly weekday: number
  readonly nth: number
}

export interface RecurrenceRule {
  readonly frequency: Frequency
  readonly interval: number
  readonly count: number | undefined
  /** As it stands there. */
  readonly until: string | undefined
  readonly weekStart: number
  readonly months: ReadonlyArray<number>
  readonly weeks: ReadonlyArray<number>
  readonly yearDays: ReadonlyArray<number>
  readonly monthDays: ReadonlyArray<number>
  readonly days: ReadonlyArray<RuleDay>
  readonly positions: ReadonlyArray<number>
}

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

const isFrequency = (text: string): text is Frequency => /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(text)

/** Nobody lists more in a rule. */
const longestList = 400

/** The numbers of a list that lie between 1 and `most`, or by their amount from the end; nothing where one does not. */
const numbers = (text: string | undefined, most: number, fromEnd: boolean): ReadonlyArray<number> | undefined => {
  const list = text === undefined ? [] : text.split(",")
  const read = list.map((part) => /^[+-]?\d{1,3}$/.test(part) ? Number(part) : 0)
  const isRight = (number: number) => number !== 0 && Math.abs(number) <= most && (fromEnd || number > 0)
  return list.length <= longestList && read.every(isRight) ? read : undefined
}

const ruleDays = (text: string | undefined): ReadonlyArray<RuleDay> | undefined => {
  const list = text === undefined ? [] : text.split(",")
  const read = list.flatMap((part): ReadonlyArray<RuleDay> => {
    const [, nth = "", name = ""] = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(part) ?? []
    return name === "" || Math.abs(Number(nth)) > 53 ? [] : [{ weekday: weekdays.indexOf(name), nth: Number(nth) }]
  })
  return list.length <= longestList && read.length === list.length ? read : undefined
}

const positive = (text: string | undefined, otherwise: number | undefined): number | undefined =>
  text === undefined ? otherwise : /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : Number.NaN

/** The parts that are read; with another the rule means something else. */
const readable: ReadonlySet<string> = new Set([
  "FREQ",
  "INTERVAL",
  "COUNT",
  "UNTIL",
  "WKST",
  "BYMONTH",
  "BYWEEKNO",
  "BYYEARDAY",
  "BYMONTHDAY",
  "BYDAY",
  "BYSETPOS"
])

/** The rule, or why it cannot be followed. */
export const ruleOf = (text: string): Result.Result<RecurrenceRule, string> => {
  const parts = new Map<string, string>()
  for (const part of text.trim().toUpperCase().replace(/;$/, "").split(";")) {
    const [name = "", value = ""] = part.split("=", 2)
    if (!readable.has(name.trim())) return Result.fail(`its rule has ${name.slice(0, 20)}, which is not followed`)
    parts.set(name.trim(), value.trim())
  }
  const frequency = parts.get("FREQ") ?? ""
  if (!isFrequency(frequency)) {
    return Result.fail(
      /^(?:SECONDLY|MINUTELY|HOURLY)$/.test(frequency)
        ? `it repeats more often than daily (${frequency}), which is not followed`
        : "its rule does not say how often it repeats"
    )
  }
  const interval = positive(parts.get("INTERVAL"), 1)
  const count = positive(parts.get("COUNT"), undefined)
  const weekStart = weekdays.indexOf(parts.get("WKST") ?? "MO")
  const months = numbers(parts.get("BYMONTH"), 12, false)
  const weeks = numbers(parts.get("BYWEEKNO"), 53, true)
  const yearDays = numbers(parts.get("BYYEARDAY"), 366, true)
  const monthDays = numbers(parts.get("BYMONTHDAY"), 31, true)
  const positions = numbers(parts.get("BYSETPOS"), 366, true)
  const days = ruleDays(parts.get("BYDAY"))
  if (
    months === undefined || weeks === undefined || yearDays === undefined || monthDays === undefined ||
    positions === undefined || days === undefined || interval === undefined || weekStart < 0 ||
    Number.isNaN(interval) || Number.isNaN(count)
  ) return Result.fail(`its rule cannot be read: ${text.slice(0, 200)}`)
  return Result.succeed({
    frequency,
    interval,
    count,
    until: parts.get("UNTIL"),
    weekStart,
    months,
    weeks,
    yearDays,
    monthDays,
    days,
    positions
  })
}
