import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { RunError, RunState } from "../../src/domain/Run.ts"
import { type Entry, noted } from "../../src/domain/RunEntry.ts"
import type { Change, Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import type { RunRow } from "../../src/store/RunColumns.ts"
import { storeTest } from "../support/StoreTest.ts"

/** The store keeps text as UTF-8, which has no half of a surrogate pair. */
const WellFormed = Schema.String.check(Schema.makeFilter((text) => text.isWellFormed()))

/** One step of a script: what happens to which of five runs, and whether in one transaction with the step before. */
const Step = Schema.Struct({
  who: Schema.Literals(["a", "b", "c", "d", "e"]),
  what: Schema.Literals(["create", "state", "due", "error", "progress", "entries", "again", "wake", "bury", "nothing"]),
  state: RunState,
  number: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
  text: WellFormed,
  together: Schema.Boolean
})
type Step = typeof Step.Type
const Script = Schema.Array(Step).check(Schema.isMaxLength(24))

const workflows = ["one", "two"]
const encodeError = Schema.encodeSync(RunError)

const rowOf = (id: string, { number, state, text }: Step): RunRow => ({
  id,
  workflow: workflows[number % 2] ?? "one",
  version: 1 + number % 3,
  state,
  trigger: "manual",
  schedule: number % 3 === 0 ? text : undefined,
  tick: number % 5 === 0 ? number : undefined,
  attempt: 1,
  original: undefined,
  parent: number % 4 === 0 ? text : undefined,
  attributes: { kind: text.slice(0, 8), size: number, good: number % 2 === 0 },
  recency: -number,
  startedAt: number,
  finishedAt: undefined,
  error: undefined,
  due: number % 2 === 0 ? number : undefined,
  cancel: undefined,
  progress: undefined,
  report: undefined
})

const nothing: Omit<Change, "run"> = {
  create: undefined,
  patch: undefined,
  segment: undefined,
  attributes: undefined,
  wakes: [],
  writes: [],
  deadLetter: undefined
}

const entryOf = (step: Step): Entry => ({
  _tag: "Deferred",
  at: step.number,
  name: step.text,
  exit: { ok: { [step.text]: step.number } }
})

const segmentOf = (number: number, steps: ReadonlyArray<Step>): Change["segment"] => {
  const entries = steps.flatMap((step) => Option.toArray(Option.fromUndefinedOr(noted(entryOf(step), "it"))))
  return { number, entries: entries.flatMap((result) => result._tag === "Success" ? [result.success] : []) }
}

/** Turns a script into transactions of changes, of which some are impossible. */
const transactionsOf = (script: ReadonlyArray<Step>, prefix: string): ReadonlyArray<ReadonlyArray<Change>> => {
  const segments = new Map<string, number>()
  const next = (run: string) => {
    const number = segments.get(run) ?? 0
    segments.set(run, number + 1)
    return number
  }
  const changeOf = (step: Step): Change => {
    const run = `${prefix}${step.who}`
    const { number, state, text } = step
    const error = encodeError(new RunError({ tag: "Oops", message: text, fix: Option.none() }))
    switch (step.what) {
      case "create":
        return { ...nothing, run, create: rowOf(run, step), segment: segmentOf(next(run), [step]) }
      case "state":
        return { ...nothing, run, patch: { state, finishedAt: number } }
      case "due":
        return { ...nothing, run, patch: { due: number % 2 === 0 ? number : undefined, cancel: "safe" } }
      case "error":
        return { ...nothing, run, patch: { error: number % 2 === 0 ? error : undefined } }
      case "progress":
        return { ...nothing, run, patch: { progress: { step: text, done: number }, report: [text, number, { text }] } }
      case "entries":
        return { ...nothing, run, patch: { state }, segment: segmentOf(next(run), [step, step]) }
      case "again":
        return { ...nothing, run, segment: segmentOf(Math.max(0, (segments.get(run) ?? 0) - 1), [step]) }
      case "wake": {
        const others = ["a", "b", "c", "d", "e", "nobody"].filter((who, index) =>
          who !== step.who && number >> index & 1
        )
        return {
          ...nothing,
          run,
          wakes: others.map((who) => ({ run: `${prefix}${who}`, patch: { state: "running" } }))
        }
      }
      case "bury":
        return {
          ...nothing,
          run,
          deadLetter: { run, workflow: "one", recency: -number, at: number, attempts: 1, error, chain: [text] }
        }
      case "nothing":
        return { ...nothing, run }
    }
  }
  const transactions: Array<Array<Change>> = []
  for (const step of script) {
    const last = transactions.at(-1)
    const touched = new Set(last?.flatMap(({ run, wakes }) => [run, ...wakes.map((wake) => wake.run)]))
    const change = changeOf(step)
    // the committer never puts two changes of one row into one transaction
    const apart = [change.run, ...change.wakes.map(({ run }) => run)].every((run) => !touched.has(run))
    if (last !== undefined && step.together && apart) last.push(change)
    else transactions.push([change])
  }
  return transactions
}

/** All that a journal says. */
const everythingIn = Effect.fnUntraced(function*(journal: Journal, prefix: string) {
  const ids = ["a", "b", "c", "d", "e", "nobody"].map((who) => `${prefix}${who}`)
  const byId = (one: { readonly id: string }, other: { readonly id: string }) => one.id < other.id ? -1 : 1
  const rows = yield* journal.rows(ids)
  const runs = yield* Effect.forEach(ids, journal.load)
  const unfinished = yield* Effect.forEach(workflows, journal.unfinished)
  return {
    rows: rows.toSorted(byId),
    runs,
    unfinished: unfinished.map((found) => found.filter(({ id }) => id.startsWith(prefix)).toSorted(byId))
  }
})

const stored = RunJournal.layer.pipe(Layer.provideMerge(storeTest))

describe("the journal in memory and the one in SurrealDB", () => {
  layer(stored)((it) => {
    let scripts = 0
    it.effect.prop(
      "say the same after any sequence of changes, and refuse the same",
      { script: Script },
      ({ script }) =>
        Effect.gen(function*() {
          const surreal = yield* Surreal
          const inSurreal = yield* RunJournal
          const inMemory = JournalMemory.make()
          const prefix = `${++scripts}/`
          for (const changes of transactionsOf(script, prefix)) {
            const results = yield* Effect.forEach(
              [inMemory, inSurreal],
              (journal) => Effect.result(journal.commit(changes))
            )
            const said = results.map((result) => result._tag === "Success" ? "done" : result.failure.reason._tag)
            assert.strictEqual(said[1], said[0], `${said.join()} for ${JSON.stringify(changes)}`)
          }
          assert.deepStrictEqual(yield* everythingIn(inSurreal, prefix), yield* everythingIn(inMemory, prefix))
          const letters = yield* surreal.query(
            Schema.Array(Schema.Struct({ run: Schema.String, at: Schema.Finite, chain: Schema.Array(Schema.String) })),
            "SELECT record::id(id)[0] AS run, at, chain FROM dead_letter WHERE string::starts_with(record::id(id)[0], $prefix)",
            { prefix }
          )
          assert.deepStrictEqual(
            new Set(letters.map(({ at, chain, run }) => JSON.stringify([run, at, chain]))),
            new Set([...inMemory.deadLetters.values()].map(({ at, chain, run }) => JSON.stringify([run, at, chain])))
          )
        }),
      { arbitrary: { runs: 100 } }
    )
  })
})
