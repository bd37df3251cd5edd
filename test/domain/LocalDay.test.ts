import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { dayOf, daysBetween, earlierDay, endOfDay, LocalDay, plusDays, startOfDay } from "../../src/domain/LocalDay.ts"

const zone = (name: string) => DateTime.zoneMakeNamedUnsafe(name)
const at = (text: string) => DateTime.makeUnsafe(text)
const iso = (instant: DateTime.Utc) => DateTime.formatIso(instant)
const day = (text: string) => LocalDay.make(text)
const hours = (text: string, name: string) =>
  (endOfDay(day(text), zone(name)).epochMilliseconds - startOfDay(day(text), zone(name)).epochMilliseconds) / 3_600_000

const AnyDay = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30_000 }))
const dayNumber = (number: number) => plusDays(day("1990-01-01"), number)

describe("domain/LocalDay", () => {
  it("gives the day that the zone's clocks show", () => {
    assert.strictEqual(dayOf(at("2026-10-14T22:30:00Z"), zone("Europe/Prague")), "2026-10-15")
    assert.strictEqual(dayOf(at("2026-10-14T02:30:00Z"), zone("America/New_York")), "2026-10-13")
    assert.strictEqual(dayOf(at("2026-10-14T12:00:00Z"), zone("Pacific/Kiritimati")), "2026-10-15")
  })

  it("counts 23 hours in spring, 25 in autumn, 24 otherwise", () => {
    assert.strictEqual(hours("2026-03-29", "Europe/Berlin"), 23)
    assert.strictEqual(hours("2026-10-25", "Europe/Berlin"), 25)
    assert.strictEqual(hours("2026-03-08", "America/New_York"), 23)
    assert.strictEqual(hours("2026-11-01", "America/New_York"), 25)
    assert.strictEqual(hours("2026-07-01", "Europe/Berlin"), 24)
  })

  it("begins a day whose midnight the clocks skip when the gap ends", () => {
    assert.strictEqual(iso(startOfDay(day("2026-04-24"), zone("Africa/Cairo"))), "2026-04-23T22:00:00.000Z")
    assert.strictEqual(hours("2026-04-24", "Africa/Cairo"), 23)
  })

  it("begins a day whose midnight comes twice with the first", () => {
    assert.strictEqual(iso(startOfDay(day("2026-11-01"), zone("America/Havana"))), "2026-11-01T04:00:00.000Z")
    assert.strictEqual(hours("2026-11-01", "America/Havana"), 25)
  })

  it("compares days by the calendar", () => {
    assert.strictEqual(earlierDay(day("2026-09-30"), day("2026-10-01")), "2026-09-30")
    assert.strictEqual(daysBetween(day("2024-02-28"), day("2024-03-01")), 2)
    assert.strictEqual(plusDays(day("2026-01-01"), -1), "2025-12-31")
  })

  it("refuses what is no day", () => {
    for (const text of ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z", ""]) {
      assert.isTrue(Option.isNone(Schema.decodeUnknownOption(LocalDay)(text)), text)
    }
  })

  it.effect.prop(
    "puts every instant of a day between its start and its end",
    { number: AnyDay, offset: AnyDay },
    ({ number, offset }) =>
      Effect.sync(() => {
        for (const name of ["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "UTC"]) {
          const local = dayNumber(number)
          const [start, end] = [startOfDay(local, zone(name)), endOfDay(local, zone(name))]
          const inside = DateTime.add(start, { seconds: offset })
          assert.strictEqual(dayOf(start, zone(name)), local)
          assert.strictEqual(dayOf(DateTime.subtract(end, { milliseconds: 1 }), zone(name)), local)
          assert.strictEqual(dayOf(inside, zone(name)) === local, DateTime.isLessThan(inside, end))
        }
      })
  )

  it.effect.prop(
    "adds days as the calendar does",
    { number: AnyDay, more: AnyDay },
    ({ more, number }) =>
      Effect.sync(() => {
        const from = dayNumber(number)
        assert.strictEqual(daysBetween(from, plusDays(from, more)), more)
        assert.strictEqual(plusDays(plusDays(from, more), -more), from)
      })
  )
})
