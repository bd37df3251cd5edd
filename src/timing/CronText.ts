import { Option, Result } from "effect"
import { nearest } from "../domain/Nearest.ts"
import { type CronFields, fieldsOf } from "./CronFields.ts"
import { CronMistake, quoted } from "./CronMistake.ts"

/** What the text of a schedule says: a fixed rate, or the fields of an expression. */
export type CronText =
  | { readonly _tag: "Every"; readonly millis: number }
  | { readonly _tag: "Fields"; readonly fields: CronFields }

const macros: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"]
])
const names = [...macros.keys(), "@every"]

/** Reads five or six fields, a macro such as `@daily`, or `@every` with a duration such as `1m30s` or `15 seconds`. */
export const read = (text: string): Result.Result<CronText, CronMistake> => {
  const [, first = "", rest = ""] = /^\s*(@\S*)\s*([^]*?)\s*$/.exec(text) ?? []
  if (first === "") return Result.map(fieldsOf(text), (fields) => ({ _tag: "Fields", fields }))
  const macro = first.toLowerCase()
  if (macro === "@every") return Result.map(every(text, rest), (millis) => ({ _tag: "Every", millis }))
  const fields = macros.get(macro)
  const mistake = (part: string, message: string) =>
    Result.fail(new CronMistake({ message, expression: text, part, example: "\"@daily\"" }))
  if (fields === undefined) {
    const meant = Option.match(nearest(macro, names), {
      onNone: () => `expected ${names.slice(0, -1).join(", ")} or @every, e.g. "@daily"`,
      onSome: (name) => `did you mean "${name}"?`
    })
    return mistake(first, `${quoted(first)} is no macro: ${meant}`)
  }
  if (rest !== "") return mistake(rest, `${quoted(first)} stands alone: found ${quoted(rest)} after it`)
  return Result.map(fieldsOf(fields), (read) => ({ _tag: "Fields", fields: read }))
}

const second = 1000
const day = 86_400 * second
const units: ReadonlyMap<string, number> = new Map([
  ...["ms", "milli", "millis", "millisecond", "milliseconds"].map((name) => [name, 1] as const),
  ...["s", "second", "seconds"].map((name) => [name, second] as const),
  ...["m", "minute", "minutes"].map((name) => [name, 60 * second] as const),
  ...["h", "hour", "hours"].map((name) => [name, 3600 * second] as const),
  ...["d", "day", "days"].map((name) => [name, day] as const),
  ...["w", "week", "weeks"].map((name) => [name, 7 * day] as const)
])
/** A hundred years, as for every span of days in the configuration. */
const longest = 36_525 * day

const every = (expression: string, duration: string): Result.Result<number, CronMistake> => {
  const example = "\"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  const mistake = (message: string, part?: string) =>
    Result.fail(
      new CronMistake({
        message: `${message}, e.g. ${example}`,
        expression,
        ...(part === undefined ? {} : { part }),
        range: "1 second to 36525 days",
        example
      })
    )
  if (duration === "") return mistake("\"@every\" lacks its duration: expected a number and a unit")
  const millis = millisOf(duration)
  if (millis === undefined) {
    return mistake(`${quoted(duration)} is no duration: expected numbers with a unit (s, m, h, d or w)`, duration)
  }
  if (millis < second) return mistake(`${quoted(duration)} is too short: expected 1 second or more`, duration)
  if (millis > longest) return mistake(`${quoted(duration)} is too long: expected at most 36525 days`, duration)
  return Result.succeed(millis)
}

/** The milliseconds of numbers with their units; undefined where it is no such text, or no whole millisecond. */
const millisOf = (duration: string): number | undefined => {
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/i.test(duration)) return undefined
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)].map(([, number = "", unit = ""]) => {
    const size = units.get(unit.toLowerCase())
    return size === undefined ? Number.NaN : Number(number) * size
  })
  const millis = parts.reduce((sum, part) => sum + part, 0)
  return Math.abs(millis - Math.round(millis)) < 1e-6 ? Math.round(millis) : undefined
}
