import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { jobSchedule, type Life, make, pass, type World } from "../support/ScheduleWorld.ts"

const five = (more: Parameters<typeof jobSchedule>[2] = {}) => jobSchedule("five", { cron: "*/5 * * * *" }, more)

const at = (text: string) => DateTime.makeUnsafe(`1970-01-01T${text}Z`)

const free = { revision: Option.none() }

const pause = (life: Life, id: string, until = Option.none<DateTime.Utc>()) =>
  life.changes.pause(id, { note: Option.some("away"), until, ...free })

/** Each nominal tick of the stretch is in the ledger once, and each run belongs to one tick. */
const isWhole = (world: World, id: string, minutes: ReadonlyArray<number>) => {
  assert.deepStrictEqual(
    world.ticksOf(id).map(({ nominal }) => nominal / 60_000),
    minutes
  )
  assert.deepStrictEqual(world.again, [])
  const ticks = world.runs(id).map(({ tick }) => tick)
  assert.strictEqual(new Set(ticks).size, ticks.length)
}

const everyFive = (from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / 5) + 1 }, (_, at) => from + at * 5)

/** Between two steps: nothing, an end as on SIGTERM, or one as by `kill -9`, and a new process at once. */
const ways = {
  "without a restart": (_: World, life: Life) => Effect.succeed(life),
  "with a restart after every step": (world: World, life: Life) => Effect.andThen(life.stop, world.begin()),
  "with a kill after every step": (world: World, life: Life) => Effect.andThen(life.crash, world.begin())
}

