import { NodeHttpServer } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Metric, Option, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"
import type { Scope } from "effect/Scope"
import { writeFileSync } from "node:fs"
import { ApiToken } from "../../src/api/Caller.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { About } from "../../src/api/Overview.ts"
import { routes } from "../../src/api/Routes.ts"
import { ScrapePatience } from "../../src/api/Scrape.ts"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import * as ScheduleMetrics from "../../src/schedules/ScheduleMetrics.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { code, metricRows } from "../docs/Repository.ts"
import { labelsOf, read } from "../support/Scraped.ts"
import { signInEverywhere, sync, tasks, world } from "../support/World.ts"

const product = Layer.mergeAll(
  ConfigInForce.layer,
  ApiToken.layer,
  ApiTokens.layer,
  Sessions.layer,
  SignInLinks.layer,
  Scheduler.layerIdle,
  Layer.succeed(About, { version: "1.2.3", supervises: false })
).pipe(
  Layer.provideMerge(Layer.succeed(ScrapePatience, Duration.hours(2))), // the fast clock lets minutes pass at once
  Layer.provideMerge(world({ start: "2026-09-15T12:00:00Z", seed: "metrics" })),
  Layer.provideMerge(NodeHttpServer.layerHttpServices),
  Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto]),
  // what other tests of this process have counted is not counted here
  Layer.provideMerge(Layer.succeed(Metric.MetricRegistry, new Map()))
)

/** Asks the API within this process, as a command does. */
const ask = (...paths: ReadonlyArray<string>) =>
  Effect.scoped(Effect.gen(function*() {
    const services = yield* Effect.context<Layer.Success<typeof product>>()
    const app = yield* HttpRouter.toHttpEffect(routes)
    const handle = HttpEffect.toWebHandlerWith<never, Scope | HttpServerRequest.HttpServerRequest>(
      yield* Effect.context<never>()
    )(Effect.provideContext(app, services))
    const authorization = `Bearer ${Redacted.value(Context.get(services, ApiToken))}`
    return yield* Effect.forEach(
      paths,
      Effect.fnUntraced(function*(path) {
        const asked = new Request(`http://glider.invalid${path}`, { headers: { authorization } })
        const answer = yield* Effect.promise(() => handle(asked))
        const text = yield* Effect.promise(() => answer.text())
        return { status: answer.status, type: answer.headers.get("content-type"), text }
      })
    )
  }))

const scrape = Effect.flatMap(ask("/metrics"), ([answer]) => {
  if (answer === undefined) return Effect.die("no answer")
  assert.strictEqual(answer.status, 200)
  assert.strictEqual(answer.type, "text/plain; version=0.0.4; charset=utf-8")
  return Effect.succeed({ text: answer.text, ...read(answer.text) })
})

/** Syncs that do well, that fail, that meet a 429; a run that is cancelled, and one that is dead. */
const everything = Effect.gen(function*() {
  const { faults, tokens } = yield* Sandbox
  const control = yield* RunControl
  yield* signInEverywhere
  yield* faults.script({
    provider: "spotify",
    fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 2 } }
  })
  for (const task of Object.values(tasks)) assert.strictEqual((yield* sync(task)).status, "completed")
  yield* faults.script({ provider: "spotify", fault: { _tag: "Status", status: 403 } })
  assert.strictEqual((yield* sync(tasks.spotify)).status, "failed")
  const waiting = yield* control.start("diagnostics", { key: "w", awaitSignal: true }, Option.none())
  yield* control.cancel(waiting, "safe")
  yield* control.ended(waiting)
  yield* control.ended(yield* control.start("diagnostics", { key: "f", fail: true }, Option.none()))
  yield* tokens.revokeTokens("oura")
  assert.strictEqual((yield* sync(tasks.oura)).status, "needs_auth")
  yield* ScheduleMetrics.countOperation("glider", "create", "success")
  yield* ScheduleMetrics.setSchedules("glider", { active: 5, paused: 0, override: 0 })
  yield* ScheduleMetrics.reconciling("glider")(Effect.void)
  yield* ask(
    "/livez",
    "/readyz",
    "/api/v0/status",
    "/api/v0/runs",
    "/api/v0/runs/nobody",
    "/api/v0/doctor",
    "/api/v0/runs/nobody/history",
    "/api/v0/runs/nobody/watch",
    "/api/v0/workflows",
    "/api/v0/dead-letters",
    "/api/v0/dead-letters/none",
    "/api/v0/connections",
    "/api/v0/schema",
    "/health",
    "/healthz",
    "/nowhere/7"
  )
})

const table = metricRows.map(([name = "", type = "", labels = ""]) => ({
  name: code(name).join(),
  type,
  labels: code(labels).toSorted()
}))

/** What labels may say, whatever has happened: closed words, names of ours, templates of routes. */
const allowed: { readonly [label: string]: RegExp } = {
  activity:
    /^(none|other|sign_in|checkpoint|diagnostics|google_calendar_events|spotify_listening_history|oura_[a-z0-9_]+)$/,
  code_class: /^([1-5]xx|none)$/,
  connector: /^(google|spotify|oura|ai)$/,
  endpoint: /^[a-z0-9_ -]{1,40}$/,
  error_type: /^([A-Z][A-Za-z]+|none|other)$/,
  kind: /^(run|tick|delivery|message|raw|audit|record|job|track|episode|local)$/,
  le: /^([0-9.]+|\+Inf)$/,
  match_method: /^none$/,
  method: /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|other)$/,
  operation: /^(create|update|delete)$/,
  outcome: /^[a-z_]+$/,
  project: /^glider$/,
  rule: /^[a-z_]+$/,
  sink: /^[a-z0-9_]{1,32}$/,
  route: /^(other|(\/[a-z0-9-]+|\/:[a-z]+|\/\*)+)$/,
  state: /^(running|waiting|parked|stopped)$/,
  status: /^(completed|partial|failed|cancelled|interrupted|needs_auth|success|failure|active|paused|override)$/,
  stream: /^[a-z0-9_]+$/,
  version: /^1\.2\.3$/,
  workflow: /^(google_calendar|spotify|oura(_heartrate|_full)?|diagnostics)$/,
  workflow_type: /^(google_calendar|spotify|oura(_heartrate|_full)?|diagnostics)$/
}

