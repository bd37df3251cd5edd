import { assert, it } from "@effect/vitest"
import { DateTime } from "effect"
import { dayCount, daysOf, daySpans, spanOf } from "../../src/domain/DayRange.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"

const zone = (id: string) => DateTime.zoneMakeNamedUnsafe(id)

const hours = (id: string, from: string, to = from): ReadonlyArray<number> =>
  daySpans({ from: LocalDay.make(from), to: LocalDay.make(to) }, zone(id)).map(({ from, to }) =>
    (to.epochMilliseconds - from.epochMilliseconds) / 3_600_000
  )

it("days have 23 or 25 hours where clocks are put forward or back, and half an hour less or more on Lord Howe", () => {
  assert.deepStrictEqual(hours("Europe/Berlin", "2026-03-28", "2026-03-30"), [24, 23, 24])
  assert.deepStrictEqual(hours("Europe/Berlin", "2026-10-24", "2026-10-26"), [24, 25, 24])
  assert.deepStrictEqual(hours("Australia/Lord_Howe", "2026-04-05"), [24.5])
  assert.deepStrictEqual(hours("Australia/Lord_Howe", "2026-10-04"), [23.5])
  assert.deepStrictEqual(hours("Asia/Kolkata", "2026-03-29"), [24])
  assert.deepStrictEqual(hours("America/Santiago", "2026-09-06"), [23])
})

it("each day begins where the one before it ends, and all of them together are the span", () => {
  for (const id of ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "UTC"]) {
    const range = { from: LocalDay.make("2026-01-01"), to: LocalDay.make("2026-12-31") }
    const days = daySpans(range, zone(id))
    assert.lengthOf(days, 365)
    for (const [index, day] of days.entries()) {
      const next = days[index + 1]
      if (next !== undefined) assert.deepStrictEqual(next.from, day.to)
    }
    const { from, to } = spanOf(range, zone(id))
    assert.deepStrictEqual([days[0]?.from, days.at(-1)?.to], [from, to])
  }
})

it("a day of half an hour's zone begins at half past", () => {
  const [day] = daySpans({ from: LocalDay.make("2026-03-29"), to: LocalDay.make("2026-03-29") }, zone("Asia/Kolkata"))
  assert.strictEqual(day && DateTime.formatIso(day.from), "2026-03-28T18:30:00.000Z")
})

it("a range that ends before it begins has no days", () => {
  const range = { from: LocalDay.make("2026-01-02"), to: LocalDay.make("2026-01-01") }
  assert.deepStrictEqual([dayCount(range), daysOf(range), daySpans(range, zone("UTC"))], [0, [], []])
})
