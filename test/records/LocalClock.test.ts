import { assert, it } from "@effect/vitest"
import { DateTime } from "effect"
import { dayOf } from "../../src/domain/LocalDay.ts"
import { dayNumber, hourOfWeek, numberOfDay, offsetsOf } from "../../src/records/LocalClock.ts"
import { randomness } from "../support/RandomQueries.ts"

const zones = ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "UTC"]

it("days and hours are those that the zone's clocks show, at changes of clocks, too", () => {
  for (const [seed, id] of zones.entries()) {
    const zone = DateTime.zoneMakeNamedUnsafe(id)
    const offsetAt = offsetsOf(zone)
    const { below } = randomness(seed)
    const changes = ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"]
    const near = changes.flatMap((text) => {
      const { epochMilliseconds } = DateTime.makeUnsafe(text)
      return [-3_600_000, -1, 0, 1, 1_800_000, 3_600_000].map((millis) => epochMilliseconds + millis)
    })
    const instants = [...near, ...Array.from({ length: 300 }, () => below(60 * 365) * 86_400_000 + below(86_400_000))]
    for (const instant of instants) {
      const at = DateTime.makeUnsafe(instant)
      assert.strictEqual(dayNumber(offsetAt, instant), numberOfDay(dayOf(at, zone)), `${id} ${DateTime.formatIso(at)}`)
      const { hour, weekDay } = DateTime.toParts(DateTime.setZone(at, zone))
      assert.strictEqual(
        hourOfWeek(offsetAt, instant),
        (weekDay + 6) % 7 * 24 + hour,
        `${id} ${DateTime.formatIso(at)}`
      )
    }
  }
})

it("an offset is a zone as well", () => {
  assert.strictEqual(offsetsOf(DateTime.zoneMakeOffset(19_800_000))(0), 19_800_000)
})
