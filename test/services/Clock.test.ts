import { assert, layer } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Clock } from "../../src/services/Clock.ts"

const iso = (instant: DateTime.Utc) => DateTime.formatIso(instant)

layer(Clock.layerOf(DateTime.zoneMakeNamedUnsafe("Europe/Berlin")))("services/Clock", (it) => {
  it.effect("follows the day of the person's zone through the night in which clocks go back", () =>
    Effect.gen(function*() {
      const clock = yield* Clock
      yield* TestClock.setTime(DateTime.makeUnsafe("2026-10-24T21:59:59Z").epochMilliseconds)
      assert.strictEqual(yield* clock.today, "2026-10-24")
      yield* TestClock.adjust("1 second")
      const sunday = yield* clock.today
      assert.strictEqual(sunday, "2026-10-25")
      assert.deepStrictEqual([iso(clock.startOf(sunday)), iso(clock.endOf(sunday))], [
        "2026-10-24T22:00:00.000Z",
        "2026-10-25T23:00:00.000Z"
      ])
      yield* TestClock.adjust("24 hours")
      assert.strictEqual(yield* clock.today, "2026-10-25")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* clock.today, "2026-10-26")
      assert.strictEqual(iso(yield* clock.now), "2026-10-25T23:00:00.000Z")
      assert.strictEqual(clock.dayOf(DateTime.makeUnsafe("2026-12-31T23:30:00Z")), "2027-01-01")
    }))
})
