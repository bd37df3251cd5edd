import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer } from "effect"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { leg, nested, night, start, stateOf, trip } from "../support/Trips.ts"
import { until } from "../support/Turns.ts"

describe("the cancellation of a parent", () => {
  it.effect("cancels its children and theirs, and each compensates", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: nested(deeds) })
      const run = yield* life.do(start)
      yield* until(() =>
        journal.runs.size === 3 && [...journal.runs.values()].every(({ state }) => state === "waiting")
      )
      yield* life.do(trip.interrupt(run))
      yield* until(() => [...journal.runs.values()].every(({ state }) => state === "cancelled"))
      assert.deepStrictEqual(deeds.slice(0, 3), ["trip", "leg", "stop"])
      assert.deepStrictEqual(deeds.slice(3).toSorted(), ["undo leg", "undo stop", "undo trip"])
      yield* life.stop
    }))

  it.effect("reaches children that are not in memory", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: nested(deeds) })
      const run = yield* first.do(start)
      yield* until(() =>
        journal.runs.size === 3 && [...journal.runs.values()].every(({ state }) => state === "waiting")
      )
      yield* first.crash
      const second = yield* begin(journal, { handlers: nested(deeds) })
      yield* second.do(trip.interrupt(run))
      yield* until(() => [...journal.runs.values()].every(({ state }) => state === "cancelled"))
      assert.deepStrictEqual(deeds.slice(3).toSorted(), ["undo leg", "undo stop", "undo trip"])
      yield* second.stop
    }))
})

describe("the cancellation of a parent whose child never began", () => {
  it.effect("does not begin it", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const deeds: Deeds = []
      const first = yield* begin(held, { handlers: nested(deeds) })
      yield* held.holdThose(({ create }) => create?.workflow === leg._tag)
      const run = yield* first.do(start)
      yield* until(() => held.waiting() > 0)
      yield* first.do(trip.interrupt(run))
      yield* first.crash
      const done = deeds.length
      const second = yield* begin(journal, { handlers: nested(deeds) })
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds.slice(done), ["undo trip"])
      assert.strictEqual(journal.runs.size, 1)
      yield* second.stop
    }))
})

describe("the cancellation of a child", () => {
  it.effect("ends its parent as cancelled, with its compensations, when the parent has no other way", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: nested(deeds) })
      yield* life.do(start)
      yield* until(() =>
        journal.runs.size === 3 && [...journal.runs.values()].every(({ state }) => state === "waiting")
      )
      yield* life.do(leg.interrupt(yield* leg.executionId({ id: "a" })))
      yield* until(() => [...journal.runs.values()].every(({ state }) => state === "cancelled"))
      assert.deepStrictEqual(deeds.slice(3).toSorted(), ["undo leg", "undo stop", "undo trip"])
      yield* life.stop
    }))

  it.effect("is a result that its parent may go on from", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = Layer.merge(
        trip.toLayer(({ id }) =>
          Effect.gen(function*() {
            const exit = yield* Effect.exit(leg.execute({ id }))
            yield* deed(deeds, Exit.hasInterrupts(exit) ? "by bus" : "by train")
          })
        ),
        leg.toLayer(() => night)
      )
      const life = yield* begin(journal, { handlers })
      const run = yield* life.do(start)
      yield* until(() =>
        journal.runs.size === 2 && [...journal.runs.values()].every(({ state }) => state === "waiting")
      )
      yield* life.do(leg.interrupt(yield* leg.executionId({ id: "a" })))
      yield* until(() => stateOf(journal, run) === "completed")
      assert.deepStrictEqual(deeds, ["by bus"])
      yield* life.stop
    }))
})
