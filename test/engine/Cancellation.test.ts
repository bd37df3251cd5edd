import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { WorkflowEngine } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { booking, cancelNow, failing, gate, sleeping, start, stateOf, trip } from "../support/Trips.ts"
import { until } from "../support/Turns.ts"

describe("a safe cancellation", () => {
  it.effect("lets the activity under way end, and compensates it too", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const life = yield* begin(journal, { handlers: booking(deeds, pass) })
      const run = yield* life.do(start)
      yield* begun
      yield* life.do(trip.interrupt(run))
      assert.deepStrictEqual(deeds, ["flight", "hotel"])
      yield* open
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "undo hotel", "undo flight"])
      yield* life.stop
    }))

  it.effect("ends a run that is not in memory, and its timer never fires", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: sleeping(deeds) })
      const run = yield* first.do(start)
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* first.stop
      const second = yield* begin(journal, { handlers: sleeping(deeds) })
      yield* second.quiet
      assert.strictEqual(second.loads(), 0)
      yield* second.do(trip.interrupt(run))
      yield* until(() => stateOf(journal, run) === "cancelled")
      yield* TestClock.adjust("1 day")
      yield* second.quiet
      assert.deepStrictEqual(deeds, ["flight", "undo flight"])
      assert.strictEqual(stateOf(journal, run), "cancelled")
      yield* second.stop
    }))

  it.effect("of what is over or unknown does nothing", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const life = yield* begin(journal, { handlers: booking([], Effect.succeed("")) })
      const run = yield* life.do(start)
      yield* until(() => stateOf(journal, run) === "completed")
      const commits = journal.commits()
      yield* life.do(trip.interrupt(run))
      yield* life.do(trip.interrupt("nobody"))
      assert.strictEqual(journal.commits(), commits)
      yield* life.stop
    }))

  it.effect("of a run whose end is just being written down comes too late", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: booking([], Effect.succeed("")) })
      yield* held.holdThose(({ segment }) => segment?.entries.some(({ entry }) => entry._tag === "Ended") === true)
      const run = yield* life.do(start)
      yield* until(() => held.waiting() > 0)
      const cancelling = yield* Effect.forkChild(life.do(trip.interrupt(run)), { startImmediately: true })
      yield* life.do(cancelNow(trip, run))
      yield* held.release
      yield* Fiber.join(cancelling)
      yield* life.stop
      assert.strictEqual(stateOf(journal, run), "completed")
      assert.isUndefined(journal.runs.get(run)?.cancel)
    }))

  it.effect("that was acknowledged outlives the process, and compensates in the next one", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const deeds: Deeds = []
      const first = yield* begin(held, { handlers: sleeping(deeds) })
      const run = yield* first.do(start)
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* held.holdThose(({ segment }) => segment?.entries.some(({ entry }) => entry._tag !== "Cancel") === true)
      yield* first.do(trip.interrupt(run))
      yield* first.crash
      assert.strictEqual(journal.runs.get(run)?.cancel, "safe")
      const done = deeds.length
      const second = yield* begin(journal, { handlers: sleeping(deeds) })
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds.slice(done), ["undo flight"])
      yield* second.stop
    }))

  it.effect("twice compensates once", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const life = yield* begin(journal, { handlers: failing(deeds, pass) })
      const run = yield* life.do(start)
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* life.do(trip.interrupt(run))
      yield* begun
      const again = yield* Effect.forkChild(life.do(trip.interrupt(run)), { startImmediately: true })
      yield* life.quiet
      yield* open
      yield* Fiber.join(again)
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "undo hotel", "undo flight"])
      yield* life.stop
    }))

  it.effect("ends a parked run too, with the compensations of those steps that its code still takes", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: sleeping(deeds) })
      const run = yield* first.do(start)
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* first.stop
      const changed = yield* begin(journal, {
        handlers: trip.toLayer(() =>
          Effect.andThen(
            trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight")),
            Effect.asVoid(deed(deeds, "car"))
          )
        )
      })
      yield* changed.do(Effect.flatMap(WorkflowEngine.WorkflowEngine, (engine) => engine.resume(trip, run)))
      yield* until(() => stateOf(journal, run) === "parked")
      yield* changed.do(trip.interrupt(run))
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "undo flight"])
      yield* changed.stop
    }))
})

describe("a cancellation at once", () => {
  it.effect("interrupts the activity under way, which is not recorded, and compensates what was done", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const life = yield* begin(journal, { handlers: booking(deeds, pass) })
      const waiter = yield* Effect.forkChild(Effect.exit(life.do(trip.execute({ id: "a" }))))
      yield* begun
      const run = yield* trip.executionId({ id: "a" })
      yield* life.do(cancelNow(trip, run))
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "undo flight"])
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.join(waiter)))
      yield* life.stop
    }))

  it.effect("after a safe one does not wait for the activity any longer", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const life = yield* begin(journal, { handlers: booking(deeds, pass) })
      const run = yield* life.do(start)
      yield* begun
      yield* life.do(trip.interrupt(run))
      yield* life.quiet
      assert.strictEqual(stateOf(journal, run), "running")
      yield* life.do(cancelNow(trip, run))
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "undo flight"])
      yield* life.stop
    }))

  it.effect("that comes amid compensations, or twice, leaves none of them out", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const life = yield* begin(journal, { handlers: failing(deeds, pass) })
      const run = yield* life.do(start)
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* life.do(trip.interrupt(run))
      yield* begun
      const again = yield* Effect.forEach(
        [1, 2],
        () => Effect.forkChild(life.do(cancelNow(trip, run)), { startImmediately: true })
      )
      yield* life.quiet
      yield* open
      yield* Fiber.joinAll(again)
      yield* until(() => stateOf(journal, run) === "cancelled")
      assert.deepStrictEqual(new Set(deeds), new Set(["flight", "hotel", "undo hotel", "undo flight"]))
      assert.strictEqual(deeds.at(-1), "undo flight")
      yield* life.stop
    }))
})
