/** What the keys of `config.toml` are made of. */
import { Effect, Option, Schema } from "effect"
import { ianaZone } from "../domain/TimeZones.ts"

/** A key that may be absent. */
export const key = <S extends Schema.Top>(schema: S, description: string, fallback: S["Rebuild"]["Encoded"]) => {
  const described: S["Rebuild"] = schema.annotate({ description, default: fallback })
  return described.pipe(Schema.withDecodingDefaultKey<S["Rebuild"]>(Effect.succeed(fallback)))
}

/** A key that may be absent, and then says nothing. */
export const optional = <S extends Schema.Top>(schema: S, description: string) => {
  const described: S["Rebuild"] = schema.annotate({ description })
  return Schema.optionalKey(described)
}

/** Any text. */
export const Text = Schema.String.annotate({ expected: "a string" })
/** A switch. */
export const Flag = Schema.Boolean.annotate({ expected: "true or false" })
/** A text with something in it. */
export const NonEmptyText = Text.check(Schema.isNonEmpty({ expected: "a string that is not empty" }))

/** A number between two others, with what is said of those outside. */
export const wholeNumber = (minimum: number, maximum: number, expected: string, tooMuch: string) =>
  Schema.Number.annotate({ expected }).check(
    Schema.isInt({ expected }),
    Schema.isGreaterThanOrEqualTo(minimum, { expected }),
    Schema.isLessThanOrEqualTo(maximum, { expected: tooMuch })
  )

/** What is said of numbers that have to be 1 at least. */
export const positive = "a whole number greater than 0"
/** Beyond a year no timer is meant; beyond a hundred years no calendar date is safe. */
export const Seconds = wholeNumber(1, 31_622_400, positive, "at most 31622400 seconds, which is a year")
export const Days = wholeNumber(1, 36_525, positive, "at most 36525 days, which is a hundred years")

/** A text that is judged by more than its form: gives what was expected, where it is not that. */
export const checked = (expectation: (text: string) => string | undefined) =>
  Text.check(Schema.makeFilter((text: string) => expectation(text), { toJsonSchema: () => [{}, true] }))

/** A list in which nothing comes twice. */
export const distinct = <S extends Schema.Constraint>(item: S, expected: string) =>
  Schema.Array(item).annotate({ expected }).check(
    Schema.isMinLength(1, { expected: `${expected}, at least one` }),
    Schema.makeFilter((items: ReadonlyArray<S["Type"]>) => new Set(items).size === items.length, {
      expected: `${expected}, none of them twice`,
      toJsonSchema: () => ({ uniqueItems: true })
    })
  )

/** The id of a time zone. */
export const TimeZoneId = checked((id) =>
  Option.isSome(ianaZone(id)) ? undefined : "an IANA time zone such as \"Europe/Berlin\" or \"UTC\""
)
