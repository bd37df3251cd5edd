/** Calendars that are read again by themselves, from a server over real HTTP. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { bucketOf, CalendarRefresh, layer, makeSweep } from "../../src/standing/CalendarRefresh.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Runs } from "../../src/store/Runs.ts"
import { CalendarAddresses } from "../../src/workflows/CalendarAddresses.ts"
import * as ImportCalendar from "../../src/workflows/ImportCalendar.ts"
import { configOf } from "../api/Served.ts"
import { attempted } from "../connections/Support.ts"
import { untilStatus, worker } from "../jobs/JobWorld.ts"
import { calendar, event } from "../support/Calendars.ts"
import { CalendarServer, secretOfAddress } from "../support/CalendarServer.ts"
import { heldText, memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const noon = DateTime.makeUnsafe("2026-03-01T12:00:00Z").epochMilliseconds
const hours = (count: number) => count * 3_600_000

const home = { name: "home", enabled: true, every: Duration.hours(6) }

const config = {
  ...configOf({}),
  network: { allowedPrivate: ["127.0.0.1"] },
  calendars: [home, { ...home, name: "off", enabled: false }]
}

const folder = Layer.effect(
  DataFolder,
  Effect.map(temporaryFolder, (path) => DataFolder.of({ path, storeUrl: "mem://" }))
)

const environment = Layer.unwrap(
  Effect.map(CalendarServer, ({ address }) =>
    ConfigProvider.layer(ConfigProvider.fromUnknown({
      GLIDER_CALENDAR_HOME_URL: address,
      GLIDER_CALENDAR_OTHER_URL: `${address}?other`
    })))
)

const world = layer.pipe(
  Layer.provideMerge(CalendarAddresses.layer),
  Layer.provideMerge(Layer.mergeAll(GuardedHttp.layer, Secrets.layer)),
  Layer.provideMerge(Layer.unwrap(Effect.map(DataFolder, ({ path }) => ImportCalendar.layer(path)))),
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provideMerge(Jobs.layer),
  Layer.provideMerge(
    Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer, BackgroundJobs.layer, JobLeases.layer)
  ),
  Layer.provideMerge(Layer.mergeAll(Commit.layer, ImportedCalendars.layer, Runs.layer)),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(LatestConfig.layer),
  Layer.provideMerge(Layer.succeed(CurrentConfig, config)),
  Layer.provideMerge(folder),
  Layer.provide(environment),
  Layer.provideMerge(CalendarServer.layer),
  Layer.provideMerge(NodeServices.layer)
)

/** What has become of a try. */
const Result = Schema.fromJsonString(CalendarRefresh.success)

const decode = Schema.decodeEffect(Result)

/** Reads a calendar as the worker does, and waits for the run that this has started. */
const read = Effect.fnUntraced(function*(name = "home") {
  const tried = yield* attempted(CalendarRefresh.name, { calendar: name })
  assert.strictEqual(tried._tag, "Succeeded", JSON.stringify(tried))
  const result = yield* decode(tried._tag === "Succeeded" ? tried.result : "")
  if (Option.isSome(result.run)) yield* (yield* RunControl).ended(result.run.value)
  return result
})

/** Why a try has failed, and whether another is worth it. */
const failure = Effect.fnUntraced(function*(name = "home", attempt = 1) {
  const tried = yield* attempted(CalendarRefresh.name, { calendar: name }, { attempt })
  if (tried._tag !== "Failed") return assert.fail(JSON.stringify(tried))
  return { message: tried.error.message, isRetryable: tried.isRetryable }
})

const given = Effect.gen(function*() {
  const { jobs } = yield* (yield* Jobs).list(anyJob, Option.none(), 100)
  return jobs.map(({ key, status }) => [Option.getOrNull(key), status] as const)
})

const titles = Effect.flatMap(Surreal, (surreal) =>
  surreal.query(
    Schema.Array(Schema.String),
    `SELECT VALUE summary FROM ${eventsTable} WHERE deleted_at = NONE ORDER BY summary`
  ))

const keyAt = (at: number) => `calendars_refresh:home:21600:${bucketOf(home, at)}`

