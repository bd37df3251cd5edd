/** What runs are searched by: `user_id = "u1" and status = failed and started > -7d`. */
import { DateTime, Option } from "effect"
import type { RunError, RunState, RunStatus, Trigger } from "./Run.ts"
import { type Field, type Operator, type RunQuery, units, type Value } from "./RunQuerySyntax.ts"

export { parse } from "./RunQueryParser.ts"
export type { RunQuery } from "./RunQuerySyntax.ts"

/** What a query sees of a run. */
export interface Searched {
  readonly workflow: string
  readonly status: RunStatus
  readonly state: RunState
  readonly trigger: Trigger
  readonly schedule: Option.Option<string>
  readonly version: number
  readonly attempt: number
  readonly parent: Option.Option<string>
  readonly original: Option.Option<string>
  readonly error: Option.Option<Pick<RunError, "tag">>
  readonly startedAt: DateTime.Utc
  readonly finishedAt: Option.Option<DateTime.Utc>
  readonly attributes: { readonly [name: string]: string | number | boolean }
}

/** Whether the run is one of those that the query asks for, at the instant. */
export const matches = (query: RunQuery, run: Searched, now: DateTime.Utc): boolean => {
  switch (query._tag) {
    case "And":
      return query.all.every((part) => matches(part, run, now))
    case "Or":
      return query.any.some((part) => matches(part, run, now))
    case "Not":
      return !matches(query.query, run, now)
    case "Compare":
      return holds(valueOf(run, query.field), query.operator, query.value, now)
    case "In":
      return query.values.some((value) => holds(valueOf(run, query.field), "=", value, now))
  }
}

type Found = string | number | boolean | undefined

const valueOf = (run: Searched, field: Field): Found => {
  if (field._tag === "Attribute") return run.attributes[field.name]
  switch (field.name) {
    case "workflow":
    case "status":
    case "state":
    case "trigger":
    case "version":
    case "attempt":
      return run[field.name]
    case "schedule":
    case "parent":
    case "original":
      return Option.getOrUndefined(run[field.name])
    case "error":
      return Option.getOrUndefined(run.error)?.tag
    case "started":
      return run.startedAt.epochMilliseconds
    case "finished":
      return Option.getOrUndefined(run.finishedAt)?.epochMilliseconds
  }
}

const holds = (found: Found, operator: Operator, value: Value, now: DateTime.Utc): boolean => {
  if (found === undefined) return operator === "!="
  switch (value._tag) {
    case "Text":
      return typeof found === "string" ? ofText(found, operator, value.text) : operator === "!="
    case "Word":
      return ofWord(found, operator, value.text)
    case "Count":
    case "At":
    case "Day":
    case "Ago":
      return typeof found === "number" && within(found, operator, interval(value, now))
  }
}

const ofText = (found: string, operator: Operator, text: string): boolean =>
  operator === "~" ? found.startsWith(text) : ordered(found < text ? -1 : found > text ? 1 : 0, operator)

const ofWord = (found: string | number | boolean, operator: Operator, text: string): boolean => {
  switch (typeof found) {
    case "string":
      return ofText(found, operator, text)
    case "boolean":
      return operator === "=" ? String(found) === text : operator === "!=" && String(found) !== text
    case "number": {
      const number = text === "true" || text === "false" ? Number.NaN : Number(text)
      return Number.isNaN(number) ? operator === "!=" : within(found, operator, [number, number])
    }
  }
}

const ordered = (order: -1 | 0 | 1, operator: Exclude<Operator, "~">): boolean => {
  switch (operator) {
    case "=":
      return order === 0
    case "!=":
      return order !== 0
    case "<":
      return order < 0
    case "<=":
      return order <= 0
    case ">":
      return order > 0
    case ">=":
      return order >= 0
  }
}

/** A number compared with all that lie from `first` to `last`. */
const within = (found: number, operator: Operator, [first, last]: readonly [number, number]): boolean =>
  operator !== "~" && ordered(found < first ? -1 : found > last ? 1 : 0, operator)

/** The first and the last number that a value stands for; of instants the epoch milliseconds. */
export const interval = (
  value: Exclude<Value, { readonly _tag: "Text" | "Word" }>,
  now: DateTime.Utc
): readonly [first: number, last: number] => {
  switch (value._tag) {
    case "Count":
      return [value.count, value.count]
    case "At":
      return [value.millis, value.millis]
    case "Day":
      return [value.millis, value.millis + 86_400_000 - 1]
    case "Ago":
      return [now.epochMilliseconds - value.millis, now.epochMilliseconds - value.millis]
  }
}

/** The query as text; parsing it gives the same query. */
export const print = (query: RunQuery): string => {
  switch (query._tag) {
    case "And":
      return query.all.map((part) => part._tag === "And" || part._tag === "Or" ? `(${print(part)})` : print(part))
        .join(" and ")
    case "Or":
      return query.any.map((part) => part._tag === "Or" ? `(${print(part)})` : print(part)).join(" or ")
    case "Not":
      return query.query._tag === "And" || query.query._tag === "Or"
        ? `not (${print(query.query)})`
        : `not ${print(query.query)}`
    case "Compare":
      return `${query.field.name} ${query.operator} ${printValue(query.value)}`
    case "In":
      return `${query.field.name} in (${query.values.map(printValue).join(", ")})`
  }
}

const printValue = (value: Value): string => {
  switch (value._tag) {
    case "Text":
      return plainWord.test(value.text) && !reserved.test(value.text) ? value.text : JSON.stringify(value.text)
    case "Word":
      return value.text
    case "Count":
      return String(value.count)
    case "At":
      return DateTime.formatIso(DateTime.makeUnsafe(value.millis))
    case "Day":
      return DateTime.formatIsoDateUtc(DateTime.makeUnsafe(value.millis))
    case "Ago":
      return printAgo(value.millis)
  }
}

/** Words that can only be a text. */
const plainWord = /^[A-Za-z_][A-Za-z0-9_./:@-]*$/

/** Words that mean something else without quotes. */
const reserved = /^(and|or|not|in|true|false)$/i

const printAgo = (millis: number): string => {
  let left = millis
  let text = ""
  for (const [unit, length] of Object.entries(units)) {
    const count = Math.floor(left / length)
    if (count > 0) text += `${count}${unit}`
    left -= count * length
  }
  return text === "" ? "now" : `-${text}`
}
