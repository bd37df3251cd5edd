import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Metric, Option } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { AccountStatus } from "../../src/accounts/AccountStatus.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { About } from "../../src/api/Overview.ts"
import { Scrape } from "../../src/api/Scrape.ts"
import { LastBackup } from "../../src/backup/Backups.ts"
import { StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { read } from "../support/Scraped.ts"
import { configOf, connection, runOf } from "./Served.ts"

const away = new SurrealError({ operation: "query", reason: new StoreUnavailable({ message: "gone" }) })

let isAway = false

/** As a store that comes and goes. */
const ifThere = <A>(value: A) => Effect.suspend(() => isAway ? Effect.fail(away) : Effect.succeed(value))

const config = {
  ...configOf({ host: "127.0.0.1", port: 1 }),
  backup: { enabled: true, cron: "0 */6 * * *", keep: 7, folder: Option.none(), beforeMigration: true }
}

const backup = { path: "/b/one.jsonl.gz", at: DateTime.makeUnsafe("2026-11-25T03:30:00Z"), bytes: 1, scheduled: true }

const scraped = Scrape.layer.pipe(Layer.provide(Layer.mergeAll(
  Layer.succeed(LastBackup, Option.some(Effect.succeed(Option.some(backup)))),
  Layer.succeed(About, { version: "1.2.3", supervises: true }),
  Layer.mock(ConfigInForce, { current: Effect.succeed(config) }),
  Layer.mock(BackgroundJobs, {
    depths: () => ifThere([{ type: "reports.daily", status: "queued", count: 2, oldest: 0 }])
  }),
  Layer.mock(DeadLetters, { count: ifThere({ runs: 2, records: 3, deliveries: 0, jobs: 0 }) }),
  Layer.mock(Runs, {
    unfinished: () => ifThere({ running: 1, waiting: 4, parked: 0, stopped: 0 }),
    lastEnds: (workflow) => ifThere(workflow === "spotify" ? [runOf("a", "completed")] : [])
  }),
  Layer.mock(Accounts, {
    status: ifThere([
      new AccountStatus({
        provider: "spotify",
        connection: Option.some(connection),
        signInEndsAt: connection.expiresAt,
        missingScopes: [],
        fix: Option.none()
      })
    ])
  })
)))

const scrape = Effect.flatMap(Scrape, ({ text }) => Effect.map(text, read))

layer(Layer.provideMerge(scraped, Layer.succeed(Metric.MetricRegistry, new Map())))("api/Scrape", (it) => {
  it.effect("leaves out what the store has while it is away, and is well otherwise", () =>
    Effect.gen(function*() {
      isAway = true
      const { families, value } = yield* scrape
      assert.strictEqual(value("glider_store_up"), 0)
      assert.strictEqual(value("glider_build_info{version=\"1.2.3\"}"), 1)
      assert.strictEqual(value("glider_last_backup_timestamp_seconds"), backup.at.epochMilliseconds / 1000)
      assert.strictEqual(value("glider_backup_interval_seconds"), 6 * 3600)
      assert.deepStrictEqual(families.get("glider_dlq_entries"), { type: "gauge", series: [] })
      assert.deepStrictEqual(families.get("glider_sync_last_success_timestamp_seconds")?.series, [])
    }))

  it.effect("tells all of it once the store is back, and forgets it again when it goes", () =>
    Effect.gen(function*() {
      isAway = false
      const back = yield* scrape
      assert.strictEqual(back.value("glider_store_up"), 1)
      assert.strictEqual(back.value("glider_dlq_entries{kind=\"record\"}"), 3)
      assert.strictEqual(back.value("glider_runs_unfinished{state=\"waiting\"}"), 4)
      assert.strictEqual(back.value("glider_sign_in_needed{connector=\"spotify\"}"), 0)
      assert.isAbove(back.value("glider_sync_last_success_timestamp_seconds{connector=\"spotify\"}") ?? 0, 1.7e9)
      isAway = true
      const gone = yield* scrape
      assert.strictEqual(gone.value("glider_store_up"), 0)
      assert.deepStrictEqual(gone.families.get("glider_dlq_entries")?.series, [])
    }))
})
