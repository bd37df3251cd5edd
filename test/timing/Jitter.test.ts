import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { effectiveOf } from "../../src/timing/Jitter.ts"

const bounded = (minimum: number, maximum: number) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum), Schema.isLessThanOrEqualTo(maximum))

const any = { id: Schema.String, nominal: bounded(0, 32_503_680_000_000), jitter: bounded(1, 86_400_000) }

describe("schedules/Jitter", () => {
  it.prop("starts at the tick or later, and less than the jitter later", any, ({ id, jitter, nominal }) => {
    const effective = effectiveOf(id, nominal, jitter)
    assert.isTrue(Number.isInteger(effective) && nominal <= effective && effective < nominal + jitter)
  })

  it.prop("is the same whenever it is asked for, and nothing without a jitter", any, ({ id, jitter, nominal }) => {
    assert.strictEqual(effectiveOf(id, nominal, jitter), effectiveOf(id, nominal, jitter))
    assert.strictEqual(effectiveOf(id, nominal, 0), nominal)
  })

  it("is the same in every release", () => {
    assert.deepStrictEqual(
      ["a", "b", "glider-spotify"].map((id) => effectiveOf(id, 1_790_000_000_000, 60_000) - 1_790_000_000_000),
      [2_513, 36_444, 22_958]
    )
  })

  it("spreads schedules of one time, and the times of one schedule, evenly", () => {
    const tenths = (of: (at: number) => number) => {
      const found = Array.from({ length: 10_000 }, (_, at) => Math.floor(of(at) / 100))
      return Array.from({ length: 10 }, (_, tenth) => found.filter((one) => one === tenth).length)
    }
    const everyTenth = [
      ...tenths((at) => effectiveOf(`schedule-${at}`, 60_000, 1_000) - 60_000),
      ...tenths((at) => effectiveOf("schedule", at * 60_000, 1_000) - at * 60_000)
    ]
    for (const count of everyTenth) assert.isTrue(count > 850 && count < 1_150, String(count))
  })
})
