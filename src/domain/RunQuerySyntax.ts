/** The parts of a search for runs. */

/** How a field is compared; `~` asks whether a text begins with the value. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"

/** What a field is compared with. */
export type Value =
  | { readonly _tag: "Text"; readonly text: string }
  /** A number, `true` or `false` without quotes, for an attribute: it stands for the text too. */
  | { readonly _tag: "Word"; readonly text: string }
  | { readonly _tag: "Count"; readonly count: number }
  | { readonly _tag: "At"; readonly millis: number }
  /** A whole day of UTC, such as `2026-11-24`: `=` is within it, `<` before it, `>` after it. */
  | { readonly _tag: "Day"; readonly millis: number }
  /** So long before the instant at which the query is asked. */
  | { readonly _tag: "Ago"; readonly millis: number }

/** One comparison. What a run does not have is equal to nothing, and neither smaller nor greater than anything. */
export type Condition =
  | { readonly _tag: "Compare"; readonly field: Field; readonly operator: Operator; readonly value: Value }
  | { readonly _tag: "In"; readonly field: Field; readonly values: ReadonlyArray<Value> }

/** A search for runs. */
export type RunQuery =
  | { readonly _tag: "And"; readonly all: ReadonlyArray<RunQuery> }
  | { readonly _tag: "Or"; readonly any: ReadonlyArray<RunQuery> }
  | { readonly _tag: "Not"; readonly query: RunQuery }
  | Condition

/** What a query asks about: a column of the run, or a search attribute. */
export type Field =
  | { readonly _tag: "Column"; readonly name: Column }
  | { readonly _tag: "Attribute"; readonly name: string }

/** The columns that a query may name, by what they are compared with. */
export const columnKinds = {
  workflow: "text",
  status: "status",
  state: "state",
  trigger: "trigger",
  schedule: "text",
  version: "count",
  attempt: "count",
  parent: "text",
  original: "text",
  error: "text",
  started: "instant",
  finished: "instant"
} as const
export type Column = keyof typeof columnKinds

/** The units of a span of time, the longest first. */
export const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const
