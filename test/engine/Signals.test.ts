import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin, turn, until } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"

const answer = DurableDeferred.make("answer", { success: Schema.String })

const asks = Workflow.make("asks", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Refused,
  idempotencyKey: ({ id }) => id
})

/** Does something, waits for the answer, and gives it. */
const asking = (deeds: Deeds) =>
  asks.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* deed(deeds, `ask ${id}`)
      const heard = yield* DurableDeferred.await(answer)
      yield* deed(deeds, `hear ${id}`)
      return heard
    })
  )

const tell = (run: string, value: string) =>
  DurableDeferred.succeed(answer, {
    token: DurableDeferred.tokenFromExecutionId(answer, { workflow: asks, executionId: run }),
    value
  })

const start = (id: string) => asks.execute({ id }, { discard: true })

const isWaiting = (journal: JournalMemory.MemoryJournal, run: string) => () =>
  journal.runs.get(run)?.state === "waiting"

/** The recorded result of a run. */
const resultOf = Effect.fnUntraced(function*(journal: JournalMemory.MemoryJournal, run: string) {
  yield* until(() => journal.runs.get(run)?.state === "completed")
  const entries = (yield* journal.load(run))?.entries ?? []
  return entries.flatMap((entry) => entry._tag === "Ended" && "ok" in entry.exit ? [entry.exit.ok] : []).join()
})

describe("a signal", () => {
  it.effect("wakes a run that is no longer in memory", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: asking(deeds) })
      const runs = yield* Effect.forEach(Array.from({ length: 600 }, (_, index) => `${index}`), (id) =>
        life.do(start(id)))
      yield* until(() =>
        runs.every((run) => journal.runs.get(run)?.state === "waiting")
      )
      yield* life.quiet
      assert.strictEqual(life.loads(), 0)
      const oldest = runs[0] ?? ""
      yield* life.do(tell(oldest, "yes"))
      assert.strictEqual(yield* resultOf(journal, oldest), "yes")
      assert.strictEqual(life.loads(), 1)
      assert.deepStrictEqual(deeds.slice(600), ["hear 0"])
      yield* life.stop
    }))

  it.effect("to a run that is not there does nothing, and nothing to a run that begins later", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const life = yield* begin(journal, { handlers: asking([]) })
      const run = yield* asks.executionId({ id: "a" })
      yield* life.do(tell(run, "early"))
      assert.strictEqual(journal.commits(), 0)
      yield* life.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* life.do(tell(run, "in time"))
      assert.strictEqual(yield* resultOf(journal, run), "in time")
      yield* life.do(tell(run, "late"))
      assert.strictEqual(yield* resultOf(journal, run), "in time")
      yield* life.stop
    }))

  it.effect("is kept when it comes before the run waits for it", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: asking([]) })
      yield* held.hold
      const starting = yield* Effect.forkChild(life.do(start("a")), { startImmediately: true })
      yield* until(() => held.waiting() > 0)
      const run = yield* asks.executionId({ id: "a" })
      const telling = yield* Effect.forkChild(life.do(tell(run, "yes")), { startImmediately: true })
      yield* turn
      assert.isUndefined(telling.pollUnsafe(), "nothing is acknowledged before it is durable")
      yield* held.release
      yield* Fiber.join(telling)
      yield* Fiber.join(starting)
      assert.strictEqual(yield* resultOf(journal, run), "yes")
      yield* life.stop
    }))

  it.effect("that comes twice counts once, the first: together, one after the other, and in another process", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const first = yield* begin(journal, { handlers: asking([]) })
      const [one, two] = yield* first.do(Effect.all([start("one"), start("two")]))
      yield* until(() => isWaiting(journal, one)() && isWaiting(journal, two)())
      const values = Array.from({ length: 50 }, (_, index) => `${index}`)
      yield* Effect.forEach(values, (value) => first.do(tell(one, value)), { concurrency: "unbounded" })
      assert.strictEqual(yield* resultOf(journal, one), "0")
      yield* first.do(tell(two, "first"))
      yield* first.crash
      const second = yield* begin(journal, { handlers: asking([]) })
      yield* second.do(tell(two, "second"))
      assert.strictEqual(yield* resultOf(journal, two), "first")
      yield* second.stop
    }))

  it.effect("that comes twice is acknowledged when the first is durable, and not before", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: asking([]) })
      const run = yield* life.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* life.quiet
      yield* held.hold
      const telling = yield* Effect.forEach(
        ["one", "two"],
        (value) => Effect.forkChild(life.do(tell(run, value)), { startImmediately: true })
      )
      yield* until(() => held.waiting() > 0)
      yield* Effect.repeat(turn, { times: 10 })
      assert.deepStrictEqual(telling.map((fiber) => fiber.pollUnsafe()), [undefined, undefined])
      yield* held.release
      yield* Fiber.joinAll(telling)
      assert.strictEqual(yield* resultOf(journal, run), "one")
      yield* life.stop
    }))

  it.effect("is not lost at whatever moment of the run's way to its wait it comes", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const life = yield* begin(journal, { handlers: asking([]) })
      for (let yields = 0; yields < 120; yields++) {
        const id = `after ${yields}`
        const run = yield* asks.executionId({ id })
        yield* life.do(start(id))
        yield* Effect.repeat(Effect.yieldNow, { times: yields })
        yield* life.do(tell(run, id))
        assert.strictEqual(yield* resultOf(journal, run), id)
      }
      yield* life.stop
    }))

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
