import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { jobSchedule, make, pass } from "../support/ScheduleWorld.ts"

const five = (more: Parameters<typeof jobSchedule>[2]) => jobSchedule("five", { cron: "*/5 * * * *" }, more)

const at = (text: string) => DateTime.makeUnsafe(`1970-01-01T${text}Z`)

/** Takes a step a second time, for which its run is parked. */
const input = { seconds: 30, twice: true }

describe("a schedule whose run is parked", () => {
  it.effect("goes on without it, whatever its policy", () =>
    Effect.gen(function*() {
      const world = yield* make
      const long = { ...input, seconds: 90 }
      const life = yield* world.begin([
        jobSchedule("skipping", { cron: "* * * * *" }, { input: long }),
        jobSchedule("waiting", { cron: "* * * * *" }, { overlap_policy: "buffer_one", input: long }),
        jobSchedule("resting", { interval_seconds: 60 }, { input: long })
      ])
      yield* pass(life, "3 minutes 10 seconds", "10 seconds")
      const shown = (id: string) => world.runs(id).map(({ startedAt, state }) => `${startedAt.slice(14, 19)} ${state}`)
      assert.deepStrictEqual(shown("skipping"), ["01:00 parked", "03:00 waiting"])
      assert.deepStrictEqual(shown("waiting"), ["01:00 parked", "02:30 waiting"])
      assert.deepStrictEqual(shown("resting"), ["00:00 parked", "02:30 waiting"])
      assert.deepStrictEqual(world.outcomes("skipping"), [
        "00:01:00 started",
        "00:02:00 skipped_overlap",
        "00:03:00 started"
      ])
    }))

  it.effect("is paused, if failures pause it", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five({ pause_on_failure: true, input })])
      yield* pass(life, "11m", "30s")
      assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started", "00:10:00 paused"])
    }))

  it.effect("is backfilled on and on", () =>
    Effect.gen(function*() {
      const world = yield* make
      yield* TestClock.adjust("12 minutes")
      const life = yield* world.begin([five({ input })])
      const entry = yield* life.book.get("five")
      yield* life.backfills.start(entry, yield* Effect.fromOption(entry.settings), {
        from: at("00:00:00"),
        to: at("00:10:00"),
        pauseMillis: Option.none(),
        preview: false,
        id: Option.none()
      })
      yield* pass(life, "2m", "10s")
      assert.deepStrictEqual(world.runs("five").map(({ state }) => state), ["parked", "parked", "parked"])
      assert.deepStrictEqual(
        world.outcomes("five"),
        ["00:00:00", "00:05:00", "00:10:00"].map((tick) => `${tick} started backfilled`)
      )
    }))

  it.effect("is not paused again for it, once newer runs go well", () =>
    Effect.gen(function*() {
      const world = yield* make
      const first = yield* world.begin([five({ pause_on_failure: true, input })])
      yield* pass(first, "6m", "30s")
      yield* first.stop
      const second = yield* world.begin([five({ pause_on_failure: true })])
      yield* second.changes.resume("five", Option.none())
      yield* pass(second, "5m", "30s")
      yield* second.stop
      // the parked run is tried again, and parked again
      const third = yield* world.begin()
      yield* pass(third, "5m", "30s")
      assert.deepStrictEqual(world.runs("five").map(({ state }) => state), ["parked", "completed", "completed"])
      assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started", "00:10:00 started", "00:15:00 started"])
    }))
})
