/** What runs are found by, besides their workflow, state and time. */
import { Effect, Schema } from "effect"
import { columnKinds } from "../domain/RunQuerySyntax.ts"
import { type Attributes, RunScribe } from "./RunScribe.ts"

/** Names of attributes: lower-case letters, digits and underscores, 64 at most, a letter first. */
const name = /^[a-z][a-z0-9_]{0,63}$/

/** The longest text, in UTF-16 code units. */
const longestText = 256

/** A search attribute that cannot be kept: a mistake in the code of the workflow, so it ends the run as a defect. */
export class InvalidSearchAttribute extends Schema.TaggedError<InvalidSearchAttribute>()("InvalidSearchAttribute", {
  attribute: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `search attribute ${JSON.stringify(this.attribute)}: ${this.problem}`
  }
}

const problemOf = (attribute: string, value: unknown): string | undefined => {
  if (!name.test(attribute)) {
    return "its name must match ^[a-z][a-z0-9_]{0,63}$; rename it, in the manner of user_id"
  }
  if (attribute in columnKinds) return "a search means the run's own by that name; give it another"
  switch (typeof value) {
    case "boolean":
      return undefined
    case "number":
      return Number.isFinite(value) ? undefined : `its value is ${value}; set a finite number, or leave it out`
    case "string":
      return value.length <= longestText
        ? undefined
        : `its text is ${value.length} characters long, and an index takes ${longestText}; shorten it, or set its hash`
    default:
      return `its value is of type ${typeof value}; set a string, a finite number or a boolean`
  }
}

/**
 * Sets attributes that the run can be found by; in the body of a workflow or in an activity. Those that are not named
 * stay as they are, and the last value of a name wins.
 *
 * Dies with `InvalidSearchAttribute` when a name or a value cannot be kept; then none of them is set.
 */
export const set = (attributes: Attributes): Effect.Effect<void> =>
  Effect.flatMap(RunScribe, (scribe) => {
    for (const [attribute, value] of Object.entries(attributes)) {
      const problem = problemOf(attribute, value)
      if (problem !== undefined) return Effect.die(new InvalidSearchAttribute({ attribute, problem }))
    }
    return scribe.attributes(attributes)
  })
