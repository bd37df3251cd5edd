import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import * as Kept from "../../src/retention/Kept.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import * as StandingWork from "../../src/standing/StandingWork.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import * as CircuitBreakers from "../../src/store/CircuitBreakers.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { Quarantine } from "../../src/workflows/Quarantine.ts"
import { configOf } from "../api/Served.ts"
import { at, play, plays, signedIn, spotify, stored } from "../records/RecordsWorld.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const config = configOf({})
const timezone = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")

const inBerlin = Layer.succeed(CurrentConfig, { ...config, scheduler: { ...config.scheduler, timezone } })

const work = StandingWork.layer("unused").pipe(
  Layer.provide([Layer.mock(RunControl, { atWork: Option.none }), Layer.mock(Runs, {})]),
  Layer.provideMerge(Jobs.layer),
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer, BackgroundJobs.layer)),
  Layer.provideMerge(Quarantine.layer),
  Layer.provideMerge(
    Layer.mergeAll(Connections.layer, SourceRuns.layer, LatestConfig.layer, ProviderGates.layer, CircuitBreakers.layer)
  ),
  Layer.provideMerge(Layer.mergeAll(Kept.layer, Candidates.layer)),
  Layer.provideMerge(Layer.mergeAll(CandidateRows.layer, Commit.layer, ImportCoverage.layer)),
  Layer.provide([CrashPoint.layer, Secrets.layer, LatestConfig.layer]),
  Layer.provide([NodeServices.layer, inBerlin]),
  Layer.provideMerge(memoryStoreTest)
)

const named = (name: string) =>
  Effect.map(StandingJobs, (jobs) => {
    const found = jobs.all().find((job) => job.name === name)
    assert.isDefined(found)
    return found
  })

/** Gives it at an instant, as the clock does. */
const tick = Effect.fnUntraced(function*(name: string, text: string) {
  const job = yield* named(name)
  yield* job.tick(DateTime.setZone(at(text), timezone))
})

const given = Effect.gen(function*() {
  const { jobs } = yield* (yield* Jobs).list(anyJob, Option.none(), 100)
  return jobs.map(({ key, maxAttempts, payload, type }) => ({ key: Option.getOrNull(key), type, payload, maxAttempts }))
})

/** Does the job of a type once, as a worker does. */
const done = Effect.fnUntraced(function*(type: string, payload: Schema.Json) {
  const types = yield* JobTypes
  const ended = yield* Option.getOrThrow(types.find(type)).attempt(payload, {
    id: "j",
    type,
    attempt: 1,
    maxAttempts: 1,
    createdAt: yield* DateTime.now,
    isCancelled: Effect.succeed(false)
  })
  assert.strictEqual(ended._tag, "Succeeded", JSON.stringify(ended))
  return ended._tag === "Succeeded" ? ended.result : ""
})