describe("the life of a schedule", () => {
  for (const [name, next] of Object.entries(ways)) {
    it.effect(`created, ticked, changed, paused, resumed, backfilled, deleted: ${name}`, () =>
      Effect.gen(function*() {
        const world = yield* make
        let life = yield* world.begin([five()])
        const step = Effect.fnUntraced(function*(minutes: string) {
          yield* pass(life, minutes, "1m")
          life = yield* next(world, life)
        })
        yield* step("12m")
        assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started", "00:10:00 started"])
        yield* life.changes.update("five", { enabled: false }, { replace: false, ...free })
        life = yield* next(world, life)
        yield* step("10m")
        yield* life.changes.update("five", { enabled: true }, { replace: false, ...free })
        yield* pause(life, "five")
        yield* step("10m")
        yield* life.changes.resume("five", Option.none())
        yield* step("10m")
        const entry = yield* life.book.get("five")
        const filled = yield* life.backfills.start(entry, yield* Effect.fromOption(entry.settings), {
          from: at("00:00:00"),
          to: at("00:30:00"),
          pauseMillis: Option.none(),
          preview: false,
          id: Option.none()
        })
        assert.deepInclude(filled, { ticks: 7, fresh: 5 })
        yield* step("3m")
        assert.deepStrictEqual(world.outcomes("five"), [
          "00:00:00 started backfilled",
          "00:05:00 started",
          "00:10:00 started",
          "00:15:00 started backfilled",
          "00:20:00 started backfilled",
          "00:25:00 started backfilled",
          "00:30:00 started backfilled",
          "00:35:00 started",
          "00:40:00 started",
          "00:45:00 started"
        ])
        yield* life.changes.remove("five", Option.none())
        yield* step("10m")
        assert.lengthOf(world.ticksOf("five"), 10)
        assert.isTrue(Option.isNone(yield* Effect.option(life.book.get("five"))))
        assert.deepStrictEqual((yield* life.scheduler.reload).started, ["five"])
        yield* step("5m")
        assert.strictEqual(world.outcomes("five").at(-1), "01:00:00 started")
        const runs = world.runs("five").map(({ tick }) => tick)
        assert.strictEqual(new Set(runs).size, runs.length)
      }))
  }

  it.effect("a stop of three hours is caught up with one run, and every tick of it has its outcome", () =>
    Effect.gen(function*() {
      const world = yield* make
      const first = yield* world.begin([five()])
      yield* pass(first, "11m", "1m")
      yield* first.stop
      yield* TestClock.adjust("3 hours")
      yield* world.begin()
      isWhole(world, "five", everyFive(5, 190))
      const outcomes = world.outcomes("five").slice(2)
      assert.strictEqual(outcomes.at(-1), "03:10:00 started caught_up")
      assert.deepStrictEqual(new Set(outcomes.slice(0, -1).map((line) => line.slice(9))), new Set(["missed"]))
    }))

  it.effect("a tick that is older than the window is missed, and with none nothing is caught up", () =>
    Effect.gen(function*() {
      const world = yield* make
      const first = yield* world.begin([
        jobSchedule("late", { cron: "0 * * * *" }, { catch_up_window_seconds: 600 }),
        jobSchedule("none", { cron: "0 * * * *" }, { catch_up: "none" }),
        jobSchedule("all", { cron: "*/10 * * * *" }, { catch_up: "all", catch_up_window_seconds: 1800 })
      ])
      yield* first.stop
      yield* TestClock.adjust("111 minutes")
      const second = yield* world.begin()
      yield* second.quiet
      assert.deepStrictEqual(world.outcomes("late"), ["01:00:00 missed"])
      assert.deepStrictEqual(world.outcomes("none"), ["01:00:00 missed"])
      assert.deepStrictEqual(world.outcomes("all").slice(-4), [
        "01:20:00 missed",
        "01:30:00 started caught_up",
        "01:40:00 started caught_up",
        "01:50:00 started caught_up"
      ])
    }))

  it.effect("a clock that is put forward three hours misses what it jumped over, and one that is put back repeats nothing", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five()])
      yield* pass(life, "11m", "1m")
      yield* world.shiftClock(180 * 60_000)
      yield* pass(life, "1m", "30s")
      isWhole(world, "five", everyFive(5, 190))
      assert.strictEqual(world.outcomes("five").at(-1), "03:10:00 started caught_up")
      yield* world.shiftClock(-60 * 60_000)
      yield* pass(life, "1h10m", "1m")
      isWhole(world, "five", everyFive(5, 200))
    }))

  it.effect("a pause with an end ends by itself, and says what it was for meanwhile", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five()])
      yield* pass(life, "6m", "1m")
      yield* pause(life, "five", Option.some(at("00:20:00")))
      yield* pass(life, "20m", "1m")
      assert.deepStrictEqual(world.outcomes("five"), [
        "00:05:00 started",
        "00:10:00 paused",
        "00:15:00 paused",
        "00:20:00 started",
        "00:25:00 started"
      ])
    }))

  it.effect("bounds and a number of runs end it", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("bounded", { cron: "*/5 * * * *" }, {
          start_at: "1970-01-01T00:07:00Z",
          end_at: "1970-01-01T00:20:00Z"
        }),
        jobSchedule("few", { cron: "*/5 * * * *" }, { max_runs: 2 }),
        jobSchedule("few_intervals", { interval_seconds: 300 }, { max_runs: 2 })
      ])
      yield* pass(life, "40m", "1m")
      assert.deepStrictEqual(world.outcomes("bounded"), ["00:10:00 started", "00:15:00 started", "00:20:00 started"])
      assert.deepStrictEqual(world.outcomes("few"), ["00:05:00 started", "00:10:00 started"])
      assert.deepStrictEqual(world.outcomes("few_intervals"), ["00:00:00 started", "00:05:00 started"])
      assert.isTrue(Option.isNone(yield* life.scheduler.nextStart("bounded")))
    }))

  it.effect("a failure pauses it, if it is told to", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five({ pause_on_failure: true, input: { seconds: 0, fail: true } })])
      yield* pass(life, "16m", "1m")
      assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started", "00:10:00 paused", "00:15:00 paused"])
      const { row: { override } } = yield* life.book.get("five")
      assert.deepInclude(Option.getOrThrow(override.pause), {
        by: "failure",
        note: Option.some("it was asked to fail")
      })
    }))

  it.effect("a tick waits while the store is away, and is caught up when it is back", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five({ catch_up_window_seconds: 120 })])
      yield* pass(life, "4m", "1m")
      world.setAway(true)
      yield* pass(life, "2m", "10s")
      assert.deepStrictEqual(world.outcomes("five"), [])
      world.setAway(false)
      yield* pass(life, "1m", "5s")
      assert.deepStrictEqual(world.outcomes("five"), ["00:05:00 started caught_up"])
    }))

  it.effect("an override of the expression holds through restarts, and ends with a reload", () =>
    Effect.gen(function*() {
      const world = yield* make
      const first = yield* world.begin([five()])
      yield* first.changes.update("five", { cron: "0 * * * *" }, { replace: false, ...free })
      yield* pass(first, "11m", "1m")
      yield* first.stop
      const second = yield* world.begin()
      yield* pass(second, "50m", "1m")
      assert.deepStrictEqual(world.outcomes("five"), ["01:00:00 started"])
      assert.deepStrictEqual((yield* second.scheduler.reload).reverted, ["five"])
      yield* pass(second, "5m", "1m")
      assert.deepStrictEqual(world.outcomes("five"), ["01:00:00 started", "01:05:00 started"])
    }))

  it.effect("what jitter does is the same in every process, and nominal times stay as they are", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five({ jitter_seconds: 120 })])
      yield* pass(life, "31m", "5s")
      const ticks = world.ticksOf("five")
      isWhole(world, "five", everyFive(5, 25))
      for (const { effective, nominal } of ticks) {
        assert.isAtLeast(effective, nominal)
        assert.isBelow(effective, nominal + 120_000)
      }
      assert.deepStrictEqual(
        world.runs("five").map(({ startedAt }) => startedAt),
        ticks.map(({ effective }) => DateTime.formatIso(DateTime.makeUnsafe(effective)))
      )
    }))

  it.effect("an interval goes on at its own pace when the clock is put back", () =>
    Effect.gen(function*() {
      const world = yield* make
      yield* TestClock.adjust("2 hours")
      const life = yield* world.begin([jobSchedule("minutely", { interval_seconds: 60 })])
      yield* pass(life, "5m", "10s")
      const before = world.ticksOf("minutely").length
      yield* world.shiftClock(-60 * 60_000)
      yield* pass(life, "5m", "10s")
      assert.isAtLeast(world.ticksOf("minutely").length, before + 4)
      const ticks = world.runs("minutely").map(({ tick }) => tick)
      assert.strictEqual(new Set(ticks).size, ticks.length)
    }))

  it.effect("ticks of the past do not count as runs that max_runs allows", () =>
    Effect.gen(function*() {
      const world = yield* make
      yield* TestClock.adjust("1 hour")
      const life = yield* world.begin([five({ max_runs: 2 })])
      const entry = yield* life.book.get("five")
      yield* life.backfills.start(entry, yield* Effect.fromOption(entry.settings), {
        from: at("00:00:00"),
        to: at("00:15:00"),
        pauseMillis: Option.none(),
        preview: false,
        id: Option.none()
      })
      yield* pass(life, "20m", "1m")
      assert.deepStrictEqual(world.outcomes("five").slice(-3), [
        "00:15:00 started backfilled",
        "01:05:00 started",
        "01:10:00 started"
      ])
    }))

  it.effect("a pause that is over is no difference from the config any more", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five()])
      yield* pause(life, "five", Option.some(at("00:06:00")))
      yield* pass(life, "7m", "1m")
      assert.deepStrictEqual((yield* life.scheduler.reload).reverted, [])
    }))

  it.effect("a project that is renamed takes along what was changed by hand, also after a start under its new name", () =>
    Effect.gen(function*() {
      const world = yield* make
      const old = yield* world.begin([five({ project: "old", max_runs: 9 })], { project: "old" })
      yield* pass(old, "11m", "1m")
      yield* pause(old, "five")
      yield* old.stop
      const life = yield* world.begin([five({ max_runs: 9 })])
      yield* pass(life, "5m", "1m")
      assert.deepStrictEqual(yield* life.moves.move({ from: "old", to: "glider" }), { schedules: ["five"], ticks: 2 })
      yield* pass(life, "5m", "1m")
      assert.deepStrictEqual(world.outcomes("five"), [
        "00:05:00 started",
        "00:10:00 started",
        "00:15:00 started",
        "00:20:00 paused"
      ])
      assert.strictEqual((yield* life.book.get("five")).state.runs, 3)
      assert.deepStrictEqual(world.rows().map(({ project }) => project), ["glider"])
    }))

  it.effect("after a stop of years only those ticks are accounted for whose outcomes are still kept", () =>
    Effect.gen(function*() {
      const world = yield* make
      const daily = jobSchedule("daily", { cron: "0 6 * * *" })
      const first = yield* world.begin([daily])
      yield* first.stop
      yield* TestClock.adjust("1200 days")
      const second = yield* world.begin()
      yield* second.quiet
      assert.lengthOf(world.ticksOf("daily"), 365)
    }))

  for (const overlap_policy of ["skip", "allow", "buffer_one", "cancel_other"] as const) {
    it.effect(
      `a process that ends at any of its writes loses no tick and starts none twice: ${overlap_policy}`,
      () =>
        Effect.gen(function*() {
          for (const applied of [true, false]) {
            // its first write is the schedules
            for (let write = 2, ended = true; ended; write++) {
              const world = yield* make
              const schedules = [
                jobSchedule("five", { cron: "*/5 * * * *" }, { overlap_policy, input: { seconds: 400 } }),
                jobSchedule("often", { cron: "*/10 * * * *" }, { enabled: false })
              ]
              const begun = (yield* Clock.currentTimeMillis) / 60_000
              const first = yield* world.begin(schedules, { crash: { at: write, applied } })
              yield* pass(first, "21m", "1m")
              ended = first.isDead()
              if (!ended) yield* first.stop
              const second = yield* world.begin()
              yield* pass(second, "20m", "1m")
              const waiting = (yield* second.book.get("five")).state.buffered
              const settled = world.ticksOf("five").map(({ nominal }) => nominal / 60_000)
              const all = [...settled, ...waiting === undefined ? [] : [waiting.nominal / 60_000]]
              const first5 = Math.floor(begun / 5) * 5 + 5
              assert.deepStrictEqual(all, everyFive(first5, begun + 41), `write ${write}, applied ${applied}`)
              assert.deepStrictEqual(world.again, [])
              const ticks = world.runs("five").map(({ tick }) => tick)
              assert.strictEqual(new Set(ticks).size, ticks.length)
              assert.isTrue(world.ticksOf("often").every(({ outcome }) => outcome === "disabled"))
              yield* second.stop
            }
          }
        }),
      60_000
    )
  }
})