layer(product, { excludeTestServices: true })("GET /metrics", (it) => {
  it.effect("names everything before anything has happened", () =>
    Effect.gen(function*() {
      const { families } = yield* scrape
      assert.deepStrictEqual([...families.keys()].toSorted(), table.map(({ name }) => name).toSorted())
    }))

  it.effect("tells of a success, a failure, a 429, a cancellation and a dead letter under all their names", () =>
    Effect.gen(function*() {
      yield* everything
      const { families, value } = yield* scrape
      const told = [...families].map(([name, { type }]) => ({ name, type }))
      assert.deepStrictEqual(
        told.toSorted((one, other) => one.name < other.name ? -1 : 1),
        table.map(({ name, type }) => ({ name, type })).toSorted((one, other) => one.name < other.name ? -1 : 1)
      )
      for (const { labels, name } of table) {
        for (const series of families.get(name)?.series ?? []) {
          assert.deepStrictEqual(labelsOf(series).filter((label) => label !== "le").toSorted(), labels, name)
        }
      }
      const expected = {
        "glider_runs_total{workflow=\"spotify\",status=\"completed\"}": 1,
        "glider_runs_total{workflow=\"spotify\",status=\"failed\"}": 1,
        "glider_runs_total{workflow=\"oura\",status=\"needs_auth\"}": 1,
        "temporal_sync_success_total": 3,
        "temporal_sync_failure_total": 2,
        "temporal_sync_success_rate": 0.6,
        "temporal_sync_duration_seconds_count": 5,
        "temporal_failed_workflow_total": 3,
        "temporal_workflow_total{workflow_type=\"diagnostics\"}": 2,
        "temporal_cancellation_total": 1,
        "temporal_dlq_workflow_total": 1,
        "temporal_workflow_failure_total{error_type=\"DiagnosticsFailed\"}": 1,
        "temporal_workflow_success_total{match_method=\"none\"}": 3,
        "glider_dlq_entries{kind=\"run\"}": 1,
        "glider_provider_requests_total{connector=\"spotify\",code_class=\"4xx\"}": 2,
        "temporal_rate_limit_hits{activity=\"spotify_listening_history\"}": 1,
        "spotify_rate_limit_hits_total{endpoint=\"recently-played\"}": 1,
        "temporal_activity_retry_count{activity=\"spotify_listening_history\"}": 1,
        "temporal_retry_count": 1,
        "drovi_sync_jobs_total{connector=\"google\",status=\"completed\"}": 1,
        "drovi_records_synced_total{connector=\"spotify\"}": 50,
        "glider_sign_in_needed{connector=\"oura\"}": 1,
        "glider_sign_in_needed{connector=\"google\"}": 0,
        "glider_sync_interval_seconds{connector=\"spotify\"}": 1800,
        "glider_store_up": 1,
        "glider_build_info{version=\"1.2.3\"}": 1,
        "compozy_scheduled_workflows_total{project=\"glider\",status=\"active\"}": 5,
        "circuit_breaker_state{connector=\"spotify\"}": 0,
        "glider_http_requests_total{route=\"/api/v0/runs/:id\",method=\"GET\",code_class=\"4xx\"}": 1
      }
      assert.deepStrictEqual(
        Object.fromEntries(Object.keys(expected).map((series) => [series, value(series)])),
        expected
      )
      assert.isAtLeast(value("drovi_connector_last_success_timestamp_seconds{connector=\"spotify\"}") ?? 0, 1.7e9)
      assert.isAtLeast(value("glider_sync_last_error_timestamp_seconds{connector=\"oura\"}") ?? 0, 1.7e9)
      assert.isAtLeast(value("glider_token_expiry_timestamp_seconds{connector=\"google\"}") ?? 0, 1.7e9)
    }))

  it.effect("has few series, and labels that say nothing of a person, a record or a track", () =>
    Effect.gen(function*() {
      const { series, text } = yield* scrape
      const file = process.env["GLIDER_SCRAPE"] // for .ci/promtool
      if (file !== undefined) writeFileSync(file, text)
      assert.isAtMost(series.length, 500)
      for (const one of series) {
        for (const label of labelsOf(one)) {
          const said = new RegExp(`${label}="([^"]*)"`).exec(one)?.[1] ?? ""
          assert.match(said, allowed[label] ?? /$^/, one)
        }
      }
    }))

  it.effect("knows after a restart when each connector last did well", () =>
    Effect.gen(function*() {
      const before = yield* scrape
      const after = yield* Effect.provideService(scrape, Metric.MetricRegistry, new Map())
      const lastRuns = (of: typeof before) =>
        ["success", "error"].flatMap((how) =>
          ["google", "spotify", "oura"].map((connector) =>
            of.value(`glider_sync_last_${how}_timestamp_seconds{connector="${connector}"}`)
          )
        )
      assert.deepStrictEqual(lastRuns(after), lastRuns(before))
      assert.strictEqual(after.value("temporal_sync_success_total"), 0)
      assert.isTrue(Number.isNaN(after.value("temporal_sync_success_rate")))
    }))
})
