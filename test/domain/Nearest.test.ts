import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { distance, nearest } from "../../src/domain/Nearest.ts"

describe("Nearest", () => {
  it("counts letters added, dropped, changed and swapped", () => {
    assert.strictEqual(distance("port", "port"), 0)
    assert.strictEqual(distance("intervall_seconds", "interval_seconds"), 1)
    assert.strictEqual(distance("prot", "port"), 1)
    assert.strictEqual(distance("", "port"), 4)
    assert.strictEqual(distance("kitten", "sitting"), 3)
  })

  it("offers the nearest word, and none when all are far", () => {
    const known = ["enabled", "interval_seconds", "timeout_seconds"]
    assert.deepStrictEqual(nearest("Interval", ["interval", "internal"]), Option.some("interval"))
    assert.deepStrictEqual(nearest("interval_second", known), Option.some("interval_seconds"))
    assert.deepStrictEqual(nearest("lookback_days", known), Option.none())
    assert.deepStrictEqual(nearest("x", ["id"]), Option.none())
  })
})
