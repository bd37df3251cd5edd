import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type JsonItem, JsonItems, longestItem } from "../../src/imports/JsonItems.ts"

/** The items of a text that comes in pieces of so many bytes, and what is wrong with it. */
const itemsOf = (text: string, size = 7) => {
  const bytes = new TextEncoder().encode(text)
  const parser = new JsonItems()
  const items: Array<JsonItem> = []
  for (let at = 0; at < bytes.length; at += size) {
    const pushed = parser.push(bytes.subarray(at, at + size))
    items.push(...pushed.items)
    if (pushed.fault !== undefined) return { items, fault: pushed.fault }
  }
  const { fault, rest } = parser.end()
  return { items: rest === undefined ? items : [...items, rest], fault }
}

const texts = (items: ReadonlyArray<JsonItem>) => items.map(({ text }) => text)

describe("imports/JsonItems", () => {
  it("takes items apart by brackets and quotes, and says where each begins", () => {
    const { fault, items } = itemsOf("\uFEFF [ {\"a\": \"]}\\\"\"} ,7, [1,[2]],\n\"x,y\" ] ")
    assert.isUndefined(fault)
    assert.deepStrictEqual(texts(items), ["{\"a\": \"]}\\\"\"}", "7", "[1,[2]]", "\"x,y\""])
    assert.deepStrictEqual(items.map(({ at, number }) => [number, at]), [[1, 6], [2, 21], [3, 24], [4, 33]])
  })

  it("has no items of an empty list", () => {
    assert.deepStrictEqual(itemsOf("[]"), { items: [], fault: undefined })
  })

  for (
    const [what, text, count, why] of [
      ["what is no list", "{\"a\": 1}", 0, "it holds no array"],
      ["nothing", "", 0, "it holds no array"],
      ["what goes on after its end", "[1] [2]", 1, "there is more after the end of its array"],
      ["what breaks off in an item", "[{\"a\": 1}, {\"b\"", 2, "its end is missing"],
      ["what breaks off between two", "[{\"a\": 1},", 1, "its end is missing"]
    ] as const
  ) {
    it(`gives what there is of ${what}, and says so`, () => {
      const { fault, items } = itemsOf(text)
      assert.strictEqual(fault?.why, why)
      assert.lengthOf(items, count)
    })
  }

  it("keeps no more of an item than an item may have", () => {
    const { items } = itemsOf(`["${"x".repeat(longestItem + 10)}", 2]`, 65_536)
    assert.deepStrictEqual(items.map(({ isCut, text }) => [isCut, text.length]), [[true, longestItem], [false, 1]])
  })

  it.effect.prop(
    "gives the items that JSON has, in pieces of any size",
    { values: Schema.Array(Schema.Json), size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })) },
    ({ size, values }) =>
      Effect.sync(() => {
        const { fault, items } = itemsOf(JSON.stringify(values, null, size % 3), size)
        assert.isUndefined(fault)
        assert.deepStrictEqual(
          JSON.stringify(items.map(({ text }): unknown => JSON.parse(text))),
          JSON.stringify(values)
        )
      })
  )
})
