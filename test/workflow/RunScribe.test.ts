import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer } from "effect"
import { Activity, Workflow, WorkflowEngine } from "effect/workflow"
import * as RunProgress from "../../src/workflow/RunProgress.ts"
import { RunScribe } from "../../src/workflow/RunScribe.ts"
import * as SearchAttributes from "../../src/workflow/SearchAttributes.ts"
import { on } from "./Engines.ts"

/** Writes down what it is told. */
const notebook = () => {
  const notes: Array<unknown> = []
  const note = (told: unknown) =>
    Effect.sync(() => {
      notes.push(told)
    })
  return { notes, layer: Layer.succeed(RunScribe, { attributes: note, progress: note, report: note }) }
}

/** Why the attribute cannot be set. */
const refusal = (name: string, value: string | number | boolean) => {
  const { layer, notes } = notebook()
  return Effect.map(
    Effect.exit(Effect.provide(SearchAttributes.set({ fine: 1, [name]: value }), layer)),
    (exit) => {
      if (Exit.isSuccess(exit)) return "nothing"
      assert.isEmpty(notes)
      assert.isTrue(Cause.hasDies(exit.cause))
      return String(Cause.squash(exit.cause))
    }
  )
}

describe("workflow/RunScribe", () => {
  it.effect("hands attributes and progress to the engine, from the body and from activities", () => {
    const Work = Workflow.make("Work", { payload: {}, idempotencyKey: () => "1" })
    const body = Effect.gen(function*() {
      yield* SearchAttributes.set({ user_id: "u1", score: 0.9, fuzzy: true })
      yield* RunProgress.set({ step: "search", done: 1, total: 4 })
      yield* Activity.make({
        name: "match",
        execute: Effect.andThen(
          SearchAttributes.set({ match_method: "fuzzy" }),
          RunProgress.set({ step: "match", done: 2, total: 4, message: "two candidates" })
        )
      })
    })
    const { layer, notes } = notebook()
    return Effect.gen(function*() {
      yield* on(WorkflowEngine.layerMemory)(Layer.provide(Work.toLayer(() => body), layer))(Work.execute({}))
      assert.deepStrictEqual(notes, [
        { user_id: "u1", score: 0.9, fuzzy: true },
        { step: "search", done: 1, total: 4 },
        { match_method: "fuzzy" },
        { step: "match", done: 2, total: 4, message: "two candidates" }
      ])
    })
  })

  it.effect("says nothing where no engine listens", () =>
    Effect.andThen(SearchAttributes.set({ user_id: "u1" }), RunProgress.set({ step: "search", done: 1, total: 4 })))

  it.effect("takes names and values up to their bounds", () =>
    Effect.gen(function*() {
      for (const name of ["a", "user_id", "a1", `a${"_".repeat(63)}`]) {
        assert.strictEqual(yield* refusal(name, "x"), "nothing")
      }
      for (const value of ["", "x".repeat(256), 0, -1.5, Number.MAX_VALUE, true, false]) {
        assert.strictEqual(yield* refusal("a", value), "nothing")
      }
    }))

  it.effect("refuses others as a whole, and says what to do", () =>
    Effect.gen(function*() {
      for (const name of ["", "UserId", "1a", "_a", "user-id", "ž", `a${"_".repeat(64)}`, "a\n"]) {
        assert.include(yield* refusal(name, "x"), "its name must match ^[a-z][a-z0-9_]{0,63}$; rename it")
      }
      assert.strictEqual(
        yield* refusal("a", "x".repeat(257)),
        "InvalidSearchAttribute: search attribute \"a\": its text is 257 characters long, and an index takes 256; " +
          "shorten it, or set its hash"
      )
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        assert.include(yield* refusal("a", value), `its value is ${value}; set a finite number, or leave it out`)
      }
    }))
})
