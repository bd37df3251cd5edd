import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import { Connection, ConnectionName } from "../../src/domain/Connection.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { dueOf, makeSweep } from "../../src/standing/SyncSweep.ts"
import { SourceRuns, unknownHealth } from "../../src/store/SourceRuns.ts"
import { attempted } from "./Support.ts"
import { config, connected, ended, idOf, minute, noon, settings, world } from "./SweepWorld.ts"

const jobs = Effect.gen(function*() {
  const page = yield* (yield* Jobs).list(anyJob, Option.none(), 500)
  return page.jobs.map(({ key, payload, priority, resource, runAt }) => ({
    key: Option.getOrThrow(key),
    kind: typeof payload === "object" && payload !== null && "kind" in payload ? payload["kind"] : undefined,
    priority,
    resource: Option.getOrThrow(resource),
    at: runAt.epochMilliseconds
  })).toSorted((a, b) => a.key < b.key ? -1 : 1)
})

describe("the sweep", () => {
  it.effect("gives each further account one sync an interval, and the first of a provider none", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      yield* connected([undefined, "hourly", "live", "off", "unsaid"])
      yield* connected(["signed_out"], "needs_auth")
      for (const name of ["hourly", "live", "unsaid"]) {
        yield* ended(name, { last_success_at: noon - minute, failures: [] })
      }
      const sweep = yield* makeSweep
      assert.strictEqual(yield* sweep(), 3)
      const given = yield* jobs
      assert.deepStrictEqual(given.map(({ key, kind, priority, resource }) => ({ key, kind, priority, resource })), [
        {
          key: `continuous_ingest:spotify:live:${noon / minute}`,
          kind: "continuous",
          priority: 0,
          resource: "connection:spotify:live"
        },
        {
          key: `scheduled_sync:spotify:hourly:3600:${noon / 3_600_000}`,
          kind: "scheduled",
          priority: 0,
          resource: "connection:spotify:hourly"
        },
        {
          key: `scheduled_sync:spotify:unsaid:300:${noon / 300_000}`,
          kind: "scheduled",
          priority: 0,
          resource: "connection:spotify:unsaid"
        }
      ])
      const hourly = given[1]?.at ?? 0
      assert.isTrue(hourly > noon && hourly < noon + 3_600_000)
      assert.strictEqual(yield* sweep(), 0)
      // another process knows of no earlier sweep: the keys do
      assert.strictEqual(yield* (yield* makeSweep)(), 0)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* sweep(), 1)
    }).pipe(Effect.provide(world)))

  it("hurries with what is late, leaves alone what is quarantined, and knows two intervals apart", () => {
    const connection = (name: string) =>
      new Connection({
        id: idOf(name),
        provider: "spotify",
        userId: name,
        name: Option.some(ConnectionName.make(name)),
        state: "connected",
        scopes: [],
        connectedAt: DateTime.makeUnsafe(0),
        expiresAt: Option.none(),
        refreshedAt: Option.none(),
        problem: Option.none()
      })
    const hourly = connection("hourly")
    const health = unknownHealth(hourly.id)
    const late = Option.getOrThrow(
      dueOf(hourly, { ...health, lastSuccessAt: Option.some(noon - 121 * minute) }, config, noon)
    )
    assert.deepStrictEqual([late.kind, late.priority], ["catch_up", 1])
    assert.isTrue(late.runAt >= noon && late.runAt < noon + 30_000)
    assert.deepStrictEqual(
      dueOf(hourly, { ...health, quarantinedUntil: Option.some(noon + 1) }, config, noon),
      Option.none()
    )
    const other = { ...config, connections: [settings("hourly", { interval: Duration.minutes(30) })] }
    assert.notStrictEqual(Option.getOrThrow(dueOf(hourly, health, other, noon)).key, late.key)
  })
})

describe("the health monitor", () => {
  const check = Effect.map(
    attempted("connectors.health", {}),
    (tried) => tried._tag === "Succeeded" ? JSON.parse(tried.result) : tried
  )

  it.effect("syncs what is stale once in half an hour, and puts away what fails all the time", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      yield* connected(["well", "stale", "broken", "off"])
      yield* ended("well", { last_success_at: noon - minute, failures: [] })
      yield* ended("stale", { last_success_at: noon - 70 * minute, failures: [] })
      yield* ended("broken", {
        last_success_at: noon - minute * 100,
        failures: [5, 4, 3, 2, 1].map((n) => noon - n * minute)
      })
      assert.deepStrictEqual(yield* check, { checked: 4, late: 2, recovered: 1, quarantined: 1 })
      const [recovery, ...others] = yield* jobs
      assert.lengthOf(others, 0)
      assert.deepStrictEqual([recovery?.kind, recovery?.priority, recovery?.resource], [
        "recovery",
        1,
        "connection:spotify:stale"
      ])
      yield* TestClock.adjust("29 minutes")
      assert.strictEqual((yield* check).recovered, 1) // the well one has become stale; the other has had its turn
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* check).recovered, 1)
      const runs = yield* SourceRuns
      assert.deepStrictEqual(
        (yield* runs.healthOf(idOf("broken"))).quarantinedUntil,
        Option.some(noon + 360 * minute)
      )
      yield* runs.release(idOf("broken"))
      assert.deepStrictEqual((yield* runs.healthOf(idOf("broken"))).failures, [])
      assert.strictEqual((yield* check).recovered, 1)
    }).pipe(Effect.provide(world)))

  it.effect("forgets syncs of more than ninety days ago", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const row = (days: number) => ({
        id: recordId("source_sync_run", [`r${days}`]),
        connection: idOf("well"),
        run_kind: "scheduled",
        status: "completed",
        checkpoint_before: "{\"streams\":{},\"watermark\":null}",
        records: 0,
        bytes: 0,
        started_at: noon - days * 1440 * minute,
        finished_at: noon - days * 1440 * minute,
        recency: -noon + days * 1440 * minute
      })
      yield* (yield* Surreal).execute("INSERT INTO source_sync_run $rows", { rows: [row(91), row(89), row(1)] })
      yield* check
      assert.deepStrictEqual((yield* (yield* SourceRuns).list(idOf("well"), 10)).map(({ run }) => run), ["r1", "r89"])
    }).pipe(Effect.provide(world)))
})