describe("calendars that are read again by themselves", () => {
  it.effect("are given once an interval, also by a process that knows of no earlier one, and never when switched off", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const sweep = yield* makeSweep
      assert.strictEqual(yield* sweep(), 1)
      assert.strictEqual(yield* sweep(), 0)
      // after a restart the keys know
      assert.strictEqual(yield* (yield* makeSweep)(), 0)
      assert.deepStrictEqual(yield* given, [[keyAt(noon), "queued"]])
      yield* TestClock.setTime(noon + hours(6))
      assert.strictEqual(yield* sweep(), 1)
      assert.notStrictEqual(keyAt(noon), keyAt(noon + hours(6)))
    }).pipe(Effect.provide(world)))

  it.effect("are not due in an interval in which somebody has read them by hand", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      yield* read()
      const sweep = yield* makeSweep
      assert.strictEqual(yield* sweep(), 0)
      yield* TestClock.setTime(noon + hours(6))
      assert.strictEqual(yield* sweep(), 1)
    }).pipe(Effect.provide(world)))

  it.effect("are imported when they have changed, and nothing is read when they have not", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const server = yield* CalendarServer
      assert.isTrue(Option.isSome((yield* read()).run))
      assert.deepStrictEqual(yield* titles, ["Dentist"])
      yield* TestClock.setTime(noon + hours(6))
      assert.deepStrictEqual((yield* read()).run, Option.none())
      assert.deepStrictEqual(server.answered, [200, 304])
      const known = Option.getOrThrow(yield* (yield* ImportedCalendars).get("home"))
      assert.deepStrictEqual(known.read_at, Option.some(DateTime.makeUnsafe(noon + hours(6))))
      server.etag = "\"two\""
      server.body = calendar(event("b", "DTSTART:20261005T070000Z", "SUMMARY:Barber"))
      assert.isTrue(Option.isSome((yield* read()).run))
      assert.deepStrictEqual(yield* titles, ["Barber"])
    }).pipe(Effect.provide(world)))

  it.effect("follow a reload: another is read, one that is gone is left alone", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const sweep = yield* makeSweep
      const { set } = yield* LatestConfig
      yield* set({ ...config, calendars: [{ ...home, name: "other" }] })
      assert.strictEqual(yield* sweep(), 1)
      assert.include((yield* given)[0]?.[0] ?? "", "calendars_refresh:other:")
      assert.deepStrictEqual((yield* read("home")).skipped, Option.some("disabled"))
      assert.isTrue(Option.isSome((yield* read("other")).run))
    }).pipe(Effect.provide(world)))

  it.effect("keep their name when their address is renewed, but do not take the name of a file's", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const { fetch } = yield* CalendarAddresses
      const { address, answered } = yield* CalendarServer
      const secrets = yield* Secrets
      const given = Option.getOrThrow(yield* secrets.find("GLIDER_CALENDAR_OTHER_URL"))
      const { run } = yield* fetch(given, "home")
      yield* (yield* RunControl).ended(Option.getOrThrow(run))
      // what the other address said of itself is not asked of this one
      assert.isTrue(Option.isSome((yield* read()).run))
      assert.deepStrictEqual(answered, [200, 200])
      assert.deepStrictEqual((yield* read()).run, Option.none())
      assert.include(address, secretOfAddress)
      yield* (yield* Surreal).execute("UPDATE imported_calendar SET address = NONE RETURN NONE")
      assert.deepStrictEqual(yield* failure(), {
        message: "there is another calendar home, which is not read from this address",
        isRetryable: false
      })
    }).pipe(Effect.provide(world)))

  it.effect("are not read while an import of theirs is under way", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      yield* read()
      yield* (yield* Surreal).execute("UPDATE run SET state = 'stopped' RETURN NONE")
      const { answered } = yield* CalendarServer
      assert.deepStrictEqual((yield* read()).skipped, Option.some("being_read"))
      assert.lengthOf(answered, 1)
    }).pipe(Effect.provide(world)))

  it.effect("say what is wrong with an address, and which of it passes", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const server = yield* CalendarServer
      const { set } = yield* LatestConfig
      for (const [status, isRetryable] of [[503, true], [429, true], [404, false], [302, false]] as const) {
        server.status = status
        const told = yield* failure()
        assert.include(told.message, String(status))
        assert.strictEqual(told.isRetryable, isRetryable, told.message)
      }
      server.status = 200
      server.body = "<html>Please sign in</html>"
      assert.deepInclude(yield* failure(), { isRetryable: false })
      assert.deepStrictEqual(yield* (yield* Runs).counts(10).pipe(Effect.map(({ failed }) => failed)), 0)
      yield* set({ ...config, calendars: [{ ...home, name: "unsaid" }] })
      assert.deepStrictEqual(yield* failure("unsaid"), {
        message: "GLIDER_CALENDAR_UNSAID_URL is not set",
        isRetryable: false
      })
      const { network: _, ...closed } = config
      yield* set(closed)
      const refused = yield* failure()
      assert.isFalse(refused.isRetryable)
      assert.include(refused.message, "127.0.0.1")
      assert.notInclude(refused.message, secretOfAddress)
    }).pipe(Effect.provide(world)))

  it.effect("that stay away are one dead letter until it is dealt with, and their address stands nowhere", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const server = yield* CalendarServer
      const jobs = yield* Jobs
      server.status = 410
      yield* worker()
      const sweep = yield* makeSweep
      const first = yield* Effect.andThen(sweep(), newest)
      const failed = yield* untilStatus(first, "failed")
      assert.deepStrictEqual(
        Option.map(failed.error, ({ fix, message, tag }) => [tag, message, fix]),
        Option.some([
          "CalendarUnreachable",
          "its server answered 410",
          Option.some("see that the address is right: it may have been renewed")
        ])
      )
      // it has freed its key, and is not given again in the same interval
      assert.strictEqual(yield* sweep(), 0)
      yield* TestClock.setTime(noon + hours(6))
      const second = yield* Effect.andThen(sweep(), newest)
      const quiet = yield* untilStatus(second, "succeeded")
      assert.include(JSON.stringify(quiet.result), "its server answered 410")
      const again = yield* untilStatus(yield* jobs.retry(first), "failed")
      assert.deepStrictEqual(again.retryOf, Option.some(first))
      const held = yield* heldText
      assert.include(held, "calendars_refresh:home")
      assert.notInclude(held, secretOfAddress)
    }).pipe(Effect.provide(world)))
})

/** The job that was given last. */
const newest = Effect.gen(function*() {
  const { jobs } = yield* (yield* Jobs).list(anyJob, Option.none(), 100)
  return jobs[0]?.id ?? assert.fail("no job was given")
})
