import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Layer, Option, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { gone } from "../support/AwayJournal.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { turn, until } from "../support/Turns.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

const task = named("task")
const other = named("other")

/** A journal in which a process has left a run behind, in the middle of its one activity. */
const leftBehind = Effect.gen(function*() {
  const journal = JournalMemory.make()
  const begun = yield* Deferred.make<void>()
  const first = yield* begin(journal, {
    handlers: task.toLayer(() =>
      Effect.asVoid(deed([], "work", Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)))
    )
  })
  const run = yield* first.do(task.execute({ id: "a" }, { discard: true }))
  yield* Deferred.await(begun)
  yield* first.stop
  return { journal, run }
})

describe("after a restart", () => {
  it.effect("who awaits it finds the run that was left behind at work, however slow the store is", () =>
    Effect.gen(function*() {
      const { journal, run } = yield* leftBehind
      const slow: Journal = { ...journal, load: (id) => Effect.andThen(Effect.sleep("5 seconds"), journal.load(id)) }
      const go = yield* Deferred.make<string>()
      const second = yield* begin(slow, {
        handlers: task.toLayer(() => Effect.asVoid(deed([], "work", Deferred.await(go))))
      })
      const found = yield* Deferred.make<Option.Option<string>>()
      yield* second.do(Effect.gen(function*() {
        const control = yield* RunControl
        assert.isTrue(Option.isNone(control.atWork("task")))
        yield* control.recovered("task")
        yield* Deferred.succeed(found, Option.map(control.atWork("task"), ({ id }) => id))
      })).pipe(Effect.forkChild)
      yield* turn
      assert.isFalse(Deferred.isDoneUnsafe(found))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(yield* Deferred.await(found), Option.some(run))
      // told at once, not with its next step
      yield* until(() => journal.runs.get(run)?.state === "running")
      yield* Deferred.succeed(go, "done")
      yield* until(() => journal.runs.get(run)?.state === "completed")
      yield* second.stop
    }))

  it.effect("a run goes on though the store was away when it was to be read", () =>
    Effect.gen(function*() {
      const { journal, run } = yield* leftBehind
      const deeds: Deeds = []
      let refusals = 0
      const shaky: Journal = {
        ...journal,
        load: (id) => Effect.suspend(() => ++refusals <= 2 ? Effect.fail(gone) : journal.load(id))
      }
      const second = yield* begin(shaky, { handlers: task.toLayer(() => Effect.asVoid(deed(deeds, "work"))) })
      yield* second.quiet
      assert.strictEqual(journal.runs.get(run)?.state, "stopped")
      yield* TestClock.adjust("3 seconds")
      yield* until(() => journal.runs.get(run)?.state === "completed")
      assert.deepStrictEqual(deeds, ["work"])
      yield* second.stop
    }))
})

describe("a workflow whose scope ends", () => {
  it.effect("takes the others of its engine nothing, and its runs go on when it is there again", () =>
    Effect.gen(function*() {
      const deeds: Deeds = []
      const journal = JournalMemory.make()
      const engine = yield* Layer.build(DurableEngine.layerMemory(journal))
      const own = yield* Scope.make()
      const stuck = task.toLayer(() => Effect.asVoid(deed(deeds, "begun", Effect.never)))
      yield* Layer.buildWithScope(stuck, own).pipe(Effect.provideContext(engine))
      yield* Layer.build(other.toLayer(() => Effect.asVoid(deed(deeds, "other")))).pipe(Effect.provideContext(engine))
      const run = yield* task.execute({ id: "a" }, { discard: true }).pipe(Effect.provideContext(engine))
      yield* until(() => deeds.length === 1)
      yield* Scope.close(own, Exit.void)
      yield* other.execute({ id: "b" }).pipe(Effect.provideContext(engine))
      yield* Layer.build(task.toLayer(() => Effect.asVoid(deed(deeds, "again")))).pipe(Effect.provideContext(engine))
      yield* until(() => journal.runs.get(run)?.state === "completed")
      assert.deepStrictEqual(deeds, ["begun", "other", "again"])
    }))
})
