/** What the fields of a query are compared by and with. */
import { DateTime, Option, Result, Schema } from "effect"
import { LocalDay } from "./LocalDay.ts"
import { nearest } from "./Nearest.ts"
import { InstantText } from "./OffsetTime.ts"
import { RunState, RunStatus, Trigger } from "./Run.ts"
import { type Column, type columnKinds, type Operator, units, type Value } from "./RunQuerySyntax.ts"

/** By what a field is compared. */
export type Kind = (typeof columnKinds)[Column] | "attribute"

/** Why a text is no value of its field. */
export interface NoValue {
  readonly expected: string
  readonly suggestion: Option.Option<string>
}

const equality: ReadonlyArray<Operator> = ["=", "!="]
const order: ReadonlyArray<Operator> = [...equality, "<", "<=", ">", ">="]
const all: ReadonlyArray<Operator> = [...order, "~"]

/** How a field may be compared, besides by `in`. */
export const operatorsOf: { readonly [K in Kind]: ReadonlyArray<Operator> } = {
  text: all,
  attribute: all,
  status: equality,
  state: equality,
  trigger: equality,
  count: order,
  instant: order
}

/** The words of a closed list. */
const words = {
  status: RunStatus.literals,
  state: RunState.literals,
  trigger: Trigger.literals
} satisfies { readonly [K in Kind]?: ReadonlyArray<string> }

const refuse = (expected: string, suggestion: Option.Option<string> = Option.none()) =>
  Result.fail({ expected, suggestion })

/** The value that a word or a quoted text is for a field of the kind; there is no text where something else stands. */
export const parseValue = (
  kind: Kind,
  text: string | undefined,
  isQuoted: boolean
): Result.Result<Value, NoValue> => {
  switch (kind) {
    case "text":
      return text === undefined ? refuse("a word or a quoted text") : Result.succeed({ _tag: "Text", text })
    case "attribute":
      if (text === undefined) return refuse("a word, a quoted text, a number, true or false")
      return Result.succeed({ _tag: !isQuoted && standsForMore(text) ? "Word" : "Text", text })
    case "status":
    case "state":
    case "trigger": {
      const known: ReadonlyArray<string> = words[kind]
      const word = text?.toLowerCase()
      return word !== undefined && known.includes(word)
        ? Result.succeed({ _tag: "Text", text: word })
        : refuse(
          `one of ${known.join(", ")}`,
          word === undefined ? Option.none() : nearest(word, known)
        )
    }
    case "count":
      return text !== undefined && /^\d{1,15}$/.test(text)
        ? Result.succeed({ _tag: "Count", count: Number(text) })
        : refuse("a whole number")
    case "instant": {
      const instant = text === undefined ? Option.none() : instantOf(text)
      return Result.fromOption(instant, () => ({
        expected: "an instant such as 2026-11-24T10:00:00Z, 2026-11-24, now or -1h30m",
        suggestion: Option.none()
      }))
    }
  }
}

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

const standsForMore = (word: string): boolean =>
  word === "true" || word === "false" || (number.test(word) && Number.isFinite(Number(word)))

const isDay = Schema.is(LocalDay)
const decodeInstant = Schema.decodeOption(InstantText)

/** The longest span of time before now: about a thousand years. */
const longestAgo = 365_000 * units.d

const instantOf = (text: string): Option.Option<Value> => {
  const word = text.toLowerCase()
  if (word === "now") return Option.some({ _tag: "Ago", millis: 0 })
  if (/^-(\d{1,9}[wdhms])+$/.test(word)) {
    const millis = [...word.matchAll(/(\d+)([wdhms])/g)].reduce((sum, [, count, unit]) => sum + span(count, unit), 0)
    return millis <= longestAgo ? Option.some({ _tag: "Ago", millis }) : Option.none()
  }
  if (!isDay(text.slice(0, 10))) return Option.none()
  if (text.length === 10) {
    return Option.some({ _tag: "Day", millis: DateTime.makeUnsafe(`${text}T00:00:00Z`).epochMilliseconds })
  }
  return Option.map(decodeInstant(text), ({ epochMilliseconds }) => ({ _tag: "At", millis: epochMilliseconds }))
}

const span = (count: string | undefined, unit: string | undefined): number =>
  Number(count) * (unit === "w" ? 7 * units.d : unit === "d" || unit === "h" || unit === "m" ? units[unit] : units.s)
