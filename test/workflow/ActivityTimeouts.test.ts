import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, type Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, type WorkflowEngine } from "effect/workflow"
import { ActivityTimedOut } from "../../src/workflow/ActivityTimeouts.ts"
import * as DurableActivity from "../../src/workflow/DurableActivity.ts"
import * as Heartbeat from "../../src/workflow/Heartbeat.ts"
import { until } from "../support/Turns.ts"
import { attempts, Down, type Failure, retry, type Run, run, step, suspended, Work } from "./Attempts.ts"
import { engines, joinInTime, on, settle } from "./Engines.ts"

const suite = (title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>): void => {
  const given = (body: () => Effect.Effect<string, Failure | ActivityTimedOut, Run>) => on(engine)(Work.toLayer(body))

  describe(`workflow/ActivityTimeouts on ${title}`, () => {
    it.effect("interrupts an attempt that takes too long, and says so", () => {
      let stopped = 0
      const { at, counted } = attempts()
      const body = counted(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => stopped++)))
      return given(() => step(body, { startToClose: "30 seconds" }))(
        Effect.gen(function*() {
          const fiber = yield* run
          yield* until(() => at.length === 1)
          yield* TestClock.adjust("29 seconds")
          yield* settle
          assert.strictEqual(stopped, 0)
          yield* TestClock.adjust("1 second")
          const error = yield* Effect.flip(Fiber.join(fiber))
          assert.deepStrictEqual(
            error,
            new ActivityTimedOut({ activity: "step", kind: "start_to_close", attempt: 1, afterMillis: 30_000 })
          )
          assert.strictEqual(error.message, "activity step, attempt 1: not done after 30000 ms")
          assert.strictEqual(stopped, 1)
        })
      )
    })

    it.effect("tries an attempt again that took too long, unless the policy says no", () =>
      Effect.gen(function*() {
        const { at, counted } = attempts()
        const body = counted((attempt) => attempt === 1 ? Effect.never : Effect.succeed(`attempt ${attempt}`))
        const result = yield* given(() => step(body, { retry, startToClose: "30 seconds" }))(
          Effect.gen(function*() {
            const fiber = yield* run
            yield* until(() => at.length === 1)
            yield* TestClock.adjust("30 seconds")
            yield* until(() => suspended)
            yield* TestClock.adjust("2 seconds")
            return yield* Fiber.join(fiber)
          })
        )
        assert.strictEqual(result, "attempt 2")
        const strict = { ...retry, nonRetryable: ({ _tag }: Failure | ActivityTimedOut) => _tag === "ActivityTimedOut" }
        const error = yield* given(() => step(Effect.never, { retry: strict, startToClose: "30 seconds" }))(
          Effect.flatMap(run, (fiber) => Effect.flip(joinInTime(fiber)))
        )
        assert.strictEqual(error._tag, "ActivityTimedOut")
      }))

    it.effect("lives as long as it gives signs of life, and no longer", () => {
      const heard: Array<number> = []
      const { at, counted } = attempts()
      const body = counted(Effect.fnUntraced(function*() {
        for (const seconds of [9, 9, 9, 11]) {
          yield* Effect.sleep(Duration.seconds(seconds))
          yield* Heartbeat.beat()
          heard.push(yield* Clock.currentTimeMillis)
        }
        return "done"
      }))
      return given(() => step(body, { heartbeat: "10 seconds", startToClose: "1 hour" }))(
        Effect.gen(function*() {
          const fiber = yield* run
          yield* until(() => at.length === 1)
          for (let second = 0; second < 36; second++) yield* TestClock.adjust("1 second")
          yield* settle
          assert.deepStrictEqual(heard, [9_000, 18_000, 27_000])
          assert.isUndefined(fiber.pollUnsafe())
          yield* TestClock.adjust("1 second")
          const error = yield* Effect.flip(Fiber.join(fiber))
          assert.deepStrictEqual(
            error,
            new ActivityTimedOut({ activity: "step", kind: "heartbeat", attempt: 1, afterMillis: 10_000 })
          )
          assert.strictEqual(error.message, "activity step, attempt 1: no heartbeat for 10000 ms")
        })
      )
    })

    it.effect("hands what an attempt said last to the next one, and to no other activity", () => {
      const seen: Array<unknown> = []
      const body = Effect.gen(function*() {
        const attempt = yield* Activity.CurrentAttempt
        seen.push(yield* Heartbeat.last)
        if (attempt === 3) return "done"
        if (attempt === 1) yield* Heartbeat.beat({ page: 1 })
        if (attempt === 1) yield* Heartbeat.beat({ page: 2 })
        yield* Heartbeat.beat()
        return yield* new Down({ attempt })
      })
      return given(() =>
        Effect.andThen(
          step(body, { retry }),
          DurableActivity.make({
            name: "other",
            success: Schema.String,
            error: Schema.Never,
            execute: Effect.map(Heartbeat.last, (last) => Option.isNone(last) ? "nothing" : "something")
          })
        )
      )(
        Effect.gen(function*() {
          const fiber = yield* run
          assert.strictEqual(yield* joinInTime(fiber), "nothing")
          assert.deepStrictEqual(seen, [Option.none(), Option.some({ page: 2 }), Option.some({ page: 2 })])
        })
      )
    })

    it.effect("does not mind heartbeats where nobody listens", () =>
      Effect.gen(function*() {
        yield* Heartbeat.beat({ page: 1 })
        assert.deepStrictEqual(yield* Heartbeat.last, Option.none())
      }))
  })
}

for (const [title, engine] of engines) suite(title, engine)
