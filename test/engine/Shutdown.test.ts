import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin, type Life } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

/** An activity that stays at work until it is let go. */
const gate = Effect.gen(function*() {
  const [begun, open] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
  return {
    begun: Deferred.await(begun),
    open: Deferred.succeed(open, undefined),
    pass: Effect.as(Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(open)), "passed")
  }
})

const isDone = (journal: JournalMemory.MemoryJournal, run: string) => () =>
  ["completed", "failed", "cancelled"].includes(journal.runs.get(run)?.state ?? "")

const stateOf = (journal: JournalMemory.MemoryJournal, run: string) => journal.runs.get(run)?.state

/** Stops it while somebody moves time on. */
const stopWithin = (life: Life, time: Duration.Input) =>
  Effect.gen(function*() {
    const stopping = yield* Effect.forkChild(life.stop, { startImmediately: true })
    yield* life.quiet
    assert.isUndefined(stopping.pollUnsafe())
    yield* TestClock.adjust(time)
    yield* Fiber.join(stopping)
  })

const trip = named("trip")

/** Books two things with compensations, the second behind a gate. */
const booking = (deeds: Deeds, second: Effect.Effect<string, Refused>) =>
  trip.toLayer(() =>
    Effect.gen(function*() {
      yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
      yield* trip.withCompensation(deed(deeds, "hotel", second), () => undoing(deeds, "hotel"))
      yield* deed(deeds, "mail")
    })
  )

