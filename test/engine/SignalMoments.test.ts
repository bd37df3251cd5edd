import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, DurableDeferred } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { answer, asking, asks, isWaiting, resultOf, start, tell } from "../support/Asking.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { turn, until } from "../support/Turns.ts"

describe("a signal, when it comes at a bad moment", () => {
  it.effect("that comes while the run's wait is being written down wakes it", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: asking([]) })
      yield* held.holdThose(({ create, patch }) => (patch ?? create)?.state === "waiting")
      const starting = yield* Effect.forkChild(life.do(start("a")))
      yield* until(() => held.waiting() > 0)
      const run = yield* asks.executionId({ id: "a" })
      const telling = yield* Effect.forkChild(life.do(tell(run, "yes")), { startImmediately: true })
      yield* turn
      yield* held.release
      yield* Fiber.joinAll([telling, starting])
      assert.strictEqual(yield* resultOf(journal, run), "yes")
      yield* life.stop
    }))

  it.effect("that was acknowledged outlives the process, even before the run has woken", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: asking(deeds) })
      const run = yield* first.do(start("a"))
      yield* until(isWaiting(journal, run))
      const held = HeldJournal.of(journal)
      yield* first.crash
      const second = yield* begin(held, { handlers: asking(deeds) })
      yield* second.quiet
      yield* held.holdThose(({ segment }) => segment?.entries.some(({ entry }) => entry._tag === "Activity") === true)
      yield* second.do(tell(run, "yes"))
      yield* second.crash
      assert.strictEqual(journal.runs.get(run)?.state, "running")
      const third = yield* begin(journal, { handlers: asking(deeds) })
      assert.strictEqual(yield* resultOf(journal, run), "yes")
      assert.deepStrictEqual(deeds.filter((name) => name === "ask a"), ["ask a"])
      yield* third.stop
    }))

  it.effect("wakes the run when whoever sends it leaves before it is durable", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: asking([]) })
      const run = yield* life.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* life.quiet
      yield* held.hold
      const telling = yield* Effect.forkChild(life.do(tell(run, "yes")), { startImmediately: true })
      yield* until(() => held.waiting() === 1)
      yield* Fiber.interrupt(telling)
      yield* held.release
      assert.strictEqual(yield* resultOf(journal, run), "yes")
      yield* life.stop
    }))

  it.effect("is not taken by a run that comes to its end before it asks", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const handlers = (waits: boolean) =>
        asks.toLayer(() => waits ? DurableDeferred.await(answer) : Effect.succeed("done"))
      const first = yield* begin(journal, { handlers: handlers(true) })
      const run = yield* first.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* first.stop
      const life = yield* begin(journal, { handlers: handlers(false) })
      const control = yield* life.do(RunControl)
      assert.isFalse(yield* control.signal(run, "answer", "yes"))
      assert.strictEqual(journal.runs.get(run)?.state, "completed")
      yield* life.stop
    }))

  it.effect("to a run whose workflow is not registered is never taken for kept", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const first = yield* begin(journal, { handlers: asking([]) })
      const run = yield* first.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* first.stop
      const other = yield* begin(journal, { handlers: Layer.empty })
      const told = yield* Effect.exit(other.do(tell(run, "yes")))
      yield* other.stop
      const third = yield* begin(journal, { handlers: asking([]) })
      yield* third.quiet
      assert.isTrue(Exit.isFailure(told) || journal.runs.get(run)?.state === "completed")
      yield* third.stop
    }))

  it.effect("that interrupts a run at its wait does not interrupt whoever waits for the run", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = asks.toLayer(() =>
        Effect.gen(function*() {
          const [, heard] = yield* Effect.all([
            deed(deeds, "meanwhile", Effect.as(Effect.sleep("1 hour"), "")),
            DurableDeferred.await(answer)
          ], { concurrency: "unbounded" })
          return heard
        })
      )
      const life = yield* begin(journal, { handlers })
      const waiter = yield* Effect.forkChild(life.do(asks.execute({ id: "a" })), { startImmediately: true })
      const run = yield* asks.executionId({ id: "a" })
      yield* until(() => journal.runs.has(run))
      yield* life.quiet
      yield* life.do(tell(run, "yes"))
      yield* life.quiet
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* Fiber.await(waiter), Exit.succeed("yes"))
      yield* life.stop
    }))

  it.effect("that comes while the run compensates leaves that as it is", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const gate = yield* Deferred.make<void>()
      const handlers = asks.toLayer(() =>
        Effect.gen(function*() {
          yield* asks.withCompensation(
            deed(deeds, "book"),
            () => Effect.asVoid(Effect.orDie(deed(deeds, "undo book", Effect.as(Deferred.await(gate), ""))))
          )
          const [, heard] = yield* Effect.all([
            deed(deeds, "fail", Effect.delay(Effect.fail(new Refused({ why: "no" })), "1 hour")),
            DurableDeferred.await(answer)
          ], { concurrency: "unbounded" })
          return heard
        })
      )
      const life = yield* begin(journal, { handlers })
      const run = yield* life.do(start("a"))
      yield* life.quiet
      yield* TestClock.adjust("1 hour")
      yield* until(() => deeds.includes("undo book"))
      yield* life.do(tell(run, "yes"))
      yield* life.quiet
      yield* Deferred.succeed(gate, undefined)
      yield* until(() => journal.runs.get(run)?.state === "failed")
      assert.deepStrictEqual(deeds, ["book", "fail", "undo book"])
      yield* life.stop
    }))

  it.effect("of the run to itself is heard, and replayed", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = asks.toLayer(() =>
        Effect.gen(function*() {
          const heard = yield* DurableDeferred.into(Effect.orDie(deed(deeds, "compute")), answer)
          yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
          return `${heard} ${yield* DurableDeferred.await(answer)}`
        })
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* first.crash
      const second = yield* begin(journal, { handlers })
      yield* second.quiet
      yield* TestClock.adjust("8 hours")
      assert.strictEqual(yield* resultOf(journal, run), "compute compute")
      assert.deepStrictEqual(deeds, ["compute"])
      yield* second.stop
    }))
})

describe("a timer", () => {
  it.effect("of an earlier process fires while an activity beside it is at work", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = asks.toLayer(() =>
        DurableDeferred.raceAll({
          name: "first",
          success: Schema.String,
          error: Schema.Never,
          effects: [
            Effect.orDie(deed(deeds, "endless", Effect.never)),
            Effect.as(DurableClock.sleep({ name: "limit", duration: "1 hour", inMemoryThreshold: 0 }), "too late")
          ]
        })
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start("a"))
      yield* first.quiet
      yield* first.stop
      const second = yield* begin(journal, { handlers })
      yield* second.quiet
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* resultOf(journal, run), "too late")
      yield* second.stop
    }))
})
