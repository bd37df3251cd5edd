import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { parse, stringify } from "smol-toml"
import { alertDefaults } from "../../src/config/AlertKeys.ts"
import { showJson, showToml } from "../../src/config/Show.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import { loadText } from "./Surroundings.ts"

const Seconds = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 31_622_400 }))
const Days = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 36_525 }))
const Name = Schema.NonEmptyString.check(Schema.isMaxLength(20))

const task = {
  interval_seconds: Seconds,
  timeout_seconds: Schema.optionalKey(Seconds),
  enabled: Schema.optionalKey(Schema.Boolean)
}
const oura = {
  ...task,
  lookback_days: Schema.optionalKey(Days),
  data_types: Schema.optionalKey(Schema.Literals(["sleep", "workout"]).pipe((type) => Schema.Tuple([type])))
}
const common = {
  project: Schema.optionalKey(Schema.Struct({ name: Schema.Literals(["glider", "my-data-2"]) })),
  scheduler: Schema.optionalKey(Schema.Struct({
    store_run_status: Schema.optionalKey(Schema.Boolean),
    timezone: Schema.optionalKey(Schema.Literals(["UTC", "Europe/Berlin", "America/New_York"])),
    grace_seconds: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3600 })))
  })),
  engine: Schema.optionalKey(Schema.Struct({
    concurrent_runs: Schema.optionalKey(Schema.Literals([1, 1000])),
    concurrency: Schema.optionalKey(Schema.Struct({ diagnostics: Schema.Literals([3]) })),
    starts_per_minute: Schema.optionalKey(Schema.Struct({ diagnostics: Schema.Literals([60]) })),
    retention_days: Schema.optionalKey(Schema.Literals([1, 400]))
  })),
  server: Schema.optionalKey(Schema.Struct({
    host: Schema.optionalKey(Name),
    port: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))),
    allowed_hosts: Schema.optionalKey(Schema.Array(Schema.Literals(["glider.lan", "[fd00::1]:80", "10.0.0.1:8080"]))),
    cors_origins: Schema.optionalKey(Schema.Array(Schema.Literals(["https://d.example", "http://[::1]:3000"]))),
    requests_per_minute: Schema.optionalKey(Schema.Literals([0, 7])),
    max_body_bytes: Schema.optionalKey(Schema.Literals([1024])),
    request_timeout_seconds: Schema.optionalKey(Schema.Literals([1, 3600]))
  })),
  dashboard: Schema.optionalKey(Schema.Struct({
    locale: Schema.optionalKey(Schema.Literals(["de", "en-US"])),
    week_starts_on: Schema.optionalKey(Schema.Literals(["monday", "sunday"]))
  })),
  music: Schema.optionalKey(Schema.Struct({
    enabled: Schema.Boolean,
    idempotency_window_seconds: Schema.optionalKey(Schema.Literals([0, 90]))
  })),
  agents: Schema.optionalKey(Schema.Struct({
    enabled: Schema.optionalKey(Schema.Boolean),
    multi_agent: Schema.optionalKey(Schema.Boolean),
    use_mcp: Schema.optionalKey(Schema.Boolean),
    model: Schema.optionalKey(Schema.Literals(["gpt-4o"])),
    temperature: Schema.optionalKey(Schema.Literals([0, 0.7, 2])),
    max_turns: Schema.optionalKey(Schema.Literals([1, 100])),
    rollout_percent: Schema.optionalKey(Schema.Literals([0, 5, 100]))
  })),
  store: Schema.optionalKey(Schema.Struct({
    url: Schema.optionalKey(
      Schema.Literals(["mem://", "rocksdb:///a b/ü", "rocksdb://here?sync=every", "ws://db:8000/rpc"])
    ),
    namespace: Schema.optionalKey(Name),
    database: Schema.optionalKey(Name)
  })),
  provider: Schema.optionalKey(Schema.Struct({
    google: Schema.optionalKey(
      Schema.Struct({ api_url: Schema.Literals(["http://127.0.0.1:9/", "https://g.example"]) })
    ),
    spotify: Schema.optionalKey(Schema.Struct({
      api_url: Schema.optionalKey(Schema.Literals(["http://[::1]:9/v1//"])),
      revoke_url: Schema.optionalKey(Schema.Literals(["https://s.example/revoke?a=b"]))
    })),
    oura: Schema.optionalKey(
      Schema.Struct({ redirect_uri: Schema.Literals(["http://localhost:1/", "http://127.8.8.8:2/x"]) })
    )
  })),
  ai: Schema.optionalKey(Schema.Struct({
    provider: Schema.Literals(["openai", "anthropic"]),
    base_url: Schema.optionalKey(Schema.Literals(["http://localhost:11434/v1"])),
    model: Schema.optionalKey(Name),
    timeout_seconds: Schema.optionalKey(Schema.Literals([1, 3600]))
  }))
}
const others = {
  google_calendar: Schema.optionalKey(Schema.Struct({
    ...task,
    calendar_id: Schema.optionalKey(Name),
    days_back: Schema.optionalKey(Days)
  }))
}
const spotify = Schema.Struct({ interval_seconds: Seconds, timeout_seconds: Schema.optionalKey(Seconds) })

/** Valid files: an enabled task always, and either form of the oura tasks. */
const OneOura = Schema.Struct({
  ...common,
  sync: Schema.Struct({ ...others, spotify, oura: Schema.optionalKey(Schema.Struct(oura)) })
})
const TwoOuras = Schema.Struct({
  ...common,
  sync: Schema.Struct({
    ...others,
    spotify,
    oura_heartrate: Schema.optionalKey(Schema.Struct({ ...task, lookback_days: Schema.optionalKey(Days) })),
    oura_full: Schema.optionalKey(Schema.Struct(oura))
  })
})

