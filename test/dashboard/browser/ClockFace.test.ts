import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { changeOf, clockOf, elapsedOf, endOf, halfOf } from "../../../src/dashboard/browser/ClockFace.ts"
import { dayScale } from "../../../src/dashboard/days/DayScale.ts"
import { endOfDay, LocalDay, startOfDay } from "../../../src/domain/LocalDay.ts"

const back = { before: 180, after: 120 }
const forward = { before: 120, after: 180 }

describe("the face of the clock", () => {
  it("is the elapsed minutes themselves where no clock changes", () => {
    assert.isUndefined(changeOf(undefined))
    assert.strictEqual(endOf(undefined), 1440)
    assert.strictEqual(elapsedOf(undefined, 150, "right"), 150)
    assert.strictEqual(clockOf(undefined, 150), 150)
    assert.isUndefined(halfOf(undefined, 150))
  })

  it("has the hour that comes twice in two halves", () => {
    assert.deepStrictEqual(changeOf("180 120"), back)
    assert.strictEqual(endOf(back), 1500)
    assert.deepStrictEqual(
      [119, 120, 150, 180].map((clock) => [elapsedOf(back, clock, "left"), elapsedOf(back, clock, "right")]),
      [[119, 119], [120, 180], [150, 210], [240, 240]]
    )
    assert.deepStrictEqual([150, 210, 240].map((minute) => clockOf(back, minute)), [150, 150, 180])
    assert.deepStrictEqual(
      [119, 120, 179, 180, 239, 240].map((minute) => halfOf(back, minute)),
      [undefined, "left", "left", "right", "right", undefined]
    )
  })

  it("has nothing in the hour that is skipped", () => {
    assert.strictEqual(endOf(forward), 1380)
    assert.deepStrictEqual(
      [119, 120, 179, 180].map((clock) => elapsedOf(forward, clock, "left")),
      [119, undefined, undefined, 120]
    )
    for (let minute = 0; minute < 1380; minute++) assert.isUndefined(halfOf(forward, minute))
  })

  it.prop(
    "shows each minute of every day at a place of its own, which leads back to it, and as the day's scale does",
    {
      day: Schema.Literals(["2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04", "2026-11-24"]),
      zone: Schema.Literals(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana"]),
      minute: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1379 }))
    },
    ({ day, minute, zone }) => {
      const local = LocalDay.make(day)
      const named = DateTime.zoneMakeNamedUnsafe(zone)
      const scale = dayScale({ start: startOfDay(local, named), end: endOfDay(local, named) }, named)
      const instant = DateTime.makeUnsafe(scale.start + minute * 60_000)
      const elapsed = scale.elapsedOf(instant)
      const clock = clockOf(scale.change, elapsed)
      assert.strictEqual(clock, scale.minuteOf(instant))
      assert.strictEqual(halfOf(scale.change, elapsed) === "right", scale.isRepeated(instant))
      assert.strictEqual(elapsedOf(scale.change, clock, halfOf(scale.change, elapsed) ?? "left"), elapsed)
    }
  )
})
