/** Two hundred days of five accounts and seven standing jobs, with an outage a week, in minutes. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { AlertWatch } from "../../src/alerts/AlertWatch.ts"
import { Rules } from "../../src/alerts/Rules.ts"
import { connectionId, ConnectionName } from "../../src/domain/Connection.ts"
import { defaultDst } from "../../src/domain/Dst.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { type Ended, JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import { lastTick } from "../../src/jobs/StandingClock.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Alerts } from "../../src/store/Alerts.ts"
import { ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import type { Settlement } from "../../src/store/JobSettlements.ts"
import { SyncGaps } from "../../src/store/SyncGaps.ts"
import * as Timing from "../../src/timing/Timing.ts"
import { ConnectorSync } from "../../src/workflows/ConnectorSync.ts"
import { further } from "../connections/Support.ts"
import { killsOf } from "../support/Chaos.ts"
import { furtherAccount, pass, world } from "../support/World.ts"

const hour = 3_600_000
const day = 24 * hour
const start = "2026-01-05T00:00:00Z"

const accounts = [
  ["desk", "google", 6],
  ["home", "google", 6],
  ["ears", "spotify", 2],
  ["ring", "oura", 12],
  ["band", "oura", 12]
] as const satisfies ReadonlyArray<readonly [string, Provider, number]>

const userOf = (name: string, provider: Provider): string =>
  provider === "google" ? `${name}@example.com` : `${name}-person`

const idOf = (name: string, provider: Provider) => connectionId(provider, userOf(name, provider))

const watching = AlertWatch.layer.pipe(
  Layer.provide(Rules.layer),
  Layer.provideMerge(Alerts.layer),
  Layer.provide([SyncGaps.layer, ImportedCalendars.layer])
)

const days200 = watching.pipe(
  Layer.provideMerge(world({
    start,
    connections: accounts.map(([name, provider, hours]) => ({
      ...furtherAccount(name, provider),
      interval: Duration.hours(hours)
    }))
  }))
)

/** The standing jobs that are given here, each at the last of its ticks in an hour. */
const standing = new Set([
  "scheduled_sync_sweep",
  "connectors_health_monitor",
  "candidates_process",
  "reports_daily",
  "reports_weekly",
  "memory_decay",
  "evidence_retention"
])

const tick = Effect.fnUntraced(function*(from: number, to: number) {
  const jobs = yield* StandingJobs
  for (const job of jobs.all()) {
    if (!standing.has(job.name)) continue
    const timing = Timing.parse(job.cron, "UTC", defaultDst)
    assert.isTrue(timing._tag === "Success", job.name)
    const due = timing._tag === "Success" ? lastTick(timing.success, from, to) : Option.none()
    if (Option.isSome(due)) {
      yield* job.tick(DateTime.setZone(DateTime.makeUnsafe(due.value), DateTime.zoneMakeOffset(0)))
    }
  }
})

const settled = (ended: Ended, attempt: number, maxAttempts: number, now: number): Settlement =>
  ended._tag === "Succeeded"
    ? ended
    : ended.isRetryable && attempt < maxAttempts
    ? { _tag: "Again", error: ended.error, runAt: now + 10_000 }
    : { _tag: "Failed", error: ended.error }

/** Does what is due, as a worker does, but for the renewal of its lease, for which the fast clock has no patience. */
const drained = Effect.gen(function*() {
  const leases = yield* JobLeases
  const types = yield* JobTypes
  const names = types.all().map(({ name }) => name)
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    yield* leases.promote(now)
    const [job] = yield* leases.take({ worker: "w", types: names, limit: 1, now, until: now + 30 * day })
    if (job === undefined) return
    const { attempt, maxAttempts, type } = job
    const ended = yield* Option.getOrThrow(types.find(type)).attempt(job.payload, {
      id: job.job,
      type,
      attempt,
      maxAttempts,
      createdAt: DateTime.makeUnsafe(job.createdAt),
      isCancelled: Effect.succeed(false)
    })
    const end = yield* Clock.currentTimeMillis
    assert.isTrue(yield* leases.settle(job, settled(ended, attempt, maxAttempts, end), end))
  }
})

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const heap = Effect.sync(() => {
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
})

const Counted = Schema.Array(Schema.Struct({ name: Schema.String, count: Schema.Finite }))

const counted = (sql: string) =>
  Effect.flatMap(
    Surreal,
    (surreal) =>
      Effect.map(surreal.query(Counted, sql), (rows) => new Map(rows.map(({ count, name }) => [name, count])))
  )

const Tellings = Schema.Array(Schema.Struct({
  key: Schema.String,
  first_seen_at: Schema.Finite,
  resolved_at: Schema.OptionFromOptionalNullOr(Schema.Finite)
}))

