import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { jobSchedule, type Life, make, pass, type World } from "../support/ScheduleWorld.ts"

const five = (more: Parameters<typeof jobSchedule>[2] = {}) => jobSchedule("five", { cron: "*/5 * * * *" }, more)

const at = (text: string) => DateTime.makeUnsafe(`1970-01-01T${text}Z`)

const backfill = Effect.fnUntraced(function*(life: Life, from: string, to: string) {
  const entry = yield* life.book.get("five")
  return yield* life.backfills.start(entry, yield* Effect.fromOption(entry.settings), {
    from: at(from),
    to: at(to),
    pauseMillis: Option.none(),
    preview: false,
    id: Option.none()
  })
})

const minutes = (world: World) => world.ticksOf("five").map(({ nominal }) => nominal / 60_000)

/** Down for a quarter of an hour: three ticks are late when it begins again, and one is in time. */
const late = five({ catch_up: "all", catch_up_window_seconds: 3600 })

describe("what comes to an early end", () => {
  for (const how of ["stop", "crash"] as const) {
    it.effect(`a backfill goes on in the next process: ${how}`, () =>
      Effect.gen(function*() {
        const world = yield* make
        const first = yield* world.begin([five({ input: { seconds: 30 } })])
        yield* first.changes.update("five", { enabled: false }, { replace: false, revision: Option.none() })
        yield* pass(first, "26m", "1m")
        yield* backfill(first, "00:10:00", "00:25:00")
        yield* first.quiet
        yield* first[how]
        const second = yield* world.begin()
        yield* pass(second, "4m", "5s")
        assert.deepStrictEqual(world.outcomes("five").slice(1, 5), [
          "00:10:00 started backfilled",
          "00:15:00 started backfilled",
          "00:20:00 started backfilled",
          "00:25:00 started backfilled"
        ])
      }))
  }

  it.effect("catching up, with a tick in time behind it, loses none wherever the process ends", () =>
    Effect.gen(function*() {
      for (const applied of [true, false]) {
        for (let write = 1, ended = true; ended; write++) {
          const world = yield* make
          yield* TestClock.setTime(0)
          const first = yield* world.begin([late])
          yield* pass(first, "6m", "1m")
          yield* first.stop
          yield* TestClock.adjust("842 seconds")
          const second = yield* world.begin(undefined, { crash: { at: write, applied } })
          yield* pass(second, "1m", "10s")
          ended = second.isDead()
          if (!ended) yield* second.stop
          const third = yield* world.begin()
          yield* pass(third, "1m", "10s")
          assert.deepStrictEqual(minutes(world), [5, 10, 15, 20], `write ${write}, ${applied}`)
          yield* third.stop
        }
      }
    }))

  it.effect("what a cancelled catch-up has not come to is missed", () =>
    Effect.gen(function*() {
      const world = yield* make
      const first = yield* world.begin([five({ ...late, input: { seconds: 600 } })])
      yield* first.stop
      yield* TestClock.adjust("16 minutes")
      const second = yield* world.begin()
      yield* second.quiet
      yield* second.control.cancel(
        "schedule-glider-five~catch-up@1970-01-01T00:05:00.000Z-1970-01-01T00:15:00.000Z",
        "now"
      )
      yield* second.quiet
      assert.deepStrictEqual(world.outcomes("five"), [
        "00:05:00 started caught_up",
        "00:10:00 missed",
        "00:15:00 missed"
      ])
    }))

  it.effect("a backfill leaves what lies before it to be accounted for", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([five()])
      yield* pass(life, "4m", "1m")
      world.setAway(true)
      yield* pass(life, "6m", "10s")
      world.setAway(false)
      yield* backfill(life, "00:10:00", "00:10:00")
      yield* pass(life, "1m", "5s")
      assert.deepStrictEqual(minutes(world), [5, 10])
    }))

  const hourly = "0 * * * *"
  const closed = ["00:05:00 started", "00:10:00 missed", "00:15:00 missed", "01:00:00 started"]

  it.effect("ticks of a former expression have an outcome, wherever the process ends that reads the new one", () =>
    Effect.gen(function*() {
      for (const applied of [true, false]) {
        for (let write = 1, ended = true; ended; write++) {
          const world = yield* make
          yield* TestClock.setTime(0)
          const first = yield* world.begin([five()])
          yield* pass(first, "6m", "1m")
          yield* first.stop
          yield* TestClock.adjust("10 minutes")
          const second = yield* world.begin([jobSchedule("five", { cron: hourly })], { crash: { at: write, applied } })
          ended = second.isDead()
          if (!ended) yield* second.stop
          const third = yield* world.begin()
          yield* pass(third, "45m", "1m")
          assert.deepStrictEqual(world.outcomes("five"), closed, `write ${write}, ${applied}`)
          yield* third.stop
        }
      }
    }))

  it.effect("ticks of an expression that is changed by hand have an outcome, wherever the process ends", () =>
    Effect.gen(function*() {
      for (const applied of [true, false]) {
        // its first write is the schedule
        for (let write = 2, ended = true; ended; write++) {
          const world = yield* make
          yield* TestClock.setTime(0)
          const first = yield* world.begin([five()], { crash: { at: write, applied } })
          yield* pass(first, "6m", "1m")
          // so nobody attends to two of them before the change
          world.setAway(true)
          yield* pass(first, "10m", "1m")
          world.setAway(false)
          yield* Effect.forkScoped(
            first.changes.update("five", { cron: hourly }, { replace: false, revision: Option.none() })
          )
          yield* first.quiet
          ended = first.isDead()
          if (!ended) yield* first.stop
          const second = yield* world.begin()
          yield* pass(second, "45m", "1m")
          if (ended) assert.includeMembers(minutes(world), [5, 10, 15, 60], `write ${write}, ${applied}`)
          else assert.deepStrictEqual(world.outcomes("five"), closed)
          yield* second.stop
        }
      }
    }))
})
