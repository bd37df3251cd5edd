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

  it.effect("says when it has begun, and comes round whenever it is asked to, whatever is due", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([jobSchedule("daily", { cron: "0 0 * * *" })])
      yield* pass(life, "1 second")
      yield* life.scheduler.begun
      yield* life.scheduler.round
      yield* Effect.all([life.scheduler.round, life.scheduler.round], { concurrency: 2 })
      assert.deepStrictEqual(world.outcomes("daily"), [])
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

  it.effect("takes over at a reload what changed: an interval counts from the end of the last run, a switch acts at once", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("longer", { interval_seconds: 60 }),
        jobSchedule("shorter", { interval_seconds: 3600 }),
        jobSchedule("off", { interval_seconds: 60 }),
        jobSchedule("on", { interval_seconds: 3600 }, { enabled: false }),
        jobSchedule("gone", { interval_seconds: 60 })
      ])
      yield* pass(life, "30s")
      world.write([
        jobSchedule("longer", { interval_seconds: 120 }),
        jobSchedule("shorter", { interval_seconds: 90 }),
        jobSchedule("off", { interval_seconds: 60 }, { enabled: false }),
        jobSchedule("on", { interval_seconds: 3600 }),
        jobSchedule("fresh", { interval_seconds: 60 })
      ])
      assert.deepStrictEqual(yield* life.scheduler.reload, {
        started: ["fresh"],
        stopped: ["gone"],
        changed: ["longer", "shorter", "off", "on"],
        reverted: []
      })
      yield* pass(life, "95s", "5s")
      assert.deepStrictEqual(world.outcomes("longer"), ["00:00:00 started", "00:02:00 started"])
      assert.deepStrictEqual(world.outcomes("shorter"), ["00:00:00 started", "00:01:30 started"])
      assert.deepStrictEqual(world.outcomes("off"), ["00:00:00 started", "00:01:00 disabled", "00:02:00 disabled"])
      assert.deepStrictEqual(world.outcomes("on"), ["00:00:00 disabled", "00:00:30 started"])
      assert.deepStrictEqual(world.outcomes("gone"), ["00:00:00 started"])
      assert.deepStrictEqual(world.outcomes("fresh"), ["00:00:30 started", "00:01:30 started"])
    }))

  it.effect("nothing that happens in a run ends its schedule or delays another", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("fails", { interval_seconds: 60 }, { input: { seconds: 0, fail: true } }),
        jobSchedule("hangs", { interval_seconds: 60 }, { input: { seconds: 1_000_000 } }),
        jobSchedule("unknown", { interval_seconds: 60 }, { workflow: "nobody" }),
        jobSchedule("misled", { interval_seconds: 60 }, { input: { seconds: "many" } }),
        jobSchedule("well", { interval_seconds: 60 })
      ])
      yield* pass(life, "130s", "5s")
      const [first, second, third] = ["00:00:00", "00:01:00", "00:02:00"]
      const thrice = (outcome: string) => [first, second, third].map((at) => `${at} ${outcome}`)
      assert.deepStrictEqual(world.outcomes("fails"), thrice("started"))
      assert.deepStrictEqual(world.outcomes("hangs"), [`${first} started`])
      assert.deepStrictEqual(world.outcomes("unknown"), thrice("failed_to_start"))
      assert.deepStrictEqual(world.outcomes("misled"), thrice("failed_to_start"))
      assert.deepStrictEqual(world.outcomes("well"), thrice("started"))
      assert.strictEqual(
        world.ticksOf("unknown")[0]?.reason,
        "there is no workflow nobody; there are job, schedule_backfill"
      )
    }))

  it.effect("keeps a cron schedule to the wall clock for 1,000 ticks, whatever its runs take", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("minutely", { cron: "* * * * *" }, { input: { seconds: 7 }, overlap_policy: "allow" })
      ])
      yield* pass(life, "1000m", "1m")
      const ticks = world.ticksOf("minutely")
      assert.lengthOf(ticks, 1000)
      ticks.forEach(({ at, nominal }, index) => {
        assert.strictEqual(nominal, (index + 1) * 60_000)
        assert.strictEqual(at, nominal)
      })
    }))

  it.effect("the same config again writes nothing, and another project's schedules are not touched", () =>
    Effect.gen(function*() {
      const world = yield* make
      const foreign = jobSchedule("x", { interval_seconds: 60 }, { project: "glider-two" })
      const other = yield* world.begin([foreign], { project: "glider-two" })
      yield* other.stop
      const own = [jobSchedule("a", { cron: "@daily" }), jobSchedule("two-x", { cron: "@hourly" })]
      const first = yield* world.begin(own)
      yield* first.stop
      const writes = world.writes()
      const second = yield* world.begin(own)
      assert.strictEqual(world.writes(), writes)
      world.write([])
      assert.deepStrictEqual((yield* second.scheduler.reload).stopped.toSorted(), ["a", "two-x"])
      assert.deepStrictEqual(world.rows().map(({ id, project }) => `${project}/${id}`), ["glider-two/x"])
    }))

  it.effect("a store that is away at the start is waited for, and never taken for an empty one", () =>
    Effect.gen(function*() {
      const world = yield* make
      const own = [jobSchedule("a", { cron: "* * * * *" })]
      const first = yield* world.begin(own)
      yield* first.stop
      const writes = world.writes()
      world.setAway(true)
      const second = yield* world.begin([...own, jobSchedule("b", { cron: "* * * * *" })])
      yield* pass(second, "90s", "5s")
      assert.strictEqual((yield* second.book.reconciling)._tag, "Waiting")
      world.setAway(false)
      yield* pass(second, "30s", "5s")
      assert.strictEqual((yield* second.book.reconciling)._tag, "Done")
      assert.strictEqual(world.writes(), writes + 1)
      assert.deepStrictEqual(world.rows().map(({ id }) => id), ["a", "b"])
    }))

  it.effect("after five minutes without a store it says so, and goes on looking", () =>
    Effect.gen(function*() {
      const world = yield* make
      world.setAway(true)
      const life = yield* world.begin([jobSchedule("a", { cron: "* * * * *" })])
      yield* pass(life, "6m", "10s")
      assert.strictEqual((yield* life.book.reconciling)._tag, "Failed")
      world.setAway(false)
      yield* pass(life, "6m", "10s")
      assert.strictEqual((yield* life.book.reconciling)._tag, "Done")
      assert.isAtLeast(world.ticksOf("a").length, 1)
    }))
})
