import { Result } from "effect"
import { type CronField, CronMistake, quoted } from "./CronMistake.ts"

/** What a field takes, and how a message shows it. */
interface Rules {
  readonly field: CronField
  readonly first: number
  readonly last: number
  /** What else counts as a value: 7 for Sunday. */
  readonly also?: number
  readonly names: ReadonlyArray<string>
  readonly range: string
  readonly example: string
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

const rules = (
  field: CronField,
  [first, last]: readonly [number, number],
  example: string,
  rest?: { readonly names: ReadonlyArray<string>; readonly range: string; readonly also?: number }
): Rules => ({ names: [], range: `${first}-${last}`, field, first, last, example, ...rest })

const second = rules("second", [0, 59], "\"*/10\" or \"0,30\"")
const minute = rules("minute", [0, 59], "\"*/5\" or \"0,30\"")
const hour = rules("hour", [0, 23], "\"*/2\" or \"9-17\"")
const dayOfMonth = rules("day of month", [1, 31], "\"1\" or \"1,15\"")
const month = rules("month", [1, 12], "\"JAN\" or \"*/3\"", { names: months, range: "1-12 or JAN-DEC" })
const dayOfWeek = rules("day of week", [0, 6], "\"MON-FRI\" or \"0,6\"", {
  names: weekdays,
  range: "0-7 or SUN-SAT",
  also: 7
})

/** The six fields of an expression, each as given; the second is `0` where five were given. */
export interface CronFields {
  readonly second: string
  readonly minute: string
  readonly hour: string
  readonly dayOfMonth: string
  readonly month: string
  readonly dayOfWeek: string
}

/** Takes an expression without a macro apart, and finds what is wrong with its fields, in their order. */
export const fieldsOf = (expression: string): Result.Result<CronFields, CronMistake> => {
  const texts = expression.trim().split(/\s+/).filter((text) => text !== "")
  if (texts.length === 5) texts.unshift("0")
  const [seconds, minutes, hours, days, inMonths, onWeekdays, ...rest] = texts
  if (
    seconds === undefined || minutes === undefined || hours === undefined || days === undefined ||
    inMonths === undefined || onWeekdays === undefined || rest.length > 0
  ) {
    return Result.fail(wrongCount(expression, texts.length))
  }
  const checks = [
    check(expression, seconds, second),
    check(expression, minutes, minute),
    check(expression, hours, hour),
    check(expression, days, dayOfMonth),
    check(expression, inMonths, month),
    check(expression, onWeekdays, dayOfWeek)
  ]
  return Result.map(Result.all(checks), () => ({
    second: seconds,
    minute: minutes,
    hour: hours,
    dayOfMonth: days,
    month: inMonths,
    dayOfWeek: onWeekdays
  }))
}

const wrongCount = (expression: string, count: number): CronMistake => {
  const example = "\"0 9 * * MON\""
  const expected = "expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first"
  const found = count === 0 ? "an empty text" : count === 1 ? "1 field" : `${count} fields`
  return new CronMistake({ message: `${expected}; found ${found}, e.g. ${example}`, expression, example })
}

const check = (expression: string, text: string, rule: Rules): Result.Result<void, CronMistake> => {
  const mistake = (part: string, message: string, range = rule.range) =>
    Result.fail(
      new CronMistake({ message, expression, field: rule.field, part, range, example: rule.example })
    )
  for (const part of text.split(",")) {
    if (part === "") {
      return mistake(
        text,
        `${quoted(text)} has an empty part: expected values between the commas, e.g. ${rule.example}`
      )
    }
    const unsupported = unsupportedIn(part, rule)
    if (unsupported !== undefined) return mistake(part, `${quoted(part)} is not supported: ${unsupported}`)
    const slash = part.indexOf("/")
    const values = slash === -1 ? part : part.slice(0, slash)
    if (values !== "*") {
      const dash = values.indexOf("-")
      const whole = dash <= 0 || dash === values.length - 1 || values.startsWith("*")
      const ends = whole ? [values] : [values.slice(0, dash), values.slice(dash + 1)]
      const wrong = ends.find((end) => valueOf(end, rule) === undefined)
      if (wrong !== undefined) return mistake(wrong, noValue(wrong, rule))
      const [from = 0, to = from] = ends.map((end) => valueOf(end, rule))
      if (from > to) return mistake(values, backwards(values, ends, rule))
    }
    if (slash !== -1) {
      const stepText = part.slice(slash + 1)
      const highest = rule.also ?? rule.last
      const step = /^\d+$/.test(stepText) ? Number(stepText) : 0
      if (step < 1 || step > highest) {
        const range = `1-${highest}`
        const message = stepText === ""
          ? `${quoted(part)} lacks its step: expected ${range} after the "/"`
          : `${quoted(stepText)} is no step for the ${rule.field}: expected ${range}`
        return mistake(stepText === "" ? part : stepText, `${message}, e.g. ${rule.example}`, range)
      }
    }
  }
  return Result.void
}

const valueOf = (text: string, rule: Rules): number | undefined => {
  const named = rule.names.indexOf(text.toUpperCase())
  if (named !== -1) return named + rule.first
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value === rule.also || (value >= rule.first && value <= rule.last) ? value : undefined
}

const noValue = (text: string, rule: Rules): string => {
  const name = rule.names.find((known) => text.length > 3 && text.toUpperCase().startsWith(known))
  const rest = name === undefined ? `expected ${rule.range}, e.g. ${rule.example}` : `did you mean "${name}"?`
  return `${quoted(text)} is no ${rule.field}: ${rest}`
}

/** How a range that goes over the end would be written. */
const backwards = (text: string, [from = "", to = ""]: ReadonlyArray<string>, rule: Rules): string => {
  const named = (value: number, like: string) =>
    /\d/.test(like) ? String(value) : rule.names[value - rule.first] ?? String(value)
  const range = (low: string, high: string) => low.toUpperCase() === high.toUpperCase() ? low : `${low}-${high}`
  const first = range(from, named(rule.last, from))
  const second = range(named(rule.first, to), to)
  return `${quoted(text)} runs backwards: a range does not go over the end, write "${first},${second}"`
}

/** What to write in place of what other crons know and this one does not. */
const unsupportedIn = (part: string, { field }: Rules): string | undefined => {
  if (part.startsWith("?")) return "write \"*\" where any value will do"
  if (field !== "day of month" && field !== "day of week") return undefined
  if (part.includes("#")) return "the n-th such day of a month cannot be named, write days of month such as \"1-7\""
  if (/^\d+W$|^LW$/i.test(part)) {
    return "the nearest working day cannot be named, write days of week such as \"MON-FRI\""
  }
  if (/^(L|L-\d+|\d+L|[A-Z]{3}L)$/i.test(part)) {
    return field === "day of month"
      ? "the last day of a month cannot be named, write a day such as \"28\""
      : "the last such day of a month cannot be named, write the day of week such as \"FRI\""
  }
  return undefined
}
