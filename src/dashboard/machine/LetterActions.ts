/** What the forms about dead letters do. */
import { Effect } from "effect"
import { LetterChoice, LetterQuery } from "../../api/RunMessages.ts"
import type { Action, Sent } from "../frame/Pages.ts"
import { kindOf } from "./LetterGroups.ts"
import { confirmView, type Deed, stayedView } from "./LetterSteps.tsx"

/** Those that the form names: some by their ids, a group, or every one. */
interface Choice {
  readonly ids?: ReadonlyArray<string>
  readonly all?: LetterQuery
}

const choiceOf = (fields: URLSearchParams): Choice | undefined => {
  const ids = fields.getAll("id").filter((id) => id !== "")
  if (ids.length > 0) return { ids }
  const kind = kindOf(fields.get("kind"))
  if (fields.get("every") === "1") return { all: new LetterQuery(kind === undefined ? {} : { kind }) }
  const from = fields.get("from")
  const error = fields.get("error")
  return kind !== undefined && from !== null && error !== null
    ? { all: new LetterQuery({ kind, from, error }) }
    : undefined
}

const names = new Set(["id", "kind", "from", "error", "every"])

/** What names the letters, to be sent once more. */
const named = (fields: URLSearchParams) => [...fields].filter(([name]) => names.has(name))

const whatOf = ({ all }: Choice): string => all?.error === undefined ? "" : `${all.error} in ${all.from ?? ""}`

const act = (deed: Deed, choice: Choice, preview: boolean) => ({ api }: Sent) => {
  const payload = new LetterChoice({ ...choice, ...preview ? { preview: true } : {} })
  return deed === "retry" ? api.deadLetters.retry({ payload }) : api.deadLetters.drop({ payload })
}

/** Retries or drops. Whole groups, and whatever is dropped, only after a page that says how many it is. */
export const change: Action = Effect.fnUntraced(function*(sent) {
  const { csrf, fields, owner, params } = sent
  const deed: Deed = params["action"] === "drop" ? "drop" : "retry"
  const choice = choiceOf(fields)
  if (choice === undefined || (params["action"] !== "drop" && params["action"] !== "retry")) return "/dead-letters"
  const isSure = fields.get("sure") === "1" || (deed === "retry" && choice.ids !== undefined)
  if (!isSure) {
    const { matched } = yield* act(deed, choice, true)(sent)
    return confirmView({ owner, csrf, deed, count: matched, what: whatOf(choice), fields: named(fields) })
  }
  const done = yield* act(deed, choice, false)(sent)
  return done.failed.length > 0
    ? stayedView(owner, deed, done)
    : `/dead-letters?done=${deed === "retry" ? "retried" : "dropped"}&n=${done.done.length}`
})
