import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableDeferred, Workflow } from "effect/workflow"
import type { Change, Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { turn, until } from "../support/Turns.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

const work = named("work")
const part = named("part")
const go = DurableDeferred.make("go")

const release = (workflow: Workflow.Any, run: string) =>
  DurableDeferred.succeed(go, {
    token: DurableDeferred.tokenFromExecutionId(go, { workflow, executionId: run }),
    value: undefined
  })

const start = work.execute({ id: "a" }, { discard: true })
const few = Effect.repeat(turn, { times: 10 })
const { isResultOf } = HeldJournal

const hasEntry = (tag: string) => ({ segment }: Change): boolean =>
  segment?.entries.some(({ entry }) => entry._tag === tag) === true

describe("nothing begins before what it depends on is durable", () => {
  it.effect("an activity, before the result of the one before it", () =>
    Effect.gen(function*() {
      const held = HeldJournal.of(JournalMemory.make())
      const deeds: Deeds = []
      const life = yield* begin(held, {
        handlers: work.toLayer(() => Effect.andThen(deed(deeds, "one"), Effect.asVoid(deed(deeds, "two"))))
      })
      yield* held.holdThose(isResultOf("one"))
      yield* Effect.forkChild(life.do(start))
      yield* until(() => held.waiting() === 1)
      yield* few
      assert.deepStrictEqual(deeds, ["one"])
      yield* held.release
      yield* until(() => deeds.length === 2)
      yield* life.stop
    }))

  it.effect("an activity of one branch, before its own result, though that of another branch is durable", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const held = HeldJournal.of(journal)
      const deeds: Deeds = []
      const [first, gate] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
      const life = yield* begin(held, {
        handlers: work.toLayer(() =>
          Effect.asVoid(Effect.all([
            Effect.andThen(deed(deeds, "a1", Effect.as(Deferred.await(first), "")), deed(deeds, "a2", Effect.never)),
            deed(deeds, "b1", Effect.as(Deferred.await(gate), "")).pipe(
              Effect.andThen(Effect.sleep("1 second")),
              Effect.andThen(deed(deeds, "b2"))
            )
          ], { concurrency: "unbounded" }))
        )
      })
      yield* held.holdThose((change) => isResultOf("a1")(change) || isResultOf("b1")(change))
      yield* Effect.forkChild(life.do(start))
      yield* until(() => deeds.length === 2)
      yield* Deferred.succeed(first, undefined)
      yield* until(() => held.waiting() === 1)
      yield* Deferred.succeed(gate, undefined)
      yield* few
      yield* held.releaseOne
      yield* until(() => deeds.includes("a2") && held.waiting() === 1)
      yield* TestClock.adjust("1 second")
      yield* few
      assert.isFalse(deeds.includes("b2"))
      yield* held.release
      yield* until(() => deeds.includes("b2"))
      yield* life.crash
    }))

  it.effect("a child, before the result that its parent had", () =>
    Effect.gen(function*() {
      const held = HeldJournal.of(JournalMemory.make())
      const deeds: Deeds = []
      const handlers = Layer.merge(
        part.toLayer(() => Effect.asVoid(deed(deeds, "child"))),
        work.toLayer(({ id }) => Effect.andThen(deed(deeds, "one"), part.execute({ id })))
      )
      const life = yield* begin(held, { handlers })
      yield* held.holdThose(isResultOf("one"))
      yield* Effect.forkChild(life.do(start))
      yield* until(() => held.waiting() === 1)
      yield* few
      assert.deepStrictEqual(deeds, ["one"])
      yield* held.release
      yield* until(() => deeds.length === 2)
      yield* life.stop
    }))

  it.effect("a compensation, before the failure or the cancellation that calls for it", () =>
    Effect.gen(function*() {
      const held = HeldJournal.of(JournalMemory.make())
      const deeds: Deeds = []
      const handlers = work.toLayer(({ id }) =>
        Effect.gen(function*() {
          yield* work.withCompensation(deed(deeds, `book ${id}`), () => undoing(deeds, `book ${id}`))
          if (id === "a") yield* deed(deeds, "fail", Effect.fail(new Refused({ why: "no" })))
          yield* DurableDeferred.await(go)
        })
      )
      const life = yield* begin(held, { handlers })
      const run = yield* life.do(work.execute({ id: "b" }, { discard: true }))
      yield* life.quiet
      yield* held.holdThose((change) => isResultOf("fail")(change) || hasEntry("Cancel")(change))
      yield* Effect.forkChild(life.do(start))
      const cancelling = yield* Effect.forkChild(life.do(work.interrupt(run)), { startImmediately: true })
      yield* until(() => held.waiting() > 0)
      yield* few
      assert.deepStrictEqual(deeds.filter((name) => name.startsWith("undo")), [])
      assert.isUndefined(cancelling.pollUnsafe())
      yield* held.release
      yield* until(() => deeds.includes("undo book a") && deeds.includes("undo book b"))
      yield* life.stop
    }))

  it.effect("a compensation of a run at work, before the cancellation that came meanwhile", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          yield* work.withCompensation(deed(deeds, "book"), () => undoing(deeds, "book"))
          yield* Effect.sleep("1 second")
          yield* DurableDeferred.await(go)
        })
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start)
      yield* first.quiet
      yield* first.stop
      const held = HeldJournal.of(journal)
      const life = yield* begin(held, { handlers })
      yield* life.quiet
      yield* held.holdThose(hasEntry("Cancel"))
      yield* Effect.forkChild(life.do(work.interrupt(run)), { startImmediately: true })
      yield* until(() => held.waiting() > 0)
      yield* TestClock.adjust("1 second")
      yield* few
      assert.isFalse(deeds.includes("undo book"))
      yield* held.release
      yield* until(() => deeds.includes("undo book"))
      yield* life.stop
    }))
})

