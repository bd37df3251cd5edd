import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Option, Random, Schedule } from "effect"
import { BadRequest, ProviderError, RateLimited, Unavailable } from "../src/domain/ProviderError.ts"
import { LongestWait, providerCall } from "../src/RetryPolicy.ts"

const failed = (reason: ProviderError["reason"]) => new ProviderError({ provider: "oura", operation: "sleep", reason })

const down = failed(new Unavailable({ status: Option.some(503), message: "down" }))

const now = Date.UTC(2026, 10, 20)

const limited = (seconds: number) =>
  failed(new RateLimited({ retryAt: Option.some(DateTime.makeUnsafe(now + seconds * 1000)) }))

/** The waits in milliseconds that the policy answers the failures with, until it gives up. */
const waits = (...failures: ReadonlyArray<ProviderError>) =>
  Effect.gen(function*() {
    const step = yield* Schedule.toStep(providerCall)
    const seen: Array<number> = []
    for (const failure of failures) {
      const exit = yield* Effect.exit(step(now, failure))
      if (Exit.isFailure(exit)) return { seen, gaveUp: true }
      seen.push(Duration.toMillis(exit.value[1]))
    }
    return { seen, gaveUp: false }
  })

describe("the policy for a provider's call", () => {
  it.effect("gives up after four repetitions whatever the seed, and keeps each wait within a fifth", () =>
    Effect.gen(function*() {
      for (let seed = 0; seed < 200; seed++) {
        const { gaveUp, seen } = yield* Random.withSeed(waits(down, down, down, down, down), seed)
        assert.isTrue(gaveUp)
        assert.lengthOf(seen, 4)
        for (const [index, wait] of seen.entries()) {
          assert.isAtLeast(wait, 800 * 2 ** index)
          assert.isAtMost(wait, 1200 * 2 ** index)
        }
      }
    }))

  it.effect("waits for the instant that a rate limit names, to the millisecond", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* waits(limited(12.345), limited(0), limited(-5), limited(60)), {
        seen: [12_345, 0, 0, 60_000],
        gaveUp: false
      })
    }))

  it.effect("waits for the instant that a provider out of service names", () =>
    Effect.gen(function*() {
      const back = (seconds: number) =>
        failed(
          new Unavailable({
            status: Option.some(503),
            retryAt: Option.some(DateTime.makeUnsafe(now + seconds * 1000)),
            message: "down"
          })
        )
      assert.deepStrictEqual(yield* waits(back(12.345), back(60), back(60.001)), {
        seen: [12_345, 60_000],
        gaveUp: true
      })
    }))

  it.effect("does not wait longer than a minute", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* LongestWait, Duration.seconds(60))
      assert.deepStrictEqual(yield* waits(limited(60.001)), { seen: [], gaveUp: true })
    }))

  it.effect("does not repeat what cannot succeed", () =>
    Effect.gen(function*() {
      const wrong = failed(new BadRequest({ status: 400, message: "no" }))
      assert.deepStrictEqual(yield* waits(wrong), { seen: [], gaveUp: true })
    }))
})
