import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { trip } from "../support/Trips.ts"
import { until } from "../support/Turns.ts"

const no = Effect.fail(new Refused({ why: "no" }))

describe("a cancellation", () => {
  for (const how of ["safe", "now"] as const) {
    it.effect(`(${how}) while an activity is under way that fails: the run compensates and ends`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const gate = yield* Deferred.make<void>()
        const life = yield* begin(journal, {
          handlers: trip.toLayer(() =>
            Effect.gen(function*() {
              yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
              yield* deed(deeds, "mail", Effect.uninterruptible(Effect.andThen(Deferred.await(gate), no)))
            })
          )
        })
        const run = yield* life.do(trip.execute({ id: "a" }, { discard: true }))
        yield* until(() => deeds.includes("mail"))
        const control = yield* life.do(RunControl)
        const cancelling = yield* Effect.forkChild(control.cancel(run, how))
        yield* life.quiet
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(cancelling)
        yield* life.quiet
        assert.strictEqual(journal.runs.get(run)?.state, how === "safe" ? "failed" : "cancelled")
        assert.deepStrictEqual(deeds, ["flight", "mail", "undo flight"])
        yield* life.stop
      }))

    it.effect(`(${how}) of a failed run whose compensation waits lets it come to its end`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const life = yield* begin(journal, {
          handlers: trip.toLayer(() =>
            Effect.gen(function*() {
              yield* trip.withCompensation(deed(deeds, "flight"), () =>
                Effect.gen(function*() {
                  yield* DurableClock.sleep({ name: "answer", duration: "1 hour", inMemoryThreshold: 0 })
                  yield* undoing(deeds, "flight")
                }))
              yield* deed(deeds, "mail", no)
            })
          )
        })
        const run = yield* life.do(trip.execute({ id: "a" }, { discard: true }))
        yield* until(() => journal.runs.get(run)?.state === "waiting")
        yield* life.quiet
        const control = yield* life.do(RunControl)
        yield* control.cancel(run, how)
        yield* life.quiet
        yield* TestClock.adjust("1 hour")
        yield* life.quiet
        assert.strictEqual(journal.runs.get(run)?.state, "failed")
        assert.deepStrictEqual(deeds, ["flight", "mail", "undo flight"])
        yield* life.stop
      }))
  }

  it.effect("is obeyed when whoever asked for it leaves before it is durable", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const deeds: Deeds = []
      const life = yield* begin(held, {
        handlers: trip.toLayer(() =>
          Effect.gen(function*() {
            yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
            yield* DurableClock.sleep({ name: "night", duration: "1 day", inMemoryThreshold: 0 })
          })
        )
      })
      const run = yield* life.do(trip.execute({ id: "a" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* life.quiet
      const control = yield* life.do(RunControl)
      yield* held.hold
      const cancelling = yield* Effect.forkChild(control.cancel(run, "safe"))
      yield* until(() => held.waiting() === 1)
      yield* Fiber.interrupt(cancelling)
      yield* held.release
      yield* until(() => journal.runs.get(run)?.state === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "undo flight"])
      yield* life.stop
    }))
})
