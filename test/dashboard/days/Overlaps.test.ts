import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { arrange } from "../../../src/dashboard/days/Overlaps.ts"

const span = (from: number, to: number) => ({ from, to })

describe("arrange", () => {
  it("gives what is alone all of the width, and what overlaps a part each", () => {
    const { placed } = arrange([span(0, 60), span(30, 90), span(100, 120)], 4)
    assert.deepStrictEqual(placed.map(({ lane, lanes, width }) => [lane, lanes, width]), [[0, 2, 1], [1, 2, 1], [
      0,
      1,
      1
    ]])
  })

  it("lets an event reach over lanes that are free beside it", () => {
    const { placed } = arrange([span(0, 100), span(0, 30), span(10, 30), span(40, 100)], 4)
    assert.deepStrictEqual(placed.find(({ item }) => item.from === 40)?.width, 2)
  })

  it("tells what there is no room for in the last lane", () => {
    const many = Array.from({ length: 30 }, (_, at) => span(at, 100))
    const { crowds, placed } = arrange(many, 4)
    assert.lengthOf(placed, 3)
    assert.lengthOf(crowds, 1)
    assert.lengthOf(crowds[0]?.items ?? [], 27)
    assert.deepStrictEqual([crowds[0]?.from, crowds[0]?.to], [3, 100])
  })

  const Span = Schema.Struct({
    from: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 })),
    length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 }))
  })

  it.prop(
    "shows every item exactly once, and never two in the same place",
    { spans: Schema.Array(Span).check(Schema.isMaxLength(40)) },
    ({ spans }) => {
      const items = spans.map(({ from, length }) => span(from, from + length))
      const { crowds, placed } = arrange(items, 4)
      assert.sameMembers([...placed.map(({ item }) => item), ...crowds.flatMap((crowd) => crowd.items)], items)
      for (const one of placed) {
        assert.isAtMost(one.lane + one.width, one.lanes)
        for (const other of placed) {
          if (one === other || one.item.from >= other.item.to || other.item.from >= one.item.to) continue
          assert.strictEqual(one.lanes, other.lanes)
          assert.isTrue(one.lane + one.width <= other.lane || other.lane + other.width <= one.lane)
        }
      }
    }
  )
})
