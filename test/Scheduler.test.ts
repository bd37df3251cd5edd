import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { jobSchedule, make, pass } from "./support/ScheduleWorld.ts"

describe("Scheduler", () => {
  it.effect("starts a cron schedule at its ticks, each recorded as started", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([jobSchedule("five", { cron: "*/5 * * * *" })])
      yield* pass(life, "16 minutes")
      assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started", "00:10:00 started", "00:15:00 started"])
      assert.deepStrictEqual(
        world.runs("five").map(({ startedAt, state, tick }) => [tick, startedAt, state]),
        ["05", "10", "15"].map((minute) => [
          `1970-01-01T00:${minute}:00.000Z`,
          `1970-01-01T00:${minute}:00.000Z`,
          "completed"
        ])
      )
    }))

  it.effect("runs an interval at start and then exactly an interval after each end", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("long", { interval_seconds: 60 }, { input: { seconds: 20 } }),
        jobSchedule("short", { interval_seconds: 120 })
      ])
      yield* pass(life, "5 minutes", "1 second")
      assert.deepStrictEqual(world.outcomes("long"), [
        "00:00:00 started",
        "00:01:20 started",
        "00:02:40 started",
        "00:04:00 started"
      ])
      assert.deepStrictEqual(world.outcomes("short"), ["00:00:00 started", "00:02:00 started", "00:04:00 started"])
    }))
})
