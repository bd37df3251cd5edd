import { assert, describe, it } from "@effect/vitest"
import { Buffer } from "node:buffer"
import { CalendarItems } from "../../src/imports/CalendarItems.ts"
import { calendar, event } from "../support/Calendars.ts"

const itemsOf = (bytes: Uint8Array | string, size = 7) => {
  const buffer = Buffer.from(bytes)
  const parser = new CalendarItems()
  const items = []
  for (let at = 0; at < buffer.length; at += size) items.push(...parser.push(buffer.subarray(at, at + size)))
  const end = parser.end()
  return { items: [...items, ...end.items], fault: end.fault, headers: parser.headers }
}

describe("imports/CalendarItems", () => {
  it("finds components and unfolds their lines, whatever the pieces and the ends of the lines", () => {
    const text = calendar(event("a", "SUMMARY:Coff", " ee"), event("b", "SUMMARY:Grüße"))
    const mixed = text.replace("UID:a\r\n", "UID:a\n")
    for (const size of [1, 2, 7, 4096]) {
      const { fault, headers, items } = itemsOf(`\uFEFF${mixed}`, size)
      assert.strictEqual(fault, undefined)
      assert.deepStrictEqual(items.map(({ kind, number }) => [number, kind]), [[1, "VEVENT"], [2, "VEVENT"]])
      assert.include(items[0]?.text, "SUMMARY:Coffee\n")
      assert.include(items[1]?.text, "SUMMARY:Grüße")
      assert.include(headers, "X-WR-CALNAME:Home")
    }
  })

  it("reads what is no UTF-8 as what western programs write, and drops NUL", () => {
    const { items } = itemsOf(Buffer.from(calendar(event("a", "SUMMARY:Gr\u00FC\0\u00DFe")), "latin1"))
    assert.include(items[0]?.text, "SUMMARY:Grüße")
  })

  it("an event without its end ends where the next begins, and a file without its end says so", () => {
    const whole = event("a", "SUMMARY:A")
    const { fault, items } = itemsOf(
      calendar(whole.replace("END:VEVENT", "X-END:none"), event("b")).replace(/END:VEVENT\s+END:VCALENDAR\s*$/, "")
    )
    assert.deepStrictEqual(items.map(({ problem }) => problem), ["its end is missing", "its end is missing"])
    assert.strictEqual(fault, "its end is missing")
    assert.strictEqual(itemsOf("hello").fault, "it holds no calendar")
  })

  it("holds no more of a component and of a line than a megabyte and a part of it", () => {
    const long = `ATTACH:${"A".repeat(3_000_000)}`
    const { items } = itemsOf(
      calendar(event("a", long, "SUMMARY:A"), event("b", ...Array<string>(20).fill(long))),
      65_536
    )
    assert.strictEqual(items[0]?.problem, undefined)
    assert.include(items[0]?.text, "SUMMARY:A")
    assert.match(items[1]?.problem ?? "", /longer than 1 MB/)
    assert.isBelow(items[1]?.text.length ?? 0, 1_100_000)
  })
})
