/** Instants as the earlier Glider wrote them, in forms that no reader of RFC 3339 takes: with an offset and a `Z`, or with neither. */
import { DateTime, Option, Schema } from "effect"
import { InstantText } from "../domain/OffsetTime.ts"

const offsetAndZ = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:?\d{2})[Zz]$/
const withoutOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/i

const decode = Schema.decodeUnknownOption(InstantText)

/** Whether it is an instant as it stands. */
export const isInstant = (value: unknown): boolean => Option.isSome(decode(value))

const withoutZ = (text: string): string => text.replace(offsetAndZ, "$1")

/** The instant in the form of RFC 3339; none of what names no instant. */
export const instantText = (value: unknown): Option.Option<string> => {
  if (typeof value !== "string") return Option.none()
  const text = withoutZ(value.trim())
    .replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T")
    .replace(/([+-]\d{2})(\d{2})$/, "$1:$2")
  return Option.as(decode(text), text)
}

/** The same, where a text without an offset is in UTC, as the clock of that program was, and a number is of milliseconds. */
export const utcText = (value: unknown): Option.Option<string> => {
  if (typeof value === "number") return Option.map(DateTime.make(value), DateTime.formatIso)
  const text = typeof value === "string" ? value.trim().replace(" ", "T") : ""
  return withoutOffset.test(text) ? Option.as(decode(`${text}Z`), `${text}Z`) : instantText(value)
}

/** The instant that a record's id begins with, in milliseconds. */
const idMillis = (id: string): Option.Option<number> =>
  Option.map(Option.fromNullishOr(/^\d{12,13}(?=_|$)/.exec(id)), ([digits]) => Number(digits))

/** So far two tellings of one instant may lie apart, since fractions of a second were cut. */
const tolerance = 1000

/** When it was, by what a column and the record's id say; a failure says what is wrong with them. */
export const toldInstant = (
  column: unknown,
  id: string
): { readonly text: Option.Option<string>; readonly problem: string } => {
  const text = utcText(column)
  const millis = idMillis(id)
  const problem = Option.isNone(text) && Option.isNone(millis)
    ? `neither ${JSON.stringify(column)} nor the id ${id} says when it was`
    : Option.exists(
        Option.all([text, millis]),
        ([text, millis]) => Math.abs(DateTime.makeUnsafe(text).epochMilliseconds - millis) > tolerance
      )
    ? `${JSON.stringify(column)} and the id ${id} say different instants`
    : ""
  return {
    text: problem === "" ? Option.orElse(text, () => Option.flatMap(millis, utcText)) : Option.none(),
    problem
  }
}

/** The same value, with every instant in it mended that has an offset and a `Z`. */
export const mended = (value: unknown): unknown => {
  if (typeof value === "string") return withoutZ(value)
  if (Array.isArray(value)) return value.map(mended)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mended(inner)]))
}
