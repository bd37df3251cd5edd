import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { keyOf, lastEnded, periodOf, periodWith, rangeOf, weeksBefore } from "../../src/domain/ReportPeriod.ts"

const day = LocalDay.make

describe("domain/ReportPeriod", () => {
  it("a week bears the year of its Thursday and two digits: the keys around a year's end", () => {
    const keys = {
      "2026-12-27": "weekly_reports:2026-W52",
      "2026-12-28": "weekly_reports:2026-W53",
      "2027-01-03": "weekly_reports:2026-W53",
      "2027-01-04": "weekly_reports:2027-W01",
      "2025-12-29": "weekly_reports:2026-W01",
      "2025-12-28": "weekly_reports:2025-W52"
    }
    for (const [text, key] of Object.entries(keys)) {
      assert.strictEqual(keyOf(periodWith("weekly", day(text))), key)
    }
  })

  it("the last one that is over is yesterday, or the week before this one", () => {
    assert.strictEqual(keyOf(lastEnded("daily", day("2027-01-01"))), "daily_reports:2026-12-31")
    assert.strictEqual(keyOf(lastEnded("weekly", day("2027-01-04"))), "weekly_reports:2026-W53")
    assert.strictEqual(keyOf(lastEnded("weekly", day("2027-01-10"))), "weekly_reports:2026-W53")
    assert.strictEqual(keyOf(lastEnded("weekly", day("2027-01-11"))), "weekly_reports:2027-W01")
  })

  it("a week is its seven days from Monday on, and is compared with the same days before", () => {
    const range = rangeOf({ kind: "weekly", name: "2026-W53" })
    assert.deepStrictEqual(range, { from: day("2026-12-28"), to: day("2027-01-03") })
    assert.deepStrictEqual(weeksBefore(range, 4), { from: day("2026-11-30"), to: day("2026-12-06") })
  })

  it("a key is read back, and what is none is refused", () => {
    for (const key of ["daily_reports:2026-11-26", "weekly_reports:2026-W53", "weekly_reports:2027-W01"]) {
      assert.deepStrictEqual(Option.map(periodOf(key), keyOf), Option.some(key))
    }
    const none = [
      "weekly_reports:2027-W53", // that year has none
      "weekly_reports:2027-W1",
      "weekly_reports:2026-11-26",
      "daily_reports:2026-W48",
      "daily_reports:2026-02-30",
      "daily_reports:2026-11-26:more",
      "monthly_reports:2026-11",
      "daily_reports",
      ""
    ]
    for (const key of none) assert.deepStrictEqual(periodOf(key), Option.none(), key)
  })
})
