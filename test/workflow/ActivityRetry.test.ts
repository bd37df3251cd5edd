import { assert, describe, it } from "@effect/vitest"
import { Duration, Option, Schema } from "effect"
import { type ActivityRetry, waitAfter } from "../../src/workflow/ActivityRetry.ts"

const policy: ActivityRetry<string> = {
  initialInterval: "1 second",
  backoffCoefficient: 2,
  maximumInterval: "10 seconds",
  maximumAttempts: 8,
  nonRetryable: (error) => error === "refused",
  retryAfter: (error) =>
    error.startsWith("busy ") ? Option.some(Duration.seconds(Number(error.slice(5)))) : Option.none()
}

const seconds = (error: string, attempt: number, of: ActivityRetry<string> = policy, seed = "run/search") =>
  Option.getOrUndefined(Option.map(waitAfter(of, error, attempt, seed), Duration.toSeconds))

const waits = (of: ActivityRetry<string>, seed: string) =>
  Array.from({ length: 7 }, (_, index) => seconds("down", index + 1, of, seed) ?? Number.NaN)

describe("workflow/ActivityRetry", () => {
  it.prop(
    "waits twice as long each time, 20 % more or less, and never longer than the maximum",
    { seed: Schema.String },
    ({ seed }) => {
      for (const [index, wait] of waits(policy, seed).entries()) {
        const plain = Math.min(10, 2 ** index)
        assert.isAtLeast(wait, plain * 0.8 - 0.001)
        assert.isAtMost(wait, Math.min(10, plain * 1.2) + 0.001)
      }
    }
  )

  it("doubles unless told otherwise", () => {
    const { backoffCoefficient: _, ...plain } = policy
    assert.deepStrictEqual(waits(plain, "run"), waits(policy, "run"))
    const steady = waits({ ...policy, backoffCoefficient: 1 }, "run")
    assert.isTrue(steady.every((wait) => wait >= 0.8 && wait <= 1.2))
  })

  it("draws the same waits in every replay, and others for other runs", () => {
    assert.deepStrictEqual(waits(policy, "run"), waits(policy, "run"))
    assert.notDeepEqual(waits(policy, "run"), waits(policy, "other run"))
    const spread = new Set(Array.from({ length: 1_000 }, (_, run) => seconds("down", 5, policy, `run ${run}/search`)))
    assert.isAbove(spread.size, 700) // at the maximum too, runs do not come back together
  })

  it("waits as long as the other side asks, when that is longer than its own wait", () => {
    assert.strictEqual(seconds("busy 60", 1), 60)
    assert.strictEqual(seconds("busy 0", 2), seconds("down", 2))
  })

  it("gives up after the last attempt, and at once where another would not help", () => {
    assert.isDefined(seconds("down", 7))
    assert.isUndefined(seconds("down", 8))
    assert.isUndefined(seconds("busy 60", 8))
    assert.isUndefined(seconds("refused", 1))
    assert.isUndefined(seconds("down", 1, { ...policy, maximumAttempts: 1 }))
  })
})