describe("what must be true together is", () => {
  it.effect("the end of a child and the wake of its parent, though the parent is not in memory", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = Layer.merge(
        part.toLayer(() => Effect.andThen(DurableDeferred.await(go), Effect.asVoid(deed(deeds, "child")))),
        work.toLayer(({ id }) => part.execute({ id }))
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start)
      const child = yield* part.executionId({ id: "a" })
      yield* until(() => journal.runs.get(run)?.state === "waiting" && journal.runs.get(child)?.state === "waiting")
      yield* first.stop
      const slow: Journal = { ...journal, load: (id) => Effect.andThen(few, journal.load(id)) }
      const held = HeldJournal.of(slow)
      const second = yield* begin(held, { handlers })
      yield* second.quiet
      // nothing after the end of the child is committed
      yield* held.holdThose((change) => change.run === run)
      yield* second.do(release(part, child))
      yield* until(() => journal.runs.get(child)?.state === "completed")
      yield* second.crash
      assert.strictEqual(journal.runs.get(run)?.state, "running")
    }))

  it.effect("two promises that are kept in one commit: the run goes on once, and does not say that it waits", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const more = DurableDeferred.make("more")
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          yield* DurableDeferred.await(go)
          yield* DurableDeferred.await(more)
          yield* deed(deeds, "next", Effect.never)
        })
      )
      const said: Array<string> = []
      const watched: Journal = {
        ...journal,
        commit: (changes) => {
          for (const { patch } of changes) if (patch?.state !== undefined) said.push(patch.state)
          return journal.commit(changes)
        }
      }
      const held = HeldJournal.of(watched)
      const life = yield* begin(held, { handlers })
      const run = yield* life.do(start)
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* life.quiet
      said.length = 0
      yield* held.holdThose(hasEntry("Deferred"))
      const token = DurableDeferred.tokenFromExecutionId(more, { workflow: work, executionId: run })
      const telling = yield* Effect.forEach(
        [release(work, run), DurableDeferred.succeed(more, { token, value: undefined })],
        (tell) => Effect.forkChild(life.do(tell), { startImmediately: true })
      )
      yield* until(() => held.waiting() > 0)
      yield* few
      yield* held.release
      yield* Fiber.joinAll(telling)
      yield* life.quiet
      assert.deepStrictEqual(deeds, ["next"])
      assert.notInclude(said, "waiting")
      yield* life.crash
    }))
})
