import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { type AffinityPriority, archivedBelow, boost, scoreOf } from "../../src/domain/Affinity.ts"

const Uses = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))
const Days = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3_000 }))
const Rate = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.3 }))

/** The first day on which something that was met so often is archived. */
const archivedOn = (uses: number, rate: number, priority: AffinityPriority = "medium"): number => {
  for (let days = 0;; days++) if (scoreOf({ uses, days, priority }, rate) < archivedBelow) return days
}

describe("domain/Affinity", () => {
  it("what is as near as can be is archived on day 45 at five percent a day, and not before", () => {
    assert.strictEqual(scoreOf({ uses: 1_000, days: 0, priority: "medium" }, 0.05), 1)
    assert.strictEqual(archivedOn(1_000, 0.05), 45)
    assert.strictEqual(archivedOn(1, 0.05), 34)
  })

  it("what matters falls slower, and what does not faster", () => {
    const priorities: ReadonlyArray<AffinityPriority> = ["critical", "high", "medium", "low"]
    assert.deepStrictEqual(priorities.map((priority) => archivedOn(1_000, 0.05, priority)), [230, 91, 45, 30])
  })

  it("being met often adds a tenth of the logarithm, and at most a half", () => {
    assert.closeTo(boost(1), 0.0693, 1e-4)
    assert.isBelow(boost(147), 0.5)
    assert.strictEqual(boost(148), 0.5)
    assert.strictEqual(boost(1_000_000), 0.5)
    assert.strictEqual(scoreOf({ uses: 0, days: 0, priority: "medium" }, 0.05), 0)
  })

  it.prop(
    "is from 0 to 1, falls with each day, and rises with each use",
    { uses: Uses, days: Days, rate: Rate },
    ({ days, rate, uses }) => {
      const score = scoreOf({ uses, days, priority: "medium" }, rate)
      assert.isTrue(score >= 0 && score <= 1)
      assert.isAtMost(scoreOf({ uses, days: days + 1, priority: "medium" }, rate), score)
      assert.isAtLeast(scoreOf({ uses: uses + 1, days, priority: "medium" }, rate), score)
    }
  )

  it.prop(
    "falls by the same share in a stretch of days, wherever that is cut",
    { uses: Uses, first: Days, second: Days, rate: Rate },
    ({ first, rate, second, uses }) => {
      const on = (days: number) => scoreOf({ uses, days, priority: "medium" }, rate)
      assert.closeTo(on(first + second), on(first) * (1 - rate) ** second, 1e-12)
    }
  )
})
