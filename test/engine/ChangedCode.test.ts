import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableDeferred } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { RunListener } from "../../src/engine/RunListener.ts"
import type { RunRow } from "../../src/store/RunColumns.ts"
import { type Change, changes, handlersOf, news, type Step, work } from "../support/CodeChanges.ts"
import { deed, type Deeds } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const news1 = (run: string) =>
  DurableDeferred.succeed(news, {
    token: DurableDeferred.tokenFromExecutionId(news, { workflow: work, executionId: run }),
    value: undefined
  })

/** Lets a run come to where it waits for news, and leaves it so. */
const first = Effect.fnUntraced(
  function*(journal: JournalMemory.MemoryJournal, deeds: Deeds, body: ReadonlyArray<Step>) {
    const life = yield* begin(journal, { handlers: handlersOf(deeds, body) })
    const run = yield* life.do(work.execute({ id: "r" }, { discard: true }))
    const row = () => journal.runs.get(run)
    for (const _ of body) {
      yield* until(() => row()?.state === "waiting")
      yield* life.quiet
      yield* TestClock.adjust("1 hour")
      yield* life.quiet
    }
    assert.strictEqual(row()?.state, "waiting")
    assert.isUndefined(row()?.due)
    yield* life.stop
    return run
  }
)

describe("a run whose code has changed meanwhile", () => {
  for (const { after, before, names, title } of changes) {
    it.effect(`is parked when ${title}, and goes on once the code is mended`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const run = yield* first(journal, deeds, before)
        const done = deeds.length

        const changed = yield* begin(journal, { handlers: handlersOf(deeds, after) })
        yield* changed.do(news1(run))
        yield* until(() => journal.runs.get(run)?.state === "parked")
        yield* changed.quiet
        const error = journal.runs.get(run)?.error
        assert.strictEqual(error?.tag, "NonDeterminismError")
        assert.match(error?.message ?? "", names)
        assert.lengthOf(deeds, done, "nothing was done, and nothing undone")
        yield* TestClock.adjust("1 day")
        yield* changed.quiet
        assert.strictEqual(journal.runs.get(run)?.state, "parked")
        yield* changed.stop
        assert.strictEqual(journal.runs.get(run)?.state, "parked")

        const mended = yield* begin(journal, { handlers: handlersOf(deeds, before) })
        yield* until(() => journal.runs.get(run)?.state === "completed")
        assert.deepStrictEqual(deeds.slice(done), ["c"])
        assert.isUndefined(journal.runs.get(run)?.error)
        yield* mended.stop
      }))
  }

  const harmless: ReadonlyArray<Pick<Change, "title" | "before" | "after">> = [
    { title: "a step was added at the end", before: ["a", "b", "news", "c"], after: ["a", "b", "news", "c", "x"] },
    {
      title: "a step was added behind the recorded ones",
      before: ["a", "b", "news", "c"],
      after: ["a", "b", "news", "x", "c"]
    },
    {
      title: "a step that is not recorded yet was taken out",
      before: ["a", "b", "news", "c"],
      after: ["a", "b", "news"]
    },
    {
      title: "a timer was added behind the recorded steps",
      before: ["a", "news", "c"],
      after: ["a", "news", "nap", "c"]
    },
    { title: "branches were swapped", before: ["pair", "news", "c"], after: ["swappedPair", "news", "c"] }
  ]
  for (const { after, before, title } of harmless) {
    it.effect(`goes on when ${title}`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const run = yield* first(journal, deeds, before)
        const done = deeds.length
        const changed = yield* begin(journal, { handlers: handlersOf(deeds, after) })
        yield* changed.do(news1(run))
        yield* changed.quiet
        yield* TestClock.adjust("1 hour")
        yield* until(() => journal.runs.get(run)?.state === "completed")
        assert.deepStrictEqual(deeds.slice(done), after.filter((step) => step === "x" || step === "c"))
        yield* changed.stop
      }))
  }

  it.effect("is parked in its first process too, when two steps have one name", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          yield* deed(deeds, "a")
          yield* Activity.make({ name: "a", execute: Effect.sync(() => void deeds.push("the other a")) })
        })
      )
      const life = yield* begin(journal, { handlers })
      const run = yield* life.do(work.execute({ id: "r" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "parked")
      assert.match(journal.runs.get(run)?.error?.message ?? "", /takes the step "a" twice/)
      assert.deepStrictEqual(deeds, ["a"])
      yield* life.stop
    }))

  it.effect("is told of when it is parked, and again when it goes on", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const told: Array<string> = []
      const note = (what: string) => ({ state }: RunRow) => Effect.sync(() => void told.push(`${what} ${state}`))
      const listening = Effect.provideService(
        RunListener,
        Option.some({ begun: note("begun"), parked: note("parked"), ended: note("ended") })
      )
      const step = Activity.make({ name: "a", execute: Effect.void })
      const handlers = work.toLayer(() => Effect.andThen(step, step))
      const life = yield* listening(begin(journal, { handlers }))
      const run = yield* life.do(work.execute({ id: "r" }, { discard: true }))
      yield* until(() => told.length === 2)
      yield* life.do(Effect.flatMap(RunControl, ({ cancel }) => cancel(run, "safe")))
      yield* until(() => journal.runs.get(run)?.state === "cancelled")
      yield* life.quiet
      assert.deepStrictEqual(told, ["begun running", "parked parked", "begun running", "ended cancelled"])
      yield* life.stop
    }))
})