describe("standing jobs", () => {
  it.effect("are these, with these clocks", () =>
    Effect.gen(function*() {
      const jobs = yield* StandingJobs
      assert.sameDeepMembers(
        jobs.all().map(({ cron, isEnabled, name, type }) => [name, type, cron, isEnabled]),
        [
          ["candidates_process", "candidates.process", "* * * * *", true],
          ["calendars_refresh", "calendars.refresh", "* * * * *", true],
          ["reports_weekly", "reports.weekly", "0 9 * * MON", true],
          ["reports_daily", "reports.daily", "0 9 * * *", true],
          ["scheduled_sync_sweep", "connector.sync", "* * * * *", true],
          ["connectors_health_monitor", "connectors.health", "*/5 * * * *", true],
          ["memory_decay", "memory.decay", "0 2 * * *", true],
          ["evidence_retention", "evidence.retention", "0 3 * * *", true],
          ["indexes_derived_build", "indexes.derived_build", "30 4 * * SUN", false]
        ]
      )
    }).pipe(Effect.provide(work)))

  it.effect("a tick that comes twice is one job, whose key names the day or the week by the owner's clock", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2027-01-12T09:00:00Z").epochMilliseconds)
      // eight in the morning in UTC is nine in Berlin, and half past eleven at night is the next day there
      for (const text of ["2027-01-04T08:00:00Z", "2027-01-04T08:00:00Z", "2027-01-11T08:00:00Z"]) {
        yield* tick("reports_weekly", text)
      }
      yield* tick("reports_daily", "2027-01-01T08:00:00Z")
      yield* tick("memory_decay", "2027-01-01T23:30:00Z")
      yield* tick("evidence_retention", "2027-01-01T02:00:00Z")
      yield* tick("indexes_derived_build", "2027-01-03T03:30:00Z")
      yield* tick("candidates_process", "2027-01-03T03:30:00Z")
      assert.sameDeepMembers([...yield* given], [
        { key: "weekly_reports:2026-W53", type: "reports.weekly", payload: { day: "2026-12-28" }, maxAttempts: 1 },
        { key: "weekly_reports:2027-W01", type: "reports.weekly", payload: { day: "2027-01-04" }, maxAttempts: 1 },
        { key: "daily_reports:2026-12-31", type: "reports.daily", payload: { day: "2026-12-31" }, maxAttempts: 1 },
        { key: "memory_decay:2027-01-02", type: "memory.decay", payload: {}, maxAttempts: 5 },
        {
          key: "evidence_retention:2027-01-01",
          type: "evidence.retention",
          payload: { limit: 500, dryRun: false },
          maxAttempts: 5
        },
        { key: "indexes_derived_build:2027-01-03", type: "indexes.derived_build", payload: {}, maxAttempts: 5 }
      ])
    }).pipe(Effect.provide(work)))

  it.effect("a minute with something to compare gives one job, and one without gives none", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      yield* tick("candidates_process", "2027-01-03T03:29:00Z")
      assert.lengthOf(yield* given, 0)
      yield* surreal.execute("INSERT INTO spotify_streaming_history $row RETURN NONE", {
        row: {
          id: recordId("spotify_streaming_history", [spotify, 1, "spotify:track:a", 60_000]),
          connection: spotify,
          _raw: {},
          _synced_at: at("2027-01-03T03:00:00Z"),
          _hash: "",
          kind: "track",
          track_uri: "spotify:track:a",
          ended_at: at("2027-01-03T03:00:00Z"),
          ms_played: 60_000,
          private: false
        }
      })
      yield* tick("candidates_process", "2027-01-03T03:30:00Z")
      yield* tick("candidates_process", "2027-01-03T03:30:00Z")
      assert.deepStrictEqual((yield* given).map(({ key, maxAttempts }) => [key, maxAttempts]), [
        [`candidates_process:${at("2027-01-03T03:30:00Z").epochMilliseconds / 60_000}`, 3]
      ])
    }).pipe(Effect.provide(work)))

  it.effect("each does its work, and the same once more", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2027-01-12T09:00:00Z").epochMilliseconds)
      yield* signedIn
      yield* stored(plays, play("song", "2027-01-11T18:00:00Z"))
      const twice = Effect.fnUntraced(function*(type: string, payload: Schema.Json) {
        yield* done(type, payload)
        return yield* done(type, payload)
      })
      assert.strictEqual(yield* twice("reports.daily", { day: "2027-01-11" }), "{\"key\":\"daily_reports:2027-01-11\"}")
      assert.strictEqual(yield* twice("reports.weekly", { day: "2027-01-04" }), "{\"key\":\"weekly_reports:2027-W01\"}")
      assert.strictEqual(yield* twice("memory.decay", {}), "{\"known\":2,\"met\":0,\"decayed\":0,\"archived\":0}")
      assert.include(yield* twice("evidence.retention", { limit: 500, dryRun: false }), "\"kind\":\"run\"")
      assert.include(yield* twice("candidates.process", { limit: 200 }), "\"hasMore\":false")
      assert.strictEqual(yield* twice("indexes.derived_build", {}), "{\"removed\":0}")
      const surreal = yield* Surreal
      const made = yield* surreal.query(Schema.Array(Schema.Natural), "SELECT VALUE times_made FROM report")
      assert.deepStrictEqual(made, [2, 2])
    }).pipe(Effect.provide(work)))
})