describe("a shutdown", () => {
  it.effect("interrupts the activity under way, compensates nothing, and the successor does it again", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const first = yield* begin(journal, { handlers: booking(deeds, pass) })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      yield* first.stop
      assert.strictEqual(stateOf(journal, run), "stopped")
      assert.deepStrictEqual(deeds, ["flight", "hotel"])
      const second = yield* begin(journal, { handlers: booking(deeds, Effect.succeed("")) })
      yield* until(isDone(journal, run))
      assert.strictEqual(stateOf(journal, run), "completed")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "hotel", "mail"])
      yield* second.stop
    }))

  it.effect("lets the activity under way end within the grace, keeps its result, and begins no other", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const first = yield* begin(journal, { handlers: booking(deeds, pass), grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      const stopping = yield* Effect.forkChild(first.stop, { startImmediately: true })
      yield* open
      yield* Fiber.join(stopping)
      assert.strictEqual(stateOf(journal, run), "stopped")
      assert.deepStrictEqual(deeds, ["flight", "hotel"])
      const second = yield* begin(journal, { handlers: booking(deeds, Effect.die("done already")) })
      yield* until(isDone(journal, run))
      assert.strictEqual(stateOf(journal, run), "completed")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "mail"])
      yield* second.stop
    }))

  it.effect("waits for an activity no longer than the grace", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const first = yield* begin(journal, { handlers: booking(deeds, pass), grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      yield* stopWithin(first, "30 seconds")
      assert.strictEqual(stateOf(journal, run), "stopped")
      assert.deepStrictEqual(deeds, ["flight", "hotel"])
    }))

  it.effect("leaves a sleeping run asleep, and the successor wakes it at its time", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = trip.toLayer(() =>
        Effect.gen(function*() {
          yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
          yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
          yield* deed(deeds, "breakfast")
        })
      )
      const first = yield* begin(journal, { handlers, grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* until(() => stateOf(journal, run) === "waiting")
      yield* TestClock.adjust("1 hour")
      yield* first.stop
      assert.strictEqual(stateOf(journal, run), "waiting")
      yield* TestClock.adjust("2 hours")
      const second = yield* begin(journal, { handlers })
      yield* second.quiet
      yield* TestClock.adjust(Duration.subtract(Duration.hours(5), Duration.millis(1)))
      yield* second.quiet
      assert.deepStrictEqual(deeds, ["flight"])
      yield* TestClock.adjust("1 millis")
      yield* until(isDone(journal, run))
      assert.deepStrictEqual(deeds, ["flight", "breakfast"])
      yield* second.stop
    }))

  it.effect("amid compensations lets the one under way end, and the successor does those that are left", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const handlers = (undo: Effect.Effect<string>) =>
        trip.toLayer(() =>
          Effect.gen(function*() {
            yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
            yield* trip.withCompensation(
              deed(deeds, "hotel"),
              () => Effect.asVoid(Effect.orDie(deed(deeds, "undo hotel", undo)))
            )
            yield* deed(deeds, "mail", Effect.fail(new Refused({ why: "no such address" })))
          })
        )
      const first = yield* begin(journal, { handlers: handlers(pass), grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      const stopping = yield* Effect.forkChild(first.stop, { startImmediately: true })
      yield* open
      yield* Fiber.join(stopping)
      assert.strictEqual(stateOf(journal, run), "stopped")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "mail", "undo hotel"])
      const second = yield* begin(journal, { handlers: handlers(Effect.die("done already")) })
      yield* until(isDone(journal, run))
      assert.strictEqual(stateOf(journal, run), "failed")
      assert.strictEqual(journal.runs.get(run)?.error?.tag, "Refused")
      assert.deepStrictEqual(deeds, ["flight", "hotel", "mail", "undo hotel", "undo flight"])
      yield* second.stop
    }))

  it.effect("waits for a compensation no longer than the grace, and the successor does it again", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const handlers = (undo: Effect.Effect<string>) =>
        trip.toLayer(() =>
          Effect.gen(function*() {
            yield* trip.withCompensation(
              deed(deeds, "hotel"),
              () => Effect.asVoid(Effect.orDie(deed(deeds, "undo hotel", undo)))
            )
            yield* deed(deeds, "mail", Effect.fail(new Refused({ why: "no such address" })))
          })
        )
      const first = yield* begin(journal, { handlers: handlers(pass), grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      yield* stopWithin(first, "30 seconds")
      assert.strictEqual(stateOf(journal, run), "stopped")
      const second = yield* begin(journal, { handlers: handlers(Effect.succeed("")) })
      yield* until(isDone(journal, run))
      assert.deepStrictEqual(deeds, ["hotel", "mail", "undo hotel", "undo hotel"])
      yield* second.stop
    }))

  it.effect("keeps a signal that comes while it waits for the activities under way", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, open, pass } = yield* gate
      const answer = DurableDeferred.make("answer", { success: Schema.String })
      const handlers = trip.toLayer(() =>
        Effect.gen(function*() {
          yield* deed(deeds, "question", pass)
          yield* deed(deeds, yield* DurableDeferred.await(answer))
        })
      )
      const first = yield* begin(journal, { handlers, grace: "30 seconds" })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      const stopping = yield* Effect.forkChild(first.stop, { startImmediately: true })
      const token = DurableDeferred.tokenFromExecutionId(answer, { workflow: trip, executionId: run })
      yield* first.do(DurableDeferred.succeed(answer, { token, value: "yes" }))
      yield* open
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(deeds, ["question"])
      const second = yield* begin(journal, { handlers })
      yield* until(isDone(journal, run))
      assert.deepStrictEqual(deeds, ["question", "yes"])
      yield* second.stop
    }))

  it.effect("of a child and its parent lets both go on", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const { begun, pass } = yield* gate
      const leg = named("leg")
      const handlers = (ride: Effect.Effect<string>) =>
        Layer.merge(
          leg.toLayer(() => Effect.asVoid(deed(deeds, "ride", ride))),
          trip.toLayer(() =>
            Effect.gen(function*() {
              yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
              yield* leg.execute({ id: "a" })
              yield* deed(deeds, "mail")
            })
          )
        )
      const first = yield* begin(journal, { handlers: handlers(pass) })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* begun
      yield* first.stop
      assert.deepStrictEqual([...journal.runs.values()].map(({ state }) => state), ["stopped", "stopped"])
      const second = yield* begin(journal, { handlers: handlers(Effect.succeed("")) })
      yield* until(isDone(journal, run))
      assert.deepStrictEqual(deeds, ["flight", "ride", "ride", "mail"])
      yield* second.stop
    }))
})
