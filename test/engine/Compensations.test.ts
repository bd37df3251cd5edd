import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import * as AwayJournal from "../support/AwayJournal.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const no = Effect.fail(new Refused({ why: "no" }))
const night = DurableClock.sleep({ name: "night", duration: "1 day", inMemoryThreshold: 0 })

const trip = Workflow.make("trip", { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

/** A trip whose compensation asks, waits an hour, and asks again. */
const patient = (deeds: Deeds, passes: { count: number }, fails: boolean) =>
  trip.toLayer(() =>
    Effect.gen(function*() {
      passes.count++
      yield* trip.withCompensation(deed(deeds, "flight"), () =>
        Effect.gen(function*() {
          yield* Effect.orDie(deed(deeds, "ask"))
          yield* DurableClock.sleep({ name: "answer", duration: "1 hour", inMemoryThreshold: 0 })
          yield* Effect.orDie(deed(deeds, "ask again"))
        }))
      if (fails) yield* deed(deeds, "mail", Effect.fail(new Refused({ why: "no" })))
      yield* DurableClock.sleep({ name: "night", duration: "1 day", inMemoryThreshold: 0 })
    })
  )

describe("a compensation that waits", () => {
  for (const fails of [true, false]) {
    it.effect(`is waited for, asleep, by whoever waits for the run: after a ${fails ? "failure" : "cancellation"}`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const passes = { count: 0 }
        const life = yield* begin(journal, { handlers: patient(deeds, passes, fails) })
        const run = yield* trip.executionId({ id: "a" })
        const state = () => journal.runs.get(run)?.state
        const waiter = yield* Effect.forkChild(Effect.exit(life.do(trip.execute({ id: "a" }))))
        yield* until(() => state() === "waiting")
        if (!fails) yield* life.do(trip.interrupt(run))
        yield* until(() => deeds.includes("ask") && state() === "waiting")
        yield* life.quiet
        const before = passes.count
        yield* life.quiet
        assert.strictEqual(passes.count, before, "it does not run in circles")
        yield* TestClock.adjust("1 hour")
        const exit = yield* Fiber.join(waiter)
        assert.strictEqual(state(), fails ? "failed" : "cancelled")
        assert.strictEqual(Exit.hasInterrupts(exit), !fails)
        assert.deepStrictEqual(deeds, ["flight", ...(fails ? ["mail"] : []), "ask", "ask again"])
        assert.strictEqual(passes.count, before + 1)
        yield* life.stop
      }))
  }

  it.effect("is not forgotten when the store is away as it comes to its wait", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const away = AwayJournal.of(journal)
      const deeds: Deeds = []
      const handlers = trip.toLayer(() =>
        Effect.gen(function*() {
          yield* trip.withCompensation(deed(deeds, "flight"), () => Effect.andThen(night, undoing(deeds, "flight")))
          // its result is lost with the store once
          const again = Effect.suspend(() =>
            deeds.filter((name) => name === "mail").length > 1 ? Effect.void : away.leave
          )
          yield* deed(deeds, "mail", Effect.andThen(again, no))
        })
      )
      const life = yield* begin(away, { handlers })
      const run = yield* life.do(trip.execute({ id: "a" }, { discard: true }))
      yield* until(() => deeds.includes("mail"))
      yield* TestClock.adjust("20 seconds")
      yield* away.comeBack
      yield* Effect.repeat(Effect.andThen(TestClock.adjust("30 seconds"), life.quiet), { times: 20 })
      assert.strictEqual(journal.runs.get(run)?.state, "waiting")
      yield* TestClock.adjust("1 day")
      yield* until(() => journal.runs.get(run)?.state === "failed")
      assert.strictEqual(deeds.at(-1), "undo flight")
      yield* life.stop
    }))

  it.effect("goes on in the next process at its time", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const passes = { count: 0 }
      const first = yield* begin(journal, { handlers: patient(deeds, passes, true) })
      const run = yield* first.do(trip.execute({ id: "a" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* first.crash
      const second = yield* begin(journal, { handlers: patient(deeds, passes, true) })
      yield* second.quiet
      assert.deepStrictEqual(deeds, ["flight", "mail", "ask"])
      yield* TestClock.adjust("1 hour")
      yield* until(() => journal.runs.get(run)?.state === "failed")
      assert.deepStrictEqual(deeds, ["flight", "mail", "ask", "ask again"])
      yield* second.stop
    }))
})

describe("a compensation that cannot do its work", () => {
  const ends: ReadonlyArray<readonly [how: string, undo: Effect.Effect<string>, said: RegExp]> = [
    ["dies", Effect.die("the airline is gone"), /the airline is gone/],
    ["is interrupted", Effect.interrupt, /a compensation was interrupted/]
  ]
  for (const [how, undo, said] of ends) {
    it.effect(`because it ${how} ends the run, once the others have done theirs, as a dead letter`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const life = yield* begin(journal, {
          handlers: trip.toLayer(() =>
            Effect.gen(function*() {
              yield* trip.withCompensation(deed(deeds, "hotel"), () => undoing(deeds, "hotel"))
              yield* trip.withCompensation(
                deed(deeds, "flight"),
                () => Effect.asVoid(how === "dies" ? Effect.orDie(deed(deeds, "undo flight", undo)) : undo)
              )
              yield* deed(deeds, "mail", no)
            })
          )
        })
        const exit = yield* life.do(Effect.exit(trip.execute({ id: "a" })))
        assert.isTrue(Exit.hasDies(exit))
        const run = yield* trip.executionId({ id: "a" })
        assert.strictEqual(journal.runs.get(run)?.state, "failed")
        assert.match(journal.runs.get(run)?.error?.message ?? "", said)
        assert.isTrue(journal.deadLetters.has(run))
        assert.deepStrictEqual(deeds.filter((name) => name !== "undo flight"), [
          "hotel",
          "flight",
          "mail",
          "undo hotel"
        ])
        yield* life.stop
      }))
  }
})
