import { Effect, Option } from "effect"
import type { Asked, Page } from "../frame/Pages.ts"
import { orNone } from "./OrNone.ts"
import type { Typed } from "./RunControls.tsx"
import { runView } from "./RunView.tsx"
import { quoted } from "./RunWords.ts"

/** Runs of a list beside the run itself. */
const mostListed = 50

/** The page of a run; with what was typed, when that was refused. */
export const showRun = Effect.fnUntraced(function*(asked: Asked, id: string, typed: Option.Option<Typed>) {
  const { api, csrf, owner, query } = asked
  const history = yield* api.runs.history({ params: { id } })
  const first = Option.getOrElse(history.run.original, () => id)
  const letterId = `run:${id}`
  const [children, retries, original, letter] = yield* Effect.all([
    api.runs.list({ query: { query: `parent = ${quoted(id)}`, limit: mostListed } }),
    api.runs.list({ query: { query: `original = ${quoted(first)}`, limit: mostListed } }),
    first === id ? Effect.succeedNone : orNone(api.runs.get({ params: { id: first } })),
    history.run.status === "failed" ? orNone(api.deadLetters.get({ params: { id: letterId } })) : Effect.succeedNone
  ], { concurrency: "unbounded" })
  const tries = [...retries.runs, ...Option.toArray(original)].filter((run) => run.id !== id)
  return runView({
    owner,
    csrf,
    query,
    history,
    children: children.runs,
    tries,
    typed,
    letter: Option.as(letter, letterId)
  })
})

/** One run: what it did, when, and what can be done with it. */
export const runPage: Page = (asked) => showRun(asked, asked.params["id"] ?? "", Option.none())
