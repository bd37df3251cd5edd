import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { DurableClock, Workflow, type WorkflowEngine } from "effect/workflow"
import * as ActivityLimit from "../../src/workflow/ActivityLimit.ts"
import type { ActivityTimedOut } from "../../src/workflow/ActivityTimeouts.ts"
import * as DurableActivity from "../../src/workflow/DurableActivity.ts"
import * as Limits from "../../src/workflow/Limits.ts"
import { until } from "../support/Turns.ts"
import {
  attempts,
  Busy,
  Down,
  type Failure,
  idOfRun,
  Refused,
  retry,
  type Run,
  run,
  step,
  suspended,
  waitMillis,
  Work
} from "./Attempts.ts"
import { engines, joinInTime, on, settle } from "./Engines.ts"

const suite = (title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>): void => {
  const given = (body: () => Effect.Effect<string, Failure | ActivityTimedOut, Run>) => on(engine)(Work.toLayer(body))

  describe(`workflow/DurableActivity on ${title}`, () => {
    it.effect("gives what its body gives, once", () => {
      const { at, counted } = attempts()
      return given(() => step(counted((attempt) => Effect.succeed(`attempt ${attempt}`)), { retry }))(
        Effect.gen(function*() {
          assert.strictEqual(yield* Work.execute({ id: "1" }), "attempt 1")
          assert.strictEqual(yield* Work.execute({ id: "1" }), "attempt 1")
          assert.lengthOf(at, 1)
        })
      )
    })

    it.effect("tries again after waits that suspend the run, each longer than the one before", () => {
      const { at, counted } = attempts()
      const body = counted((attempt) => attempt < 3 ? new Down({ attempt }) : Effect.succeed(`attempt ${attempt}`))
      return given(() => step(body, { retry }))(
        Effect.gen(function*() {
          const id = yield* idOfRun
          const fiber = yield* run
          const due = [0]
          for (const attempt of [1, 2]) {
            yield* until(() => suspended)
            assert.lengthOf(at, attempt)
            const wait = waitMillis(id, new Down({ attempt }), attempt)
            due.push((due.at(-1) ?? 0) + wait)
            yield* TestClock.adjust(wait - 1)
            yield* settle
            assert.lengthOf(at, attempt)
            yield* TestClock.adjust(1)
            yield* until(() => at.length > attempt)
          }
          assert.strictEqual(yield* Fiber.join(fiber), "attempt 3")
          assert.deepStrictEqual(at, due)
        })
      )
    })

    it.effect("fails with the error of the last attempt", () => {
      const { at, counted } = attempts()
      return given(() => step(counted((attempt) => new Down({ attempt })), { retry }))(
        Effect.gen(function*() {
          const fiber = yield* run
          assert.deepStrictEqual(yield* Effect.flip(joinInTime(fiber)), new Down({ attempt: 3 }))
          assert.lengthOf(at, 3)
        })
      )
    })

    it.effect("does not try again what another attempt would not mend, nor without a policy, nor a defect", () =>
      Effect.gen(function*() {
        const count = Effect.fnUntraced(function*(body: Effect.Effect<never, Failure>, policy: object) {
          const { at, counted } = attempts()
          const exit = yield* given(() => step(counted(() => body), policy))(Effect.exit(Work.execute({ id: "1" })))
          assert.lengthOf(at, 1)
          return exit
        })
        const refused = yield* count(Effect.fail(new Refused()), { retry })
        assert.isTrue(Exit.isFailure(refused) && Schema.is(Refused)(Cause.squash(refused.cause)))
        const down = yield* count(Effect.fail(new Down({ attempt: 1 })), {})
        assert.isTrue(Exit.isFailure(down) && Schema.is(Down)(Cause.squash(down.cause)))
        const died = yield* count(Effect.die(new Error("a bug")), { retry })
        assert.isTrue(Exit.isFailure(died) && Cause.hasDies(died.cause))
      }))

    it.effect("waits as long as the other side asks", () => {
      const { at, counted } = attempts()
      const body = counted((attempt) => attempt === 1 ? new Busy({ seconds: 3_600 }) : Effect.succeed("done"))
      return given(() => step(body, { retry }))(
        Effect.gen(function*() {
          const fiber = yield* run
          yield* until(() => suspended)
          yield* TestClock.adjust("3599 seconds")
          yield* settle
          assert.lengthOf(at, 1)
          yield* TestClock.adjust("1 second")
          assert.strictEqual(yield* Fiber.join(fiber), "done")
          assert.deepStrictEqual(at, [0, 3_600_000])
        })
      )
    })

    it.effect("does no attempt again when the run is replayed", () => {
      const { at, counted } = attempts()
      const body = counted((attempt) => attempt === 1 ? new Down({ attempt }) : Effect.succeed("done"))
      let passes = 0
      return given(() =>
        Effect.gen(function*() {
          passes++
          const result = yield* step(body, { retry })
          yield* DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
          return result
        })
      )(
        Effect.gen(function*() {
          const fiber = yield* run
          yield* until(() => suspended)
          yield* TestClock.adjust("2 seconds")
          yield* until(() => at.length === 2)
          yield* until(() => suspended)
          yield* TestClock.adjust("8 hours")
          assert.strictEqual(yield* Fiber.join(fiber), "done")
          assert.lengthOf(at, 2)
          assert.strictEqual(passes, 3)
        })
      )
    })

    it.effect("does not count the time that it waits for its turn as its own", () =>
      Effect.gen(function*() {
        const limit = yield* ActivityLimit.make({ name: "one", concurrency: 1 })
        const names = ["a", "b", "c"]
        const at: Array<number> = []
        const body = Effect.andThen(
          Effect.andThen(Clock.currentTimeMillis, (now) => Effect.sync(() => at.push(now))),
          Effect.sleep("20 seconds")
        )
        const steps = names.map((name) =>
          DurableActivity.make({
            name,
            success: Schema.Void,
            error: Schema.Never,
            execute: body,
            startToClose: "30 seconds",
            limit
          })
        )
        const all = Effect.all(steps, { concurrency: "unbounded" })
        const exit = yield* given(() => Effect.as(all, "done"))(
          Effect.gen(function*() {
            const fiber = yield* run
            for (const count of [1, 2, 3]) {
              yield* until(() => at.length === count)
              yield* settle
              assert.lengthOf(at, count)
              yield* TestClock.adjust("20 seconds")
            }
            return yield* Fiber.await(fiber)
          })
        )
        assert.deepStrictEqual(exit, Exit.succeed("done"))
        assert.deepStrictEqual(at, [0, 20_000, 40_000])
      }))

    it.effect("holds no permit while it waits to be tried again", () =>
      Effect.gen(function*() {
        const limit = yield* ActivityLimit.make({ name: "one", concurrency: 1 })
        const { at, counted } = attempts()
        const body = counted((attempt) => attempt === 1 ? new Busy({ seconds: 3_600 }) : Effect.succeed("done"))
        yield* given(() => step(body, { retry, limit }))(
          Effect.gen(function*() {
            const fiber = yield* run
            yield* until(() => suspended)
            yield* limit.withLimit(Effect.void)
            yield* TestClock.adjust("1 hour")
            assert.strictEqual(yield* Fiber.join(fiber), "done")
            assert.lengthOf(at, 2)
          })
        )
      }))

    it.effect("keeps no place among all activities while it waits for its own limit", () =>
      Effect.gen(function*() {
        const limit = yield* ActivityLimit.make({ name: "busy", concurrency: 1 })
        const holder = yield* Effect.forkChild(limit.withLimit(Effect.never), { startImmediately: true })
        const done: Array<string> = []
        const named = (name: string, limit?: ActivityLimit.ActivityLimit) =>
          DurableActivity.make({
            name,
            success: Schema.Void,
            error: Schema.Never,
            execute: Effect.sync(() => {
              done.push(name)
            }),
            limit
          })
        const both = Effect.all([named("limited", limit), named("free")], { concurrency: 2 })
        const one = Layer.provide(Limits.workflow({ activities: { concurrency: 1 } }), engine)
        yield* on(one)(Work.toLayer(() => Effect.as(both, "done")))(
          Effect.gen(function*() {
            const fiber = yield* run
            yield* until(() => done.length === 1)
            yield* settle
            assert.deepStrictEqual(done, ["free"])
            yield* Fiber.interrupt(holder)
            assert.strictEqual(yield* joinInTime(fiber), "done")
          })
        )
      }))

    it.effect("suspends and goes on when its body waits for something durable", () => {
      const Child = Workflow.make("Child", {
        payload: { id: Schema.String },
        success: Schema.String,
        idempotencyKey: ({ id }) => id
      })
      const child = Child.toLayer(() =>
        Effect.as(DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 }), "morning")
      )
      const body = step(Child.execute({ id: "1" }), { retry, startToClose: "1 minute", heartbeat: "1 minute" })
      return on(engine)(Layer.merge(child, Work.toLayer(() => body)))(
        Effect.gen(function*() {
          const fiber = yield* run
          yield* until(() => suspended)
          yield* TestClock.adjust("8 hours")
          assert.strictEqual(yield* Fiber.join(fiber), "morning")
        })
      )
    })
  })
}

for (const [title, engine] of engines) suite(title, engine)
