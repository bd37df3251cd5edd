import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { dayAsked, isoWeek, weekAsked, weekOffset, weekStart } from "../../../src/dashboard/days/Weeks.ts"
import { LocalDay } from "../../../src/domain/LocalDay.ts"

const day = (text: string) => LocalDay.make(text)

const owner = (weekStartsOn: number) => ({
  zone: DateTime.zoneMakeNamedUnsafe("Europe/Berlin"),
  zoneName: "Europe/Berlin",
  locale: "en-GB",
  weekStartsOn,
  now: DateTime.makeUnsafe("2026-11-26T12:00:00Z"),
  today: day("2026-11-26")
})

describe("weeks", () => {
  it("begin on the owner's first weekday", () => {
    assert.strictEqual(weekStart(day("2026-11-26"), 1), "2026-11-23")
    assert.strictEqual(weekStart(day("2026-11-26"), 7), "2026-11-22")
    assert.strictEqual(weekStart(day("2026-11-23"), 1), "2026-11-23")
    assert.strictEqual(weekStart(day("2026-11-22"), 7), "2026-11-22")
  })

  it("are asked for by their distance from this one or by one of their days, and otherwise are this one", () => {
    assert.strictEqual(weekAsked(owner(1), "0"), "2026-11-23")
    assert.strictEqual(weekAsked(owner(1), "-1"), "2026-11-16")
    assert.strictEqual(weekAsked(owner(1), "2026-03-29"), "2026-03-23")
    for (const nonsense of ["", "soon", "1e9", "99999999", "2026-02-30", "9999-01-01", "<script>"]) {
      assert.strictEqual(weekAsked(owner(1), nonsense), "2026-11-23", nonsense)
    }
  })

  it("are counted from this one", () => {
    assert.strictEqual(weekOffset(owner(1), day("2026-11-23")), 0)
    assert.strictEqual(weekOffset(owner(1), day("2026-03-23")), -35)
  })

  it("bear the number of ISO 8601", () => {
    const numbers = { "2026-01-01": 1, "2026-12-31": 53, "2027-01-01": 53, "2024-12-30": 1, "2026-11-26": 48 }
    for (const [text, week] of Object.entries(numbers)) assert.strictEqual(isoWeek(day(text)), week, text)
  })
})

describe("days", () => {
  it("are asked for by their distance from today or as such, and otherwise are today", () => {
    assert.strictEqual(dayAsked(owner(1), "-1"), "2026-11-25")
    assert.strictEqual(dayAsked(owner(1), "2026-03-29"), "2026-03-29")
    for (const nonsense of ["", "x", "123456", "2026-13-01"]) {
      assert.strictEqual(dayAsked(owner(1), nonsense), "2026-11-26")
    }
  })

  it("beyond those of which anything can be known are today, too", () => {
    assert.strictEqual(dayAsked(owner(1), "1970-01-08"), "1970-01-08")
    assert.strictEqual(weekAsked(owner(1), "1970-01-08"), "1970-01-05")
    for (const far of ["1950-01-01", "1970-01-07", "2200-12-25", "9999-12-31", "-99999", "99999"]) {
      assert.strictEqual(dayAsked(owner(1), far), "2026-11-26", far)
      assert.strictEqual(weekAsked(owner(1), far), "2026-11-23", far)
    }
  })
})
