import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as ActivityLimit from "../../src/workflow/ActivityLimit.ts"
import { joinInTime } from "./Engines.ts"
import { Gauge } from "./Gauge.ts"

describe("workflow/ActivityLimit", () => {
  /** When each of so many starts, in milliseconds. */
  const starts = Effect.fnUntraced(function*(limit: ActivityLimit.ActivityLimit, count: number) {
    const at: Array<number> = []
    const one = Effect.andThen(Clock.currentTimeMillis, (now) => Effect.sync(() => at.push(now)))
    const fiber = yield* Effect.forkChild(
      Effect.forEach(Array.from({ length: count }), () => limit.withLimit(one), { concurrency: "unbounded" })
    )
    for (let step = 0; step < 200 && fiber.pollUnsafe() === undefined; step++) yield* TestClock.adjust("50 millis")
    yield* Fiber.join(fiber)
    return at
  })
  const mostWithin = (at: ReadonlyArray<number>, millis: number) =>
    Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + millis).length))

  it.effect("starts no more than its rate, after a first burst", () =>
    Effect.gen(function*() {
      const limit = yield* ActivityLimit.make({ name: "provider", rate: { limit: 10, per: "1 second" } })
      const at = yield* starts(limit, 40)
      assert.lengthOf(at, 40)
      assert.strictEqual(mostWithin(at, 1), 10)
      assert.strictEqual(mostWithin(at.slice(10), 1_000), 10)
      assert.isAtMost(mostWithin(at, 1_000), 19)
      assert.strictEqual(at.at(-1), 3_000)
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(new Set(yield* starts(limit, 10)), 1)
    }))

  it.effect("spaces starts evenly when it counts them one by one", () =>
    Effect.gen(function*() {
      const limit = yield* ActivityLimit.make({ name: "provider", rate: { limit: 1, per: "100 millis" } })
      assert.deepStrictEqual(yield* starts(limit, 5), [0, 100, 200, 300, 400])
    }))

  it.effect("bounds its own, and leaves others alone", () =>
    Effect.gen(function*() {
      const one = yield* ActivityLimit.make({ name: "one", concurrency: 2, rate: { limit: 100, per: "1 second" } })
      const other = yield* ActivityLimit.make({ name: "other" })
      const [first, second] = [new Gauge(), new Gauge()]
      const five = (limit: ActivityLimit.ActivityLimit, gauge: Gauge) =>
        Effect.forEach([1, 2, 3, 4, 5], () => limit.withLimit(gauge.during(Effect.sleep("1 second"))), {
          concurrency: "unbounded"
        })
      yield* joinInTime(
        yield* Effect.forkChild(Effect.all([five(one, first), five(other, second)], { concurrency: 2 }))
      )
      assert.deepStrictEqual([first.most, second.most], [2, 5])
    }))

  it.effect("gives its permit back when what holds it is interrupted or fails", () =>
    Effect.gen(function*() {
      const limit = yield* ActivityLimit.make({ name: "one", concurrency: 1 })
      const holder = yield* Effect.forkChild(limit.withLimit(Effect.never), { startImmediately: true })
      const waiter = yield* Effect.forkChild(limit.withLimit(Effect.never), { startImmediately: true })
      yield* Fiber.interrupt(waiter)
      yield* Fiber.interrupt(holder)
      assert.deepStrictEqual(yield* Effect.exit(limit.withLimit(Effect.fail("no"))), Exit.fail("no"))
      assert.strictEqual(yield* limit.withLimit(Effect.succeed(1)), 1)
    }))
})
