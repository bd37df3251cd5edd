import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Layer, Logger, Option, Result, Scope } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import { defaultDst } from "../../src/domain/Dst.ts"
import * as Glider from "../../src/Glider.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import * as Standing from "../../src/jobs/Standing.ts"
import * as StandingClock from "../../src/jobs/StandingClock.ts"
import { StandingTicks } from "../../src/store/StandingTicks.ts"
import * as Timing from "../../src/timing/Timing.ts"
import { Noop } from "../../src/workflows/DiagnosticsJob.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { meanwhile, untilStatus, untilTrue } from "./JobWorld.ts"

const jobsConfig = (cron: string, enabled = true): GliderConfig => ({
  ...configOf({}),
  jobs: {
    concurrency: {},
    lease: Duration.minutes(10),
    poll: Duration.seconds(1),
    retention: Duration.days(30),
    standing: {
      diagnostics_noop: { enabled, cron },
      connectors_health_monitor: { enabled: false, cron: "*/5 * * * *" }
    }
  }
})

/** What a daemon has behind its API, over a store in memory. */
const daemon = (config: GliderConfig, options: Glider.GliderOptions) =>
  Layer.unwrap(Effect.map(temporaryFolder, (folder) => Glider.layer(folder, options))).pipe(
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(Layer.succeed(CurrentConfig, config)),
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(NodeServices.layer),
    Layer.provideMerge(Logger.layer([]))
  )

const every = Result.getOrThrow(Timing.parse("0 * * * *", "UTC", defaultDst))

describe("work that is given by the clock", () => {
  it("is due at the last tick after the one that was seen to, however long ago that is", () => {
    const at = (text: string) => DateTime.makeUnsafe(text).epochMilliseconds
    const last = (after: string, now: string) =>
      Option.map(
        StandingClock.lastTick(every, at(after), at(now)),
        (tick) => DateTime.formatIso(DateTime.makeUnsafe(tick))
      )
    assert.deepStrictEqual(last("2026-01-01T00:00Z", "2026-01-01T00:59Z"), Option.none())
    assert.deepStrictEqual(last("2026-01-01T00:00Z", "2026-01-01T01:00Z"), Option.some("2026-01-01T01:00:00.000Z"))
    assert.deepStrictEqual(last("2024-01-01T00:00Z", "2026-03-05T07:30Z"), Option.some("2026-03-05T07:00:00.000Z"))
  })

  it.effect("is given at its tick, by its key once, and caught up once after a pause of the process", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.makeUnsafe("2026-03-02T11:50:00Z").epochMilliseconds)
      const jobs = yield* Jobs
      const ticks = yield* StandingTicks
      const keys = Effect.map(
        jobs.list(anyJob, Option.none(), 50),
        (page) => page.jobs.map(({ key }) => Option.getOrElse(key, () => "")).toReversed()
      )
      const process = Effect.gen(function*() {
        const scope = yield* Scope.make()
        yield* Layer.buildWithScope(StandingClock.layer, scope)
        return Scope.close(scope, Exit.void)
      })
      const first = yield* process
      yield* untilTrue(Effect.map(ticks.last("diagnostics_noop"), Option.isSome))
      assert.deepStrictEqual(yield* keys, [])
      yield* TestClock.adjust("10 minutes")
      yield* untilTrue(Effect.map(keys, ({ length }) => length === 1))
      yield* first
      // three ticks pass while nobody is there
      yield* TestClock.adjust("3 hours")
      const second = yield* process
      yield* untilTrue(Effect.map(keys, ({ length }) => length === 2))
      yield* meanwhile
      yield* second
      // the note of the last one is lost: it is given again, and is the same
      yield* ticks.note("diagnostics_noop", DateTime.makeUnsafe("2026-03-02T14:00:00Z").epochMilliseconds, 0)
      const third = yield* process
      yield* untilTrue(
        Effect.map(
          ticks.last("diagnostics_noop"),
          Option.contains(DateTime.makeUnsafe("2026-03-02T15:00:00Z").epochMilliseconds)
        )
      )
      yield* third
      assert.deepStrictEqual(yield* keys, ["diagnostics_noop:2026-03-02T12:00", "diagnostics_noop:2026-03-02T15:00"])
    }).pipe(Effect.provide(daemon(jobsConfig("0 * * * *"), { recovers: false }))))

  it.effect("is not given where it is switched off, and has then nothing to catch up", () =>
    Effect.scoped(Effect.gen(function*() {
      const ticks = yield* StandingTicks
      yield* ticks.note("diagnostics_noop", 0, 0)
      assert.include((yield* Standing.StandingJobs).all().map(({ name }) => name), "diagnostics_noop")
      yield* Layer.build(StandingClock.layer)
      yield* untilTrue(Effect.map(ticks.last("diagnostics_noop"), Option.isNone))
    })).pipe(Effect.provide(daemon(jobsConfig("0 * * * *", false), { recovers: false }))))

  it.effect("may be any number of jobs at each tick", () =>
    Effect.scoped(Effect.gen(function*() {
      const jobs = yield* Jobs
      const sweep = Standing.sweep({
        name: "sweep",
        type: Noop.name,
        cron: "@every 1m",
        isEnabled: true,
        tick: (at) =>
          Effect.flatMap(Jobs, ({ enqueueAll }) =>
            enqueueAll(Noop, ["a", "b"].map((key) => ({ payload: { key }, key: `${key}:${DateTime.formatIso(at)}` }))))
      })
      yield* Layer.build(StandingClock.layer.pipe(Layer.provideMerge(sweep)))
      const ticks = yield* StandingTicks
      yield* untilTrue(Effect.map(ticks.last("sweep"), Option.isSome))
      yield* TestClock.adjust("1 minute")
      yield* untilTrue(
        Effect.map(jobs.list(anyJob, Option.none(), 10), ({ jobs }) =>
          jobs.length === 2)
      )
    })).pipe(Effect.provide(daemon(jobsConfig("0 0 1 1 *"), { recovers: false }))))

  it.effect("goes through worker, workflow and activities", () =>
    Effect.gen(function*() {
      const jobs = yield* Jobs
      const { id } = yield* jobs.enqueue(Noop, { key: "now" })
      const job = yield* untilStatus(id, "succeeded")
      assert.isTrue(Option.isSome(job.result))
    }).pipe(Effect.provide(daemon(configOf({}), { recovers: true }))))
})
