import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { OverlapPolicy } from "../../src/domain/Schedule.ts"
import { jobSchedule, make, pass } from "../support/ScheduleWorld.ts"

const minute = (text: string | undefined) => text?.slice(14, 19)

/** A run of 100 s a minute, for five minutes and three quarters: what becomes of each tick, and when each run began and ended. */
const table: ReadonlyArray<{
  readonly policy: OverlapPolicy
  readonly outcomes: ReadonlyArray<string>
  readonly runs: ReadonlyArray<string>
}> = [
  {
    policy: "skip",
    outcomes: ["01 started", "02 skipped_overlap", "03 started", "04 skipped_overlap", "05 started"],
    runs: ["01:00 completed 02:40", "03:00 completed 04:40", "05:00 running"]
  },
  {
    policy: "allow",
    outcomes: ["01 started", "02 started", "03 started", "04 started", "05 started"],
    runs: [
      "01:00 completed 02:40",
      "02:00 completed 03:40",
      "03:00 completed 04:40",
      "04:00 completed 05:40",
      "05:00 running"
    ]
  },
  {
    policy: "buffer_one",
    // the fifth waits, and has no outcome yet
    outcomes: ["01 started", "02 started buffered", "03 started buffered", "04 skipped_overlap"],
    runs: ["01:00 completed 02:40", "02:40 completed 04:20", "04:20 running"]
  },
  {
    policy: "cancel_other",
    outcomes: ["01 started", "02 started", "03 started", "04 started", "05 started"],
    runs: [
      "01:00 cancelled 02:00",
      "02:00 cancelled 03:00",
      "03:00 cancelled 04:00",
      "04:00 cancelled 05:00",
      "05:00 running"
    ]
  }
]

const shown = (
  runs: ReadonlyArray<{ readonly startedAt: string; readonly state: string; readonly finishedAt: string | undefined }>
) =>
  runs.map(({ finishedAt, startedAt, state }) =>
    [
      minute(startedAt),
      state === "waiting" ? "running" : state,
      ...finishedAt === undefined ? [] : [minute(finishedAt)]
    ].join(" ")
  )

describe("overlap", () => {
  for (const { outcomes, policy, runs } of table) {
    it.effect(`${policy}: runs of 100 s that are due every minute`, () =>
      Effect.gen(function*() {
        const world = yield* make
        const life = yield* world.begin([
          jobSchedule("job", { cron: "* * * * *" }, { overlap_policy: policy, input: { seconds: 100 } })
        ])
        yield* pass(life, "5m45s", "5s")
        assert.deepStrictEqual(world.outcomes("job").map((line) => line.slice(3, 5) + line.slice(8)), outcomes)
        assert.deepStrictEqual(shown(world.runs("job")), runs)
      }))
  }

  it.effect("a tick is skipped for the run that is at work, which is named", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([jobSchedule("job", { cron: "* * * * *" }, { input: { seconds: 90 } })])
      yield* pass(life, "2 minutes", "20 seconds")
      assert.strictEqual(world.ticksOf("job")[1]?.reason, "run glider.job@1970-01-01T00:01:00.000Z is at work")
    }))

  it.effect("a run that fails, or is cancelled, frees its schedule", () =>
    Effect.gen(function*() {
      const world = yield* make
      const life = yield* world.begin([
        jobSchedule("failing", { cron: "* * * * *" }, { input: { seconds: 30, fail: true } }),
        jobSchedule("endless", { cron: "* * * * *" }, { input: { seconds: 3600 } })
      ])
      yield* pass(life, "90 seconds", "15 seconds")
      yield* life.control.cancel("glider.endless@1970-01-01T00:01:00.000Z", "safe")
      yield* pass(life, "45 seconds", "15 seconds")
      assert.deepStrictEqual(world.outcomes("failing"), ["00:01:00 started", "00:02:00 started"])
      assert.deepStrictEqual(world.outcomes("endless"), ["00:01:00 started", "00:02:00 started"])
      assert.deepStrictEqual(shown(world.runs("endless")), ["01:00 cancelled 01:30", "02:00 running"])
    }))

  it.effect("runs that a restart finds at work count, and a tick that waited goes on waiting", () =>
    Effect.gen(function*() {
      const world = yield* make
      const schedule = jobSchedule("job", { cron: "* * * * *" }, {
        overlap_policy: "buffer_one",
        input: { seconds: 90 }
      })
      const first = yield* world.begin([schedule])
      yield* pass(first, "2 minutes 10 seconds", "10 seconds")
      yield* first.crash
      const second = yield* world.begin()
      yield* pass(second, "50 seconds", "10 seconds")
      assert.deepStrictEqual(shown(world.runs("job")), ["01:00 completed 02:30", "02:30 running"])
      assert.deepStrictEqual(world.outcomes("job"), ["00:01:00 started", "00:02:00 started buffered"])
    }))

  it.effect("a run by hand obeys the policy: it is skipped, it waits, or it runs beside the other", () =>
    Effect.gen(function*() {
      const world = yield* make
      const policies = ["skip", "buffer_one", "allow"] as const
      const life = yield* world.begin(
        policies.map((policy) =>
          jobSchedule(policy, { cron: "1 * * * *" }, { overlap_policy: policy, input: { seconds: 90 } })
        )
      )
      yield* pass(life, "90 seconds", "15 seconds")
      const results = yield* Effect.forEach(
        policies,
        Effect.fnUntraced(function*(id) {
          const entry = yield* life.book.get(id)
          const settings = yield* Effect.fromOption(entry.settings)
          return (yield* life.ticks.trigger(entry, settings, Option.some(`${id}-by-hand`)))._tag
        })
      )
      assert.deepStrictEqual(results, ["Skipped", "Buffered", "Started"])
      yield* pass(life, "75 seconds", "15 seconds")
      assert.deepStrictEqual(shown(world.runs("skip")), ["01:00 completed 02:30"])
      assert.deepStrictEqual(shown(world.runs("buffer_one")), ["01:00 completed 02:30", "02:30 running"])
      assert.deepStrictEqual(shown(world.runs("allow")), ["01:00 completed 02:30", "01:30 running"])
    }))

  it.effect("a tick that waits when its schedule is deleted, or leaves the config, has its outcome, too", () =>
    Effect.gen(function*() {
      const world = yield* make
      const waiting = (id: string) =>
        jobSchedule(id, { cron: "* * * * *" }, { overlap_policy: "buffer_one", input: { seconds: 600 } })
      const life = yield* world.begin(["deleted", "dropped", "dropped_later"].map(waiting))
      yield* pass(life, "130s")
      yield* life.changes.remove("deleted", Option.none())
      world.write([waiting("dropped_later")])
      yield* life.scheduler.reload
      yield* life.quiet
      const outcomes = ["00:01:00 started", "00:02:00 disabled"]
      assert.deepStrictEqual(world.outcomes("deleted"), outcomes)
      assert.deepStrictEqual(world.outcomes("dropped"), outcomes)
      yield* life.stop
      const next = yield* world.begin([])
      yield* next.quiet
      assert.deepStrictEqual(world.outcomes("dropped_later"), outcomes)
    }))
})