const signIn = { SURREALDB_USER: "glider", SURREALDB_PASS: "hush" }

const roundTrip = Effect.fnUntraced(function*(file: object) {
  const config = yield* loadText(stringify(file), signIn)
  const shown = showToml(config, { SURREALDB_PASS: "<redacted>" })
  assert.deepStrictEqual(yield* loadText(shown, signIn), config)
  assert.deepStrictEqual(showToml(yield* loadText(shown, signIn), { SURREALDB_PASS: "<redacted>" }), shown)
})

describe("Show", () => {
  it.effect.prop(
    "writes any config as a file that reads as the same config",
    { file: OneOura },
    ({ file }) => roundTrip(file)
  )
  it.effect.prop("also with two tasks for oura", { file: TwoOuras }, ({ file }) => roundTrip(file))

  it.effect("keeps several calendars", () =>
    roundTrip({ sync: { google_calendar: { interval_seconds: 1, calendar_ids: ["a@b.c", "d'\"\\ü"] } } }))

  it.effect("says every default, and the environment in comments", () =>
    Effect.gen(function*() {
      const config = yield* loadText("[sync.oura]\ninterval_seconds = 60")
      const text = showToml(config, { SURREALDB_PASS: "<redacted>", LOGFIRE_ENVIRONMENT: "a\nb" })
      assert.include(text, "# SURREALDB_PASS = \"<redacted>\"\n# LOGFIRE_ENVIRONMENT = \"a\\nb\"\n")
      const expected = {
        project: { name: "glider" },
        scheduler: {
          store_run_status: true,
          timezone: "UTC",
          grace_seconds: 30,
          ledger_days: 365,
          min_interval_seconds: 1,
          max_schedules: 100_000
        },
        engine: {
          concurrent_runs: 50,
          concurrency: {},
          starts_per_minute: {},
          concurrent_activities: 100,
          activities_per_second: 10,
          retention_days: 30
        },
        server: {
          host: "127.0.0.1",
          port: 4747,
          allowed_hosts: [],
          cors_origins: [],
          requests_per_minute: 100,
          max_body_bytes: 1_000_000,
          request_timeout_seconds: 30
        },
        dashboard: { locale: "en-GB", week_starts_on: "monday" },
        music: { enabled: false, idempotency_window_seconds: 600 },
        agents: {
          enabled: false,
          multi_agent: true,
          use_mcp: false,
          temperature: 0.7,
          max_turns: 10,
          rollout_percent: 0
        },
        store: { namespace: "glider", database: "glider" },
        backup: { enabled: true, cron: "30 3 * * *", keep: 7, before_migration: true },
        retention: { audit_days: 1095 },
        affinity: { track: 0.05, artist: 0.03, place: 0.03, person: 0.01 },
        jobs: {
          concurrency: {},
          lease_seconds: 600,
          poll_seconds: 1,
          retention_days: 30,
          scheduled_sync_sweep: { enabled: true, cron: "* * * * *" },
          connectors_health_monitor: { enabled: true, cron: "*/5 * * * *" },
          candidates_process: { enabled: true, cron: "* * * * *" },
          calendars_refresh: { enabled: true, cron: "* * * * *" },
          reports_daily: { enabled: true, cron: "0 9 * * *" },
          reports_weekly: { enabled: true, cron: "0 9 * * MON" },
          memory_decay: { enabled: true, cron: "0 2 * * *" },
          evidence_retention: { enabled: true, cron: "0 3 * * *" },
          indexes_derived_build: { enabled: false, cron: "30 4 * * SUN" },
          diagnostics_noop: { enabled: false, cron: "*/15 * * * *" }
        },
        provider: {
          google: {
            api_url: "https://www.googleapis.com",
            authorize_url: "https://accounts.google.com/o/oauth2/v2/auth",
            token_url: "https://oauth2.googleapis.com/token",
            revoke_url: "https://oauth2.googleapis.com/revoke",
            redirect_uri: "http://127.0.0.1:8090/callback"
          },
          spotify: {
            api_url: "https://api.spotify.com/v1",
            authorize_url: "https://accounts.spotify.com/authorize",
            token_url: "https://accounts.spotify.com/api/token",
            redirect_uri: "http://127.0.0.1:8091/callback"
          },
          oura: {
            api_url: "https://api.ouraring.com/v2",
            authorize_url: "https://cloud.ouraring.com/oauth/authorize",
            token_url: "https://api.ouraring.com/oauth/token",
            revoke_url: "https://api.ouraring.com/oauth/revoke",
            redirect_uri: "http://127.0.0.1:8092/callback"
          }
        },
        mcp: { enabled: true, writes: false },
        sync: {
          oura: {
            enabled: true,
            interval_seconds: 60,
            jitter: "0s",
            overlap_policy: "skip",
            catch_up: "latest",
            pause_on_failure: false,
            timeout_seconds: 900,
            lookback_days: 7,
            data_types: [...OuraDataType.literals]
          }
        },
        alerts: { enabled: true, remind_hours: 0, rules: alertDefaults.rules }
      }
      assert.deepStrictEqual(structuredClone(parse(text)), expected)
      assert.deepStrictEqual(structuredClone(showJson(config, { SURREALDB_PASS: "<redacted>" })), {
        path: "config.toml",
        config: expected,
        environment: { SURREALDB_PASS: "<redacted>" }
      })
    }))
})
