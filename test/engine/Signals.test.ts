import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { asking, asks, isWaiting, resultOf, start, tell } from "../support/Asking.ts"
import type { Deeds } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { turn, until } from "../support/Turns.ts"

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

  it.effect("by hand of another type than asked for is refused, also in a later process, and the right one still comes", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const first = yield* begin(journal, { handlers: asking([]) })
      const run = yield* first.do(start("a"))
      yield* until(isWaiting(journal, run))
      yield* first.stop
      const second = yield* begin(journal, { handlers: asking([]) })
      yield* second.do(Effect.gen(function*() {
        const control = yield* RunControl
        const refusal = yield* Effect.flip(control.signal(run, "answer", 7))
        assert.strictEqual(refusal._tag, "InvalidInput")
        assert.include(refusal.message, "the signal answer")
        assert.isTrue(yield* control.signal(run, "answer", "yes"))
      }))
      assert.strictEqual(yield* resultOf(journal, run), "yes")
      yield* second.stop
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
})
