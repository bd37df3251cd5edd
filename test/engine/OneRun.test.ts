import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Option, Scheduler, Schema } from "effect"
import { DurableDeferred, Workflow } from "effect/workflow"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { RunListener } from "../../src/engine/RunListener.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { turn, until } from "../support/Turns.ts"

const work = Workflow.make("work", { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })
const go = DurableDeferred.make("go")

const release = (run: string) =>
  DurableDeferred.succeed(go, {
    token: DurableDeferred.tokenFromExecutionId(go, { workflow: work, executionId: run }),
    value: undefined
  })

const start = work.execute({ id: "a" }, { discard: true })
const few = Effect.repeat(turn, { times: 10 })

describe("one run", () => {
  it.effect("is begun once by those who start it at the same time, however long the store takes to answer each", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      let asked = 0
      // what was read before the run began arrives after its end
      const slow: Journal = {
        ...journal,
        rows: (ids) => Effect.tap(journal.rows(ids), () => Effect.repeat(turn, { times: asked++ * 50 }))
      }
      const life = yield* begin(slow, { handlers: work.toLayer(() => Effect.asVoid(deed(deeds, "once"))) })
      const both = yield* Effect.forEach(
        [0, 1, 2],
        (pause) =>
          Effect.forkChild(Effect.andThen(Effect.repeat(turn, { times: pause }), life.do(work.execute({ id: "a" }))))
      )
      yield* Fiber.joinAll(both)
      assert.deepStrictEqual(deeds, ["once"])
      assert.strictEqual(journal.runs.size, 1)
      yield* life.stop
    }))

  it.effect("is at work or not there when whoever starts it is interrupted, at whatever point", () =>
    Effect.gen(function*() {
      const steps = Array.from({ length: 80 }, (_, index) => index)
      yield* Effect.forEach(steps, (step) =>
        Effect.gen(function*() {
          const journal = JournalMemory.make()
          const deeds: Deeds = []
          const life = yield* begin(journal, { handlers: work.toLayer(() => Effect.asVoid(deed(deeds, "once"))) })
          const control = yield* life.do(RunControl)
          const begun = control.start("work", { id: "a" }, Option.some("a"))
          // yields after every few operations: each is a point at which it may be interrupted
          const starting = yield* Effect.forkChild(Effect.provideService(begun, Scheduler.MaxOpsBeforeYield, 3))
          yield* Effect.repeat(Effect.yieldNow, { times: step })
          yield* Fiber.interrupt(starting)
          yield* life.quiet
          yield* begun
          yield* life.quiet
          assert.strictEqual(journal.runs.get("a")?.state, "completed", `after ${step} turns`)
          assert.deepStrictEqual(deeds, ["once"])
          yield* life.stop
        }), { discard: true })
    }))

  it.effect("a run that is woken while its beginning is told begins once", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const gate = yield* Deferred.make<void>()
      const handlers = work.toLayer(() => Effect.andThen(DurableDeferred.await(go), Effect.asVoid(deed(deeds, "once"))))
      const slow = Effect.provideService(
        RunListener,
        Option.some({ begun: () => Deferred.await(gate), parked: () => Effect.void, ended: () => Effect.void })
      )
      const life = yield* slow(begin(journal, { handlers }))
      const starting = yield* Effect.forkChild(life.do(start), { startImmediately: true })
      const run = yield* work.executionId({ id: "a" })
      yield* until(() => journal.runs.has(run))
      const telling = yield* Effect.forkChild(life.do(release(run)), { startImmediately: true })
      yield* few
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.joinAll([starting, telling])
      yield* until(() => journal.runs.get(run)?.state === "completed")
      assert.deepStrictEqual(deeds, ["once"])
      yield* life.stop
    }))

  it.effect("is read once by those who signal it at the same time", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = work.toLayer(() => Effect.andThen(DurableDeferred.await(go), Effect.asVoid(deed(deeds, "once"))))
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start)
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* first.stop
      let asked = 0
      // the second reading would arrive when the run is over
      const slow: Journal = {
        ...journal,
        load: (id) => Effect.tap(journal.load(id), () => Effect.repeat(turn, { times: 1 + asked++ * 50 }))
      }
      const second = yield* begin(slow, { handlers })
      yield* second.quiet
      yield* Effect.forEach([0, 1, 2], () => second.do(release(run)), { concurrency: "unbounded" })
      yield* until(() => journal.runs.get(run)?.state === "completed")
      yield* second.quiet
      assert.strictEqual(second.loads(), 1)
      assert.deepStrictEqual(deeds, ["once"])
      yield* second.stop
    }))
})
