import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { dayScale, stretches } from "../../../src/dashboard/days/DayScale.ts"
import { endOfDay, LocalDay, startOfDay } from "../../../src/domain/LocalDay.ts"

const zoneOf = (id: string) => DateTime.zoneMakeNamedUnsafe(id)

const scaleOf = (day: string, id: string) => {
  const zone = zoneOf(id)
  const local = LocalDay.make(day)
  return dayScale({ start: startOfDay(local, zone), end: endOfDay(local, zone) }, zone)
}

const at = (text: string) => DateTime.makeUnsafe(text)

describe("dayScale", () => {
  it("stands every instant of an ordinary day at the time that the clock shows", () => {
    const scale = scaleOf("2026-11-24", "Europe/Berlin")
    assert.strictEqual(scale.minuteOf(at("2026-11-23T23:00:00Z")), 0)
    assert.strictEqual(scale.minuteOf(at("2026-11-24T14:30:00Z")), 15 * 60 + 30)
    assert.strictEqual(scale.minuteOf(at("2026-11-24T23:00:00Z")), 1440)
    assert.isUndefined(scale.change)
  })

  it("leaves out the hour that is skipped in spring", () => {
    const scale = scaleOf("2026-03-29", "Europe/Berlin")
    assert.strictEqual(scale.minuteOf(at("2026-03-29T00:59:00Z")), 119)
    assert.strictEqual(scale.minuteOf(at("2026-03-29T01:00:00Z")), 180)
    assert.deepStrictEqual([scale.change?.before, scale.change?.after], [120, 180])
  })

  it("shows the hour that comes twice in autumn at the same place, and knows the second pass", () => {
    const scale = scaleOf("2026-10-25", "Europe/Berlin")
    assert.strictEqual(scale.minuteOf(at("2026-10-25T00:30:00Z")), 150)
    assert.strictEqual(scale.minuteOf(at("2026-10-25T01:30:00Z")), 150)
    assert.isFalse(scale.isRepeated(at("2026-10-25T00:30:00Z")))
    assert.isTrue(scale.isRepeated(at("2026-10-25T01:30:00Z")))
    assert.isFalse(scale.isRepeated(at("2026-10-25T02:30:00Z")))
    assert.strictEqual(scale.elapsedOf(at("2026-10-25T00:30:00Z")), 150)
    assert.strictEqual(scale.elapsedOf(at("2026-10-25T01:30:00Z")), 210)
    assert.strictEqual(scale.elapsedOf(at("2026-10-25T23:00:00Z")), 1500)
  })

  it("knows clocks that change by half an hour, and days without a midnight", () => {
    const lordHowe = scaleOf("2026-04-05", "Australia/Lord_Howe")
    assert.deepStrictEqual([lordHowe.change?.before, lordHowe.change?.after], [120, 90])
    const beirut = scaleOf("2026-03-29", "Asia/Beirut")
    assert.strictEqual(beirut.minuteOf(startOfDay(LocalDay.make("2026-03-29"), zoneOf("Asia/Beirut"))), 60)
  })
})

describe("stretches", () => {
  it("cuts what goes beyond the day, and gives nothing for what lies outside", () => {
    const scale = scaleOf("2026-11-24", "Europe/Berlin")
    assert.deepStrictEqual(stretches(scale, at("2026-11-23T20:00:00Z"), at("2026-11-24T05:00:00Z")), [
      { from: 0, to: 360, pass: "only" }
    ])
    assert.deepStrictEqual(stretches(scale, at("2026-11-25T20:00:00Z"), at("2026-11-25T21:00:00Z")), [])
  })

  it("shows the hour that comes twice as two passes", () => {
    const scale = scaleOf("2026-10-25", "Europe/Berlin")
    assert.deepStrictEqual(stretches(scale, at("2026-10-24T23:00:00Z"), at("2026-10-25T03:00:00Z")), [
      { from: 60, to: 120, pass: "only" },
      { from: 120, to: 180, pass: "first" },
      { from: 120, to: 180, pass: "second" },
      { from: 180, to: 240, pass: "only" }
    ])
  })

  it("has nothing in the hour that is skipped", () => {
    const scale = scaleOf("2026-03-29", "Europe/Berlin")
    assert.deepStrictEqual(stretches(scale, at("2026-03-29T00:30:00Z"), at("2026-03-29T01:30:00Z")), [
      { from: 90, to: 120, pass: "only" },
      { from: 180, to: 210, pass: "only" }
    ])
  })

  it.prop(
    "together are as long as the time that they show, in every zone, and no two of one pass overlap",
    {
      day: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3650 })),
      from: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1499 })),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1499 })),
      zone: Schema.Literals([
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "Asia/Kathmandu"
      ])
    },
    ({ day, from, length, zone }) => {
      const local = LocalDay.make(DateTime.formatIsoDateUtc(DateTime.add(at("2020-01-01T00:00:00Z"), { days: day })))
      const bounds = { start: startOfDay(local, zoneOf(zone)), end: endOfDay(local, zoneOf(zone)) }
      const scale = dayScale(bounds, zoneOf(zone))
      const begin = DateTime.add(bounds.start, { minutes: from })
      const end = DateTime.min(DateTime.add(begin, { minutes: length }), bounds.end)
      const parts = stretches(scale, begin, end)
      const shown = parts.reduce((sum, part) => sum + part.to - part.from, 0)
      const passed = Math.max(0, (end.epochMilliseconds - begin.epochMilliseconds) / 60_000)
      assert.closeTo(shown, passed, 1e-6)
      for (const part of parts) assert.isTrue(part.from >= 0 && part.to <= 1440 && part.from < part.to)
    }
  )
})
