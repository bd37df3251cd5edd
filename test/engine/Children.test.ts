import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import type { Deeds } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import {
  allWait,
  child,
  pairOf,
  parent,
  parentOf,
  patient,
  release,
  resultOf,
  start,
  stateOf
} from "../support/Family.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { turn, until } from "../support/Turns.ts"

describe("a parent", () => {
  it.effect("that is no longer in memory is woken by the end of its child", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const life = yield* begin(journal, { handlers: pairOf(deeds) })
      const runs = yield* Effect.forEach(Array.from({ length: 400 }, (_, index) => `${index}`), (id) =>
        life.do(start(id)))
      yield* until(allWait(journal, 800))
      yield* life.quiet
      const loads = life.loads()
      yield* life.do(release(yield* child.executionId({ id: "0" }), "released"))
      assert.strictEqual(yield* resultOf(journal, runs[0] ?? ""), "released")
      assert.isAbove(life.loads(), loads)
      assert.deepStrictEqual(deeds.slice(400), ["after 0"])
      yield* life.stop
    }))

  it.effect("is woken when its child ends while its wait is being written down", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers: pairOf([]) })
      const run = yield* parent.executionId({ id: "a" })
      const childRun = yield* child.executionId({ id: "a" })
      yield* held.holdThose((change) => change.run === run && change.patch?.state === "waiting")
      yield* life.do(start("a"))
      yield* until(() => held.waiting() > 0)
      const releasing = yield* Effect.forkChild(life.do(release(childRun, "released")))
      yield* Effect.repeat(turn, { times: 10 })
      yield* held.release
      yield* Fiber.join(releasing)
      assert.strictEqual(yield* resultOf(journal, run), "released")
      yield* life.stop
    }))

  it.effect("loses no child's end, at whatever moment of its way to its wait that comes", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const life = yield* begin(journal, { handlers: pairOf([]) })
      for (let yields = 0; yields < 120; yields++) {
        const id = `after ${yields}`
        const run = yield* life.do(start(id))
        const childRun = yield* child.executionId({ id })
        yield* until(() => journal.runs.has(childRun))
        yield* Effect.repeat(Effect.yieldNow, { times: yields })
        yield* life.do(release(childRun, id))
        assert.strictEqual(yield* resultOf(journal, run), id)
      }
      yield* life.stop
    }))

  it.effect("is woken by the next process, when this one ends just after the end of the child is durable", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const first = yield* begin(journal, { handlers: pairOf(deeds) })
      const run = yield* first.do(start("a"))
      const childRun = yield* child.executionId({ id: "a" })
      yield* until(allWait(journal, 2))
      yield* first.stop
      // the signal is one commit, and the end of the child the next
      const second = yield* begin(journal, { handlers: pairOf(deeds), crash: { at: 2, applied: true } })
      yield* second.attempt(release(childRun, "released"))
      yield* until(second.isDead)
      assert.deepStrictEqual([stateOf(journal, run), stateOf(journal, childRun)], ["running", "completed"])
      const third = yield* begin(journal, { handlers: pairOf(deeds) })
      assert.strictEqual(yield* resultOf(journal, run), "released")
      assert.deepStrictEqual(deeds, ["before a", "after a"])
      yield* third.stop
    }))

  it.effect("is woken by a child that ended before the parent's workflow was there", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const first = yield* begin(journal, { handlers: pairOf([]) })
      const run = yield* first.do(start("a"))
      const childRun = yield* child.executionId({ id: "a" })
      yield* until(allWait(journal, 2))
      yield* first.stop
      const gate = yield* Deferred.make<void>()
      const late = Layer.unwrap(Effect.as(Deferred.await(gate), parentOf([])))
      const early = Layer.effectDiscard(release(childRun, "released"))
      const beginning = yield* Effect.forkChild(
        begin(journal, { handlers: Layer.merge(Layer.provideMerge(early, patient), late) })
      )
      yield* until(() => stateOf(journal, childRun) === "completed")
      yield* Deferred.succeed(gate, undefined)
      const second = yield* Fiber.join(beginning)
      assert.strictEqual(yield* resultOf(journal, run), "released")
      yield* second.stop
    }))
})
