import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { sleep } from "../support/Sleepers.ts"
import { storeTest } from "../support/StoreTest.ts"
import { until } from "../support/Turns.ts"

const work = Workflow.make("work", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Refused,
  idempotencyKey: ({ id }) => id
})
const heavy = Workflow.make("heavy", {
  payload: { id: Schema.String, load: Schema.String },
  success: Schema.String,
  idempotencyKey: ({ id }) => id
})
const word = DurableDeferred.make("word", { success: Schema.String })

const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

const states = (journal: JournalMemory.MemoryJournal) => [...journal.runs.values()].map(({ state }) => state)

const onStore = Effect.provide(RunJournal.layer.pipe(Layer.provideMerge(storeTest)))

/** Three steps. */
const threeSteps = (deeds: Deeds) =>
  work.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* deed(deeds, `${id} one`)
      yield* deed(deeds, `${id} two`)
      return yield* deed(deeds, `${id} three`)
    })
  )

describe("1,000 runs at once", () => {
  const all = (journal: Journal) =>
    Effect.gen(function*() {
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: threeSteps(deeds) })
      const results = yield* life.do(
        Effect.forEach(ids(1000), (id) => work.execute({ id }), { concurrency: "unbounded" })
      )
      assert.deepStrictEqual(results, ids(1000).map((id) => `${id} three`))
      assert.lengthOf(deeds, 3000)
      assert.strictEqual(new Set(deeds).size, 3000)
      assert.lengthOf(yield* journal.unfinished(work._tag), 0)
      yield* life.stop
    })

  it.live("all complete, each step done once, on SurrealDB", () => Effect.flatMap(RunJournal, all).pipe(onStore))

  it.effect("all go on in the next process, wherever each was when the last one ended", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: threeSteps(deeds), crash: { at: 5, applied: true } })
      yield* Effect.forEach(
        ids(1000),
        (id) => first.attempt(work.execute({ id }, { discard: true })),
        { concurrency: "unbounded" }
      )
      yield* until(first.isDead)
      const begun = journal.runs.size
      assert.isAbove(begun, 200)
      const second = yield* begin(journal, { handlers: threeSteps(deeds) })
      yield* until(() => states(journal).every((state) => state === "completed"))
      assert.strictEqual(journal.runs.size, begun)
      yield* second.stop
    }))
})

describe("700 runs that sleep for hours", () => {
  it.effect("all wake in time, again and again, and all but 512 of them are not in memory meanwhile", () =>
    sleep(700, 0.25, 0.125))
})

const characters = 10 * 1024 * 1024

/** Runs that do what no run should. */
const poisons = Layer.mergeAll(
  heavy.toLayer(({ id, load }) =>
    id === "result"
      ? Effect.succeed("x".repeat(characters))
      : id === "activity"
      ? Activity.make({ name: "heavy", success: Schema.String, execute: Effect.succeed("x".repeat(characters)) })
      : id === "signal"
      ? DurableDeferred.await(word)
      : id === "defect"
      ? Effect.die(new Error("a bug"))
      : id === "loop"
      ? Activity.make({ name: "loop", success: Schema.String, error: Refused, execute: new Refused({ why: "no" }) })
        .pipe(
          Activity.retry({ while: () => true }),
          Effect.orDie
        )
      : Effect.succeed(load)
  )
)

const whatDies = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "nothing"

describe("a poisoned run", () => {
  it.live("of any kind harms none of those beside it", () =>
    Effect.gen(function*() {
      const journal = yield* RunJournal
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: Layer.merge(poisons, threeSteps(deeds)) })
      yield* life.do(heavy.execute({ id: "loop", load: "" }, { discard: true }))
      const run = yield* life.do(heavy.execute({ id: "signal", load: "" }, { discard: true }))
      const token = DurableDeferred.tokenFromExecutionId(word, { workflow: heavy, executionId: run })
      const [healthy, ...poisoned] = yield* life.do(Effect.all([
        Effect.forEach(ids(100), (id) => work.execute({ id }), { concurrency: "unbounded" }),
        Effect.exit(heavy.execute({ id: "payload", load: "x".repeat(characters) })),
        Effect.exit(heavy.execute({ id: "result", load: "" })),
        Effect.exit(heavy.execute({ id: "activity", load: "" })),
        Effect.exit(heavy.execute({ id: "defect", load: "" })),
        Effect.exit(DurableDeferred.succeed(word, { token, value: "x".repeat(characters) }))
      ], { concurrency: "unbounded" }))
      assert.deepStrictEqual(healthy, ids(100).map((id) => `${id} three`))
      const reasons = poisoned.map(whatDies)
      assert.match(reasons[0] ?? "", /EntryTooLarge: the payload of heavy is \d+ characters/)
      assert.match(reasons[1] ?? "", /the result of the workflow is \d+ characters/)
      assert.match(reasons[2] ?? "", /the result of activity heavy is \d+ characters/)
      assert.match(reasons[3] ?? "", /a bug/)
      assert.match(reasons[4] ?? "", /EntryTooLarge: the value of word is \d+ characters/)
      yield* life.do(DurableDeferred.succeed(word, { token, value: "short" }))
      assert.strictEqual(yield* life.do(heavy.execute({ id: "signal", load: "" })), "short")
      const [looping] = yield* journal.rows([yield* heavy.executionId({ id: "loop", load: "" })])
      assert.strictEqual(looping?.state, "running")
      yield* life.stop
    }).pipe(onStore))

  it.effect("whose journal cannot be read stays, and the others recover and wake in time", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = work.toLayer(({ id }) =>
        Effect.gen(function*() {
          yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
          return yield* deed(deeds, id)
        })
      )
      const first = yield* begin(journal, { handlers })
      const runs = yield* Effect.forEach(ids(20), (id) => first.do(work.execute({ id }, { discard: true })))
      yield* until(() => states(journal).every((state) => state === "waiting"))
      yield* first.stop
      const broken: Journal = {
        ...journal,
        load: (id) => id === runs[7] ? Effect.die(new Error("not JSON")) : journal.load(id)
      }
      const second = yield* begin(broken, { handlers })
      yield* second.quiet
      yield* TestClock.adjust("8 hours")
      yield* until(() => deeds.length === 19)
      yield* second.do(work.execute({ id: "new" }, { discard: true }))
      yield* second.quiet
      yield* TestClock.adjust("8 hours")
      yield* until(() => deeds.includes("new"))
      assert.isFalse(deeds.includes("7"))
      assert.strictEqual(journal.runs.get(runs[7] ?? "")?.state, "waiting")
      yield* second.stop
    }))
})
