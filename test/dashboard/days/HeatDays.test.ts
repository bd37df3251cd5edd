import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { Recorded, Unrecorded } from "../../../src/api/DataMessages.ts"
import { DayTotals, Totals } from "../../../src/api/DataSumMessages.ts"
import { heatDays } from "../../../src/dashboard/days/HeatDays.ts"
import { monthView } from "../../../src/dashboard/days/MonthPage.tsx"
import { yearView } from "../../../src/dashboard/days/YearPage.tsx"
import { LocalDay, plusDays } from "../../../src/domain/LocalDay.ts"
import { at, ownerAt, pageOf } from "./DayFixtures.ts"

const owner = ownerAt("2026-11-26T12:00:00Z")

const totalsOf = (first: string, plays: ReadonlyArray<number>, sleep: ReadonlyArray<number | undefined> = []): Totals =>
  new Totals({
    time_zone: "Europe/Berlin",
    days: plays.map((count, index) =>
      new DayTotals({
        day: plusDays(LocalDay.make(first), index),
        plays: count,
        listened_ms: count * 60_000,
        events: 0,
        steps: Option.none(),
        sleep_score: Option.fromUndefinedOr(sleep[index])
      })
    )
  })

const recorded = (...unrecorded: ReadonlyArray<Unrecorded>): Recorded => new Recorded({ coverage: [], unrecorded })

const lost = (from: string, to: string, kind: Unrecorded["kind"] = "listening"): Unrecorded =>
  new Unrecorded({ kind, from: at(from), to: at(to), why: "lost", detail: "lost" })

describe("heatDays", () => {
  it("tells a day without plays from a day that was not recorded, and from one to come", () => {
    const days = heatDays(
      owner,
      totalsOf("2026-11-24", [0, 0, 3, 0]),
      recorded(lost("2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z")),
      "plays"
    )
    assert.deepStrictEqual(days.map(({ text }) => text), ["0 plays", "not recorded", "3 plays", "to come"])
    assert.deepStrictEqual(days.map(({ isMissing }) => isMissing), [false, true, false, false])
    assert.deepStrictEqual(days.map(({ level }) => level), [0, 0, 5, 0])
  })

  it("says that a day with plays may not be whole", () => {
    const [first] = heatDays(
      owner,
      totalsOf("2026-11-24", [7]),
      recorded(lost("2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z")),
      "plays"
    )
    assert.strictEqual(first?.text, "7 plays, perhaps not all")
    assert.isFalse(first?.isMissing)
  })

  it("does not take gaps of other records for its own", () => {
    const [first] = heatDays(
      owner,
      totalsOf("2026-11-24", [0]),
      recorded(lost("2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z", "body")),
      "plays"
    )
    assert.strictEqual(first?.text, "0 plays")
  })

  it("shades scores between the least and the greatest, and knows nothing of a day without one", () => {
    const days = heatDays(owner, totalsOf("2026-11-22", [0, 0, 0], [60, 95, undefined]), recorded(), "sleep")
    assert.isBelow(days[0]?.level ?? 9, days[1]?.level ?? 0)
    assert.isAbove(days[0]?.level ?? 0, 0)
    assert.isTrue(days[2]?.isMissing)
  })
})

describe("the sheet of a month", () => {
  it("has every day once, under its weekday, and leads to each", () => {
    const totals = totalsOf("2026-11-01", Array.from({ length: 30 }, (_, index) => index))
    const page = pageOf(monthView(owner, "2026-11", "plays", heatDays(owner, totals, recorded(), "plays"), recorded()))
    for (let day = 1; day <= 30; day++) {
      assert.lengthOf(page.split(`/daily?day=2026-11-${String(day).padStart(2, "0")}"`), 2, `day ${day}`)
    }
    assert.lengthOf(page.split("class=\"outside\""), 1 + 6 + 6)
    assert.include(page, "month=2026-10")
    assert.include(page, "month=2026-12")
  })
})

describe("the map of a year", () => {
  it("has a square for every day, a hatched one where nothing was recorded, and a table of them", () => {
    const totals = totalsOf("2026-01-01", Array.from({ length: 365 }, (_, index) => index < 200 ? 0 : 5))
    const gap = recorded(lost("2025-12-31T23:00:00Z", "2026-03-01T00:00:00Z"))
    const page = pageOf(yearView(owner, 2026, "plays", heatDays(owner, totals, gap, "plays"), gap))
    assert.lengthOf(page.match(/<rect class="(?:heat\d|missing)" x=/g) ?? [], 365 + 6)
    assert.lengthOf(page.match(/<rect class="missing" x=/g) ?? [], 60)
    assert.lengthOf(page.match(/<th scope="row"/g) ?? [], 330)
  })
})