describe("two hundred days", () => {
  it.effect("add up", () =>
    Effect.gen(function*() {
      // a share of them is drawn sparingly: each has its price
      const drawn = yield* killsOf(200)
      const days = drawn < 200 ? Math.max(5, Math.floor(drawn / 2)) : drawn
      const sandbox = yield* Sandbox
      const watch = yield* AlertWatch
      const surreal = yield* Surreal
      const signIns = Effect.forEach(
        accounts,
        ([name, provider]) => further(provider, userOf(name, provider), ConnectionName.make(name)),
        { discard: true }
      )
      yield* signIns
      const begun = Date.parse(start)
      let before = begun
      let early = 0
      let outages = 0
      let isRenewed = false
      while ((yield* Clock.currentTimeMillis) < begun + days * day) {
        const now = yield* Clock.currentTimeMillis
        const week = Math.floor((now - begun) / (7 * day))
        const isOut = (now - begun) % (7 * day) >= 3 * day && (now - begun) % (7 * day) < 3 * day + 9 * hour
        yield* sandbox.faults.clear
        if (isOut) {
          outages = Math.max(outages, week + 1)
          const provider = (["spotify", "google", "oura"] as const)[week % 3] ?? "spotify"
          yield* sandbox.faults.script({ provider, fault: { _tag: "Status", status: 503 }, times: "always" })
        }
        // sign-ins end after half a year: it has been told a month before, and the person signs in anew
        if (!isRenewed && now >= begun + 160 * day) {
          yield* sandbox.faults.clear
          yield* signIns
          isRenewed = true
        }
        yield* tick(before, now)
        before = now
        yield* drained
        yield* watch.look
        yield* pass("1 hour")
        if (early === 0 && now > begun + days * day / 4) early = yield* heap
      }
      yield* sandbox.faults.clear
      yield* pass("6 hours")
      const last = yield* Clock.currentTimeMillis
      yield* tick(before, last)
      // once more by hand, so that accounts of the same records have read them at the same time
      const jobsOf = yield* Jobs
      for (const [name, provider] of accounts) {
        yield* jobsOf.enqueue(ConnectorSync, { connection: idOf(name, provider), kind: "manual", due: last })
      }
      yield* drained
      yield* watch.look

      // every job has ended, once, and each sync that was made is in the ledger
      const end = yield* Clock.currentTimeMillis
      const jobs = yield* counted(
        `SELECT status AS name, count() AS count FROM background_job WHERE run_at <= ${end} GROUP BY status`
      )
      assert.sameMembers([...jobs.keys()].filter((status) => status !== "failed"), ["succeeded"])
      // runs are kept for thirty days, and the ledger for ninety
      const recent = end - 25 * day
      const [runs = 0] = yield* surreal.query(
        Schema.Array(Schema.Finite),
        "SELECT VALUE count FROM " +
          `(SELECT count() FROM run WHERE workflow = 'connector_sync' AND finished >= ${recent} GROUP ALL)`
      )
      const ledger = yield* counted(
        `SELECT connection AS name, count() AS count FROM source_sync_run WHERE finished_at >= ${recent} GROUP BY connection`
      )
      assert.lengthOf([...ledger.keys()], accounts.length)
      assert.strictEqual([...ledger.values()].reduce((sum, count) => sum + count, 0), runs)
      // a success in every interval that no outage held up, as far as the ledger goes
      const kept = Math.min(days, 90)
      const lately = Math.min(outages, Math.ceil(kept / 7) + 1)
      const successes = yield* counted(
        "SELECT connection AS name, count() AS count FROM source_sync_run WHERE status = 'completed' GROUP BY connection"
      )
      for (const [name, provider, hours] of accounts) {
        const id = idOf(name, provider)
        const count = successes.get(id) ?? 0
        assert.isAtLeast(count, kept * 24 / hours - lately * (Math.ceil(15 / hours) + 1), id)
        assert.isAtMost(count, kept * 24 / hours * 1.2 + lately * 4, id)
      }
      // two accounts of the same records have the same
      for (const table of ["google_calendar_events", "oura_sleep", "oura_heartrate"]) {
        const rows = yield* counted(
          `SELECT record::id(id)[0] AS name, count() AS count FROM ${table} WHERE deleted_at = NONE GROUP BY name`
        )
        assert.lengthOf([...rows.keys()], 2, table)
        assert.lengthOf([...new Set(rows.values())], 1, table)
      }
      // reports: of each day and each week one
      const reports = yield* counted("SELECT kind AS name, count() AS count FROM report GROUP BY kind")
      assert.strictEqual(reports.get("daily"), days)
      assert.strictEqual(reports.get("weekly"), Math.ceil(days / 7))
      // one alert for each cause, and none that outlives its cause
      const alerts = yield* surreal.query(
        Tellings,
        "SELECT key, first_seen_at, resolved_at FROM alert ORDER BY first_seen_at"
      )
      for (const [index, alert] of alerts.entries()) {
        const next = alerts.slice(index + 1).find(({ key }) => key === alert.key)
        if (next !== undefined) {
          assert.isTrue(Option.exists(alert.resolved_at, (at) => at <= next.first_seen_at), alert.key)
        }
      }
      assert.lengthOf(alerts.filter(({ key }) => key.startsWith("breaker_open/")), outages)
      const lasting = alerts.filter(({ resolved_at }) => Option.isNone(resolved_at)).map(({ key }) => key.split("/")[0])
      assert.sameMembers([...new Set(lasting)].filter((rule) => rule !== "dead_letter" && rule !== "backup"), [])
      assert.isBelow((yield* heap) - early, 48, "MiB that were kept")
    }).pipe(Effect.provide(days200)), 1_800_000)
})
