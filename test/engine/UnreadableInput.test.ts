import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
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
