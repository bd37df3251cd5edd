import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { deed, type Deeds, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const parcel = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Workflow.make("parcel", { payload: { id: Schema.String, ...fields }, idempotencyKey: () => "a" })

const before = parcel({})

/** A field that runs from before were not given. */
const stricter = parcel({ grams: Schema.Finite })
const mended = parcel({ grams: Schema.optional(Schema.Finite) })

const body = (deeds: Deeds) =>
  Effect.gen(function*() {
    yield* before.withCompensation(Effect.orDie(deed(deeds, "pack")), () => undoing(deeds, "pack"))
    yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
    yield* Effect.orDie(deed(deeds, "send"))
  })

const kid = Workflow.make("kid", { payload: {}, idempotencyKey: () => "k" })

/** A parcel that has to do with a child for two hours, and a timer for one. */
const family = Layer.mergeAll(
  kid.toLayer(() => DurableClock.sleep({ name: "kid", duration: "2 hours", inMemoryThreshold: 0 })),
  before.toLayer(() =>
    Effect.all([kid.execute({}), DurableClock.sleep({ name: "hour", duration: "1 hour", inMemoryThreshold: 0 })], {
      concurrency: "unbounded",
      discard: true
    })
  )
)
const familyOfToday = Layer.mergeAll(family, stricter.toLayer(() => Effect.void))

/** A parcel parked by its timer, whose child is not over. */
const parent = Effect.gen(function*() {
  const journal = JournalMemory.make()
  const first = yield* begin(journal, { handlers: family })
  const run = yield* first.do(before.execute({ id: "a" }, { discard: true }))
  yield* until(() => journal.runs.get(run)?.state === "waiting")
  yield* first.quiet
  yield* first.stop
  const life = yield* begin(journal, { handlers: familyOfToday })
  yield* life.quiet
  yield* TestClock.adjust("1 hour")
  yield* until(() => journal.runs.get(run)?.state === "parked")
  const child = yield* kid.executionId({})
  return { child, journal, life, run }
})

/** Lets a run sleep and its process end, and time go on until the next one has found it. */
const parked = Effect.gen(function*() {
  const journal = JournalMemory.make()
  const deeds: Deeds = []
  const first = yield* begin(journal, { handlers: before.toLayer(() => body(deeds)) })
  const run = yield* first.do(before.execute({ id: "a" }, { discard: true }))
  yield* until(() => journal.runs.get(run)?.state === "waiting")
  yield* first.stop
  const life = yield* begin(journal, { handlers: stricter.toLayer(() => body(deeds)) })
  yield* life.quiet
  yield* TestClock.adjust("8 hours")
  yield* until(() => journal.runs.get(run)?.state === "parked")
  assert.deepStrictEqual(deeds, ["pack"], "nothing was done, and nothing undone")
  return { deeds, journal, life, run }
})

describe("a run whose input the code of today does not take", () => {
  it.effect("is parked, says what is wrong with it, and goes on once the schema takes it", () =>
    Effect.gen(function*() {
      const { deeds, journal, life, run } = yield* parked
      const error = journal.runs.get(run)?.error
      assert.strictEqual(error?.tag, "InputMisfit")
      assert.match(error?.message ?? "", /^the payload schema of parcel no longer takes .*grams/s)
      yield* life.stop
      const next = yield* begin(journal, { handlers: mended.toLayer(() => body(deeds)) })
      yield* until(() => journal.runs.get(run)?.state === "completed")
      assert.deepStrictEqual(deeds, ["pack", "send"])
      assert.isUndefined(journal.runs.get(run)?.error)
      yield* next.stop
    }))

  it.effect("stays parked when a child of it ends", () =>
    Effect.gen(function*() {
      const { child, journal, life, run } = yield* parent
      yield* TestClock.adjust("1 hour")
      yield* until(() => journal.runs.get(child)?.state === "completed")
      yield* life.quiet
      assert.strictEqual(journal.runs.get(run)?.state, "parked")
      yield* life.stop
    }))

  it.effect("takes its children along when it is cancelled", () =>
    Effect.gen(function*() {
      const { child, journal, life, run } = yield* parent
      const control = yield* life.do(RunControl)
      yield* control.cancel(run, "safe")
      yield* life.quiet
      assert.strictEqual(journal.runs.get(run)?.state, "cancelled")
      assert.strictEqual(journal.runs.get(child)?.state, "cancelled")
      yield* life.stop
    }))

  it.effect("is given up by none who had cancelled it before it was parked", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, {
        handlers: before.toLayer(() =>
          Effect.gen(function*() {
            yield* before.withCompensation(Effect.orDie(deed(deeds, "pack")), () => undoing(deeds, "pack"))
            yield* Effect.orDie(deed(deeds, "send", Effect.never))
          })
        )
      })
      const run = yield* first.do(before.execute({ id: "a" }, { discard: true }))
      yield* until(() => deeds.includes("send"))
      yield* (yield* first.do(RunControl)).cancel(run, "safe")
      yield* first.quiet
      yield* first.crash
      const life = yield* begin(journal, { handlers: stricter.toLayer(() => body(deeds)) })
      yield* until(() => journal.runs.get(run)?.state === "parked")
      assert.deepStrictEqual(deeds, ["pack", "send"])
      yield* life.stop
      const next = yield* begin(journal, { handlers: mended.toLayer(() => body(deeds)) })
      yield* until(() => journal.runs.get(run)?.state === "cancelled")
      assert.deepStrictEqual(deeds, ["pack", "send", "undo pack"])
      yield* next.stop
    }))

  it.effect("can be cancelled, and compensates nothing then", () =>
    Effect.gen(function*() {
      const { deeds, journal, life, run } = yield* parked
      const control = yield* life.do(RunControl)
      assert.isTrue(yield* control.cancel(run, "safe"))
      const row = yield* control.ended(run)
      assert.strictEqual(Option.getOrUndefined(row)?.state, "cancelled")
      assert.strictEqual(journal.runs.get(run)?.state, "cancelled")
      assert.deepStrictEqual(deeds, ["pack"])
      yield* life.stop
    }))
})
