import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { CurrentConfig } from "../src/Config.ts"
import { alertDefaults } from "../src/config/AlertKeys.ts"
import { everyInterval } from "../src/config/ScheduleSettings.ts"
import { OuraDataType } from "../src/domain/Task.ts"
import { loadText, surroundings } from "./config/Surroundings.ts"
import { engineDefaults, schedulerDefaults } from "./support/EngineConfig.ts"
import {
  agentsDefaults,
  dashboardDefaults,
  mcpDefaults,
  musicDefaults,
  serverDefaults
} from "./support/ServerConfig.ts"

const one = "[sync.spotify]\ninterval_seconds = 120\n"

/** Each text with every line that is said about it. */
const mistakes: ReadonlyArray<readonly [name: string, text: string, ...lines: ReadonlyArray<string>]> = [
  [
    "an unknown key, with the nearest right one",
    "[sync.spotify]\ninterval_seconds = 1\n  intervall_seconds = 120",
    "config.toml:3:3 sync.spotify.intervall_seconds: unknown key, did you mean interval_seconds?"
  ],
  [
    "mistakes about backups",
    "[backup]\nenabled = \"yes\"\ncron = \"30 25 * * *\"\nkeep = 0\nfoldr = \"/mnt\"\nbefore_migration = 1",
    "config.toml:1:1 sync: No enabled sync tasks found in config",
    "config.toml:2:11 backup.enabled: expected true or false, got \"yes\"",
    "config.toml:3:8 backup.cron: \"25\" is no hour: expected 0-23, e.g. \"*/2\" or \"9-17\"",
    "config.toml:4:8 backup.keep: expected a whole number greater than 0, got 0",
    "config.toml:5:1 backup.foldr: unknown key, did you mean folder?",
    "config.toml:6:20 backup.before_migration: expected true or false, got 1"
  ],
  [
    "more mistakes about backups",
    "[backup]\ncron = \"\"\nkeep = 10001\nfolder = \"\"",
    "config.toml:1:1 sync: No enabled sync tasks found in config",
    "config.toml:2:8 backup.cron: expected a string that is not empty, got \"\"",
    "config.toml:3:8 backup.keep: expected at most 10000, got 10001",
    "config.toml:4:10 backup.folder: expected a string that is not empty, got \"\""
  ],
  [
    "a backup that is never made",
    "[backup]\ncron = \"0 0 31 2 *\"\nkeep = 1.5\nfolder = 7",
    "config.toml:1:1 sync: No enabled sync tasks found in config",
    "config.toml:2:8 backup.cron: \"0 0 31 2 *\" never runs: none of its months has such a day, e.g. \"0 0 28 2 *\"",
    "config.toml:3:8 backup.keep: expected a whole number greater than 0, got 1.5",
    "config.toml:4:10 backup.folder: expected a string, got 7"
  ],
  [
    "an unknown key like no other",
    `${one}[project]\ncolour = 1`,
    "config.toml:4:1 project.colour: unknown key, expected one of name"
  ],
  [
    "an unknown key inside a dotted and an inline table",
    "sync.spotify = { interval_seconds = 120, enabeld = true }\nserver.prot = 1",
    "config.toml:1:42 sync.spotify.enabeld: unknown key, did you mean enabled?",
    "config.toml:2:8 server.prot: unknown key, did you mean port?"
  ],
  [
    "an unknown table, with the nearest right one",
    `${one}[sync.google_calender]\ninterval_seconds = 1\n[scheduller]`,
    "config.toml:3:1 sync.google_calender: unknown table, did you mean [sync.google_calendar]?",
    "config.toml:5:1 scheduller: unknown table, did you mean [scheduler]?"
  ],
  [
    "a key that belongs to other tasks",
    "[sync.spotify]\ninterval_seconds = 120\nlookback_days = 7",
    "config.toml:3:1 sync.spotify.lookback_days: unknown key, " +
    "expected one of enabled, interval_seconds, cron, timezone, dst, jitter, overlap_policy, start_at, end_at, " +
    "catch_up, catch_up_window, max_runs, pause_on_failure, timeout_seconds"
  ],
  [
    "a credential, without showing it",
    `${one}[provider.spotify]\nclient_secret = "hush"`,
    "config.toml:4:1 provider.spotify.client_secret: unknown key: credentials are not kept in this file, " +
    "set them in the environment"
  ],
  [
    "a text where a number belongs",
    "[sync.spotify]\ninterval_seconds = \"abc\"",
    "config.toml:2:20 sync.spotify.interval_seconds: expected a whole number greater than 0, got \"abc\""
  ],
  [
    "a language model of nobody that is known, or of nobody at all",
    `${one}[ai]\nprovider = "opnai"\ntimeout_seconds = 0`,
    "config.toml:4:12 ai.provider: unknown name \"opnai\", did you mean openai?",
    "config.toml:5:19 ai.timeout_seconds: expected a whole number greater than 0, got 0"
  ],
  [
    "a language model without a provider",
    `${one}[ai]\nmodel = "gpt-4o"`,
    "config.toml:3:1 ai: names no provider: set provider to openai or anthropic"
  ],
  [
    "an interval that is not positive",
    "[sync.spotify]\ninterval_seconds = 0\n[sync.oura]\ninterval_seconds = -5",
    "config.toml:2:20 sync.spotify.interval_seconds: expected a whole number greater than 0, got 0",
    "config.toml:4:20 sync.oura.interval_seconds: expected a whole number greater than 0, got -5"
  ],
  [
    "an interval that is not whole, once",
    "[sync.spotify]\ninterval_seconds = -1.5",
    "config.toml:2:20 sync.spotify.interval_seconds: expected a whole number greater than 0, got -1.5"
  ],
  [
    "an interval of more than a year",
    "[sync.spotify]\ninterval_seconds = 99999999",
    "config.toml:2:20 sync.spotify.interval_seconds: expected at most 31622400 seconds, which is a year, got 99999999"
  ],
  [
    "a missing interval",
    "[sync.spotify]\nenabled = true",
    "config.toml:1:1 sync.spotify.interval_seconds: Missing required field: interval_seconds, or cron in its place"
  ],
  [
    "an interval beside a cron expression, and neither of them",
    "[sync.spotify]\ninterval_seconds = 1\ncron = \"@daily\"\n[sync.oura]\nenabled = true",
    "config.toml:3:1 sync.spotify.cron: stands in place of interval_seconds: keep one of the two",
    "config.toml:4:1 sync.oura.interval_seconds: Missing required field: interval_seconds, or cron in its place"
  ],
  [
    "a cron expression with the field, its range and an example",
    "[sync.spotify]\ncron = \"61 * * * *\"\n[sync.oura]\ncron = \"0 0 31 2 *\"",
    "config.toml:2:8 sync.spotify.cron: \"61\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\"",
    "config.toml:4:8 sync.oura.cron: \"0 0 31 2 *\" never runs: none of its months has such a day, e.g. \"0 0 28 2 *\""
  ],
  [
    "schedules that fire too often, or spread over more than their interval",
    "[scheduler]\nmin_interval_seconds = 60\n[sync.spotify]\ncron = \"@every 15s\"\n[sync.oura]\n" +
    "interval_seconds = 120\njitter = \"2m\"",
    "config.toml:4:8 sync.spotify.cron: fires every 15s, more often than [scheduler] min_interval_seconds allows (1m)",
    "config.toml:7:10 sync.oura.jitter: expected less than the 2m between two ticks"
  ],
  [
    "bounds, durations and choices of schedules that are none",
    "[sync.spotify]\ncron = \"@daily\"\nstart_at = 2026-12-01T00:00:00Z\nend_at = 2026-01-01T00:00:00Z\njitter = \"-5s\"\n" +
    "overlap_policy = \"skp\"\ndst.gap = \"twice\"\nmax_runs = 0\ncatch_up_window = 5",
    "config.toml:4:10 sync.spotify.end_at: expected an instant that is not before start_at",
    "config.toml:5:10 sync.spotify.jitter: expected a duration such as \"30s\", \"1m30s\" or \"2 hours\", got \"-5s\"",
    "config.toml:6:18 sync.spotify.overlap_policy: unknown name \"skp\", did you mean skip?",
    "config.toml:7:11 sync.spotify.dst.gap: expected one of auto, shift, skip, got \"twice\"",
    "config.toml:8:12 sync.spotify.max_runs: expected a whole number greater than 0, got 0",
    "config.toml:9:19 sync.spotify.catch_up_window: expected a string, got 5"
  ],
  [
    "an instant without its offset",
    "[sync.spotify]\ncron = \"@daily\"\nstart_at = 2026-12-01T00:00:00",
    "config.toml:3:12 sync.spotify.start_at: expected an instant with its offset such as 2026-12-01T08:00:00Z, " +
    "got 2026-12-01T00:00:00.000"
  ],
  [
    "a workflow's schedule of the name of a sync, of a name with blanks, and of no workflow",
    "[schedule.spotify]\nworkflow = \"diagnostics\"\ncron = \"@daily\"\n[schedule.\"a b\"]\nworkflow = \"diagnostics\"\n" +
    "cron = \"@daily\"\n[schedule.c]\ncron = \"@daily\"",
    "config.toml:1:1 schedule.spotify: is the name of a sync: its schedule stands in [sync.spotify]",
    "config.toml:4:1 schedule.\"a b\": expected a name of letters, digits, - and _, at most 100 of them",
    "config.toml:7:1 schedule.c.workflow: Missing required field"
  ],
  [
    "wrong kinds of values",
    "project = 3\n[scheduler]\nstore_run_status = \"yes\"\ngrace_seconds = 2026-01-01\n" +
    "[sync.google_calendar]\ninterval_seconds = [1, 2]\ncalendar_id = {}\ncalendar_ids = \"primary\"",
    "config.toml:1:11 project: expected a table, got 3",
    "config.toml:3:20 scheduler.store_run_status: expected true or false, got \"yes\"",
    "config.toml:4:17 scheduler.grace_seconds: expected a whole number, 0 or more, got 2026-01-01",
    "config.toml:6:20 sync.google_calendar.interval_seconds: expected a whole number greater than 0, got [1, 2]",
    "config.toml:7:15 sync.google_calendar.calendar_id: expected a string, got a table",
    "config.toml:8:1 sync.google_calendar.calendar_ids: stands in place of calendar_id: keep one of the two",
    "config.toml:8:16 sync.google_calendar.calendar_ids: expected a list of calendar ids, got \"primary\""
  ],
  [
    "a negative grace and a name of other letters",
    `${one}[project]\nname = "My Glider"\n[scheduler]\ngrace_seconds = -1`,
    "config.toml:4:8 project.name: expected small letters, digits and - only, got \"My Glider\"",
    "config.toml:6:17 scheduler.grace_seconds: expected a whole number, 0 or more, got -1"
  ],
  ["a file without syncs", "", "config.toml:1:1 sync: No enabled sync tasks found in config"],
  [
    "a file with disabled syncs only",
    "[project]\n\n[sync.spotify]\nenabled = false\ninterval_seconds = 1",
    "config.toml:3:2 sync: No enabled sync tasks found in config"
  ],
  [
    "tasks that are no tables, once",
    "[sync]\nspotify = 3",
    "config.toml:2:11 sync.spotify: expected a table, got 3"
  ],
  [
    "both forms of oura",
    "[sync.oura]\ninterval_seconds = 1\n[sync.oura_full]\ninterval_seconds = 1",
    "config.toml:1:1 sync.oura: [sync.oura] stands in place of [sync.oura_heartrate] and [sync.oura_full]: keep one form"
  ],
  [
    "calendar_id beside calendar_ids",
    "[sync.google_calendar]\ninterval_seconds = 1\ncalendar_id = \"a\"\ncalendar_ids = [\"b\"]",
    "config.toml:4:1 sync.google_calendar.calendar_ids: stands in place of calendar_id: keep one of the two"
  ],
  [
    "an empty list of calendars",
    "[sync.google_calendar]\ninterval_seconds = 1\ncalendar_ids = []",
    "config.toml:3:16 sync.google_calendar.calendar_ids: expected a list of calendar ids, at least one, got []"
  ],
  [
    "a calendar named twice",
    "[sync.google_calendar]\ninterval_seconds = 1\ncalendar_ids = [\"a\", \"a\"]",
    "config.toml:3:16 sync.google_calendar.calendar_ids: expected a list of calendar ids, none of them twice, " +
    "got [\"a\", \"a\"]"
  ],
  [
    "unknown data types",
    "[sync.oura]\ninterval_seconds = 1\ndata_types = [\"sleep\", \"daily_strss\", 7, \"moon\"]",
    "config.toml:3:24 sync.oura.data_types[1]: unknown name \"daily_strss\", did you mean daily_stress?",
    `config.toml:3:39 sync.oura.data_types[2]: expected one of ${OuraDataType.literals.join(", ")}, got 7`,
    `config.toml:3:42 sync.oura.data_types[3]: expected one of ${OuraDataType.literals.join(", ")}, got "moon"`
  ],
  [
    "data types for the heart rate alone",
    "[sync.oura_heartrate]\ninterval_seconds = 1\ndata_types = [\"sleep\"]",
    "config.toml:3:1 sync.oura_heartrate.data_types: unknown key, " +
    "expected one of enabled, interval_seconds, cron, timezone, dst, jitter, overlap_policy, start_at, end_at, " +
    "catch_up, catch_up_window, max_runs, pause_on_failure, timeout_seconds, lookback_days"
  ],
  [
    "ports out of range",
    `${one}[server]\nport = 65536`,
    "config.toml:4:8 server.port: expected a port from 1 to 65535, got 65536"
  ],
  ...["*", "glider.lan.", "Glider.lan", "http://glider.lan", "me@glider.lan", "glider.lan/", "", "0x7f.1", "a b"].map((
    host
  ) =>
    [
      `the host ${host}`,
      `${one}[server]\nallowed_hosts = ["${host}"]`,
      "config.toml:4:18 server.allowed_hosts[0]: expected a host such as \"glider.lan\" or \"glider.lan:4747\", " +
      `in small letters, got "${host}"`
    ] as const
  ),
  ...["*", "null", "https://d.example/", "d.example", "ftp://d.example", "https://D.example"].map((origin) =>
    [
      `pages from ${origin}`,
      `${one}[server]\ncors_origins = ["${origin}"]`,
      "config.toml:4:17 server.cors_origins[0]: expected the origin of a page such as \"https://dashboard.example\", " +
      `never "*", got "${origin}"`
    ] as const
  ),
  ...["Local", "+02:00", "Europe/Berlln", "Etc/Unknown"].map((zone) =>
    [
      `the time zone ${zone}`,
      `${one}[scheduler]\ntimezone = "${zone}"`,
      `config.toml:4:12 scheduler.timezone: expected an IANA time zone such as "Europe/Berlin" or "UTC", got "${zone}"`
    ] as const
  ),
  ...([
    ["https://db.example", "wss:// in place of https://: transactions need a WebSocket"],
    ["http://localhost:8000", "ws:// in place of http://: transactions need a WebSocket"],
    ["surrealkv:///data", "rocksdb:// in place of surrealkv://, which loses acknowledged updates"],
    ["rocksdb://", "a folder after rocksdb://"],
    ["rocksdb:///data?sync=never", "sync=every: any other mode loses acknowledged records when the power fails"],
    ["rocksdb:///data?sync=1s", "sync=every: any other mode loses acknowledged records when the power fails"],
    ["rocksdb:///data?versioned=true", "no option but sync=every, found versioned"],
    ["postgres://db", "rocksdb://<folder>, mem://, ws://<host> or wss://<host>"],
    ["ws://", "a host after ws:// or wss://"]
  ] as const).map(([url, expected]) =>
    [
      `the store ${url}`,
      `${one}[store]\nurl = "${url}"`,
      `config.toml:4:7 store.url: expected ${expected}, got "${url}"`
    ] as const
  ),
  [
    "a password in an address, without showing it",
    `${one}[store]\nurl = "ws://root:hush@db:8000"\n[provider.oura]\napi_url = "https://me:hush@oura.example"`,
    "config.toml:4:7 store.url: expected an address without user and password: set SURREALDB_USER and SURREALDB_PASS, " +
    "got \"ws://<redacted>@db:8000\"",
    "config.toml:6:11 provider.oura.api_url: expected an address without user and password, " +
    "got \"https://<redacted>@oura.example\""
  ],
  [
    "addresses that are none",
    `${one}[provider.spotify]\napi_url = "api.spotify.com"\ntoken_url = "ftp://x"\n` +
    "[provider.google]\napi_url = \"https://www.googleapis.com/calendar/v3\"",
    "config.toml:4:11 provider.spotify.api_url: expected an address that begins with https:// or http://, " +
    "got \"api.spotify.com\"",
    "config.toml:5:13 provider.spotify.token_url: expected an address that begins with https:// or http://, " +
    "got \"ftp://x\"",
    "config.toml:7:11 provider.google.api_url: expected the address without /calendar/v3, which is added by itself, " +
    "got \"https://www.googleapis.com/calendar/v3\""
  ],
  [
    "redirects that leave the machine, or that Spotify refuses",
    `${one}[provider]\ngoogle.redirect_uri = "https://example.com/callback"\n` +
    "oura.redirect_uri = \"http://127.0.0.1/callback\"\nspotify.redirect_uri = \"http://localhost:8091/callback\"",
    "config.toml:4:23 provider.google.redirect_uri: expected a loopback address with a port " +
    "such as http://127.0.0.1:8090/callback, got \"https://example.com/callback\"",
    "config.toml:5:21 provider.oura.redirect_uri: expected a loopback address with a port " +
    "such as http://127.0.0.1:8090/callback, got \"http://127.0.0.1/callback\"",
    "config.toml:6:24 provider.spotify.redirect_uri: expected 127.0.0.1 in place of localhost, which Spotify refuses, " +
    "got \"http://localhost:8091/callback\""
  ],
  [
    "text that is not TOML",
    "[sync.spotify]\ninterval_seconds = = 1",
    "config.toml:2:20: not valid TOML: invalid value"
  ],
  [
    "a key given twice",
    "[sync.spotify]\ninterval_seconds = 1\ninterval_seconds = 2",
    "config.toml:3:1: not valid TOML: trying to redefine an already defined table or value"
  ]
]

describe("Config", () => {
  for (const [name, text, ...lines] of mistakes) {
    it.effect(`reports ${name}`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(loadText(text))
        assert.deepStrictEqual(error.message.split("\n"), lines)
        assert.strictEqual(error.path, "config.toml")
      }))
  }

  it.effect("reports the mistakes of every table at once, in the order of the file, and those of the environment", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(loadText(
        "[server]\nport = \"x\"\n[sync.oura]\nintervall_seconds = 1\n[sync.spotify]\ninterval_seconds = 0\n[stor]",
        { SPOTIFY_REDIRECT_URI: "https://example.com/" }
      ))
      assert.deepStrictEqual(error.mistakes.map(({ key }) => key), [
        "server.port",
        "sync.oura.interval_seconds",
        "sync.oura.intervall_seconds",
        "sync.spotify.interval_seconds",
        "stor",
        "SPOTIFY_REDIRECT_URI"
      ])
      assert.include(
        error.message,
        "environment SPOTIFY_REDIRECT_URI: expected a loopback address with a port such as"
      )
    }))

  it.effect("says how to make a file that is absent", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Effect.provide(
        Effect.asVoid(CurrentConfig),
        CurrentConfig.layer("nowhere.toml").pipe(Layer.provide(surroundings({})))
      ))
      assert.strictEqual(
        error.message,
        "nowhere.toml: no such file.\nMake one that holds, for instance,\n\n  [sync.spotify]\n" +
          "  interval_seconds = 120\n\nor name another with --config or GLIDER_CONFIG_TOML."
      )
    }))

  it.effect("fills in everything but the interval", () =>
    Effect.gen(function*() {
      const config = yield* loadText(
        "[sync.google_calendar]\ninterval_seconds = 1800\n[sync.oura]\ninterval_seconds = 3600\n[sync.spotify]\n" +
          "interval_seconds = 120"
      )
      const every = { timeout: Duration.minutes(15) }
      assert.deepStrictEqual(config, {
        path: "config.toml",
        project: { name: "glider" },
        scheduler: schedulerDefaults,
        engine: engineDefaults,
        dashboard: dashboardDefaults,
        music: musicDefaults,
        mcp: mcpDefaults,
        agents: agentsDefaults,
        server: serverDefaults,
        store: { url: Option.none(), namespace: "glider", database: "glider" },
        connections: [],
        calendars: [],
        backup: { enabled: true, cron: "30 3 * * *", keep: 7, folder: Option.none(), beforeMigration: true },
        retention: { raw: Option.none(), audit: Duration.days(1095) },
        affinity: { track: 0.05, artist: 0.03, place: 0.03, person: 0.01 },
        reports: { mail: [] },
        providers: {
          google: {
            apiUrl: "https://www.googleapis.com",
            authorizeUrl: "https://accounts.google.com/o/oauth2/v2/auth",
            tokenUrl: "https://oauth2.googleapis.com/token",
            revokeUrl: Option.some("https://oauth2.googleapis.com/revoke"),
            redirectUri: "http://127.0.0.1:8090/callback"
          },
          spotify: {
            apiUrl: "https://api.spotify.com/v1",
            authorizeUrl: "https://accounts.spotify.com/authorize",
            tokenUrl: "https://accounts.spotify.com/api/token",
            revokeUrl: Option.none(),
            redirectUri: "http://127.0.0.1:8091/callback"
          },
          oura: {
            apiUrl: "https://api.ouraring.com/v2",
            authorizeUrl: "https://cloud.ouraring.com/oauth/authorize",
            tokenUrl: "https://api.ouraring.com/oauth/token",
            revokeUrl: Option.some("https://api.ouraring.com/oauth/revoke"),
            redirectUri: "http://127.0.0.1:8092/callback"
          }
        },
        tasks: [
          {
            name: "google_calendar",
            ...everyInterval(Duration.minutes(30)),
            ...every,
            calendarIds: ["primary"],
            daysBack: 30
          },
          { name: "spotify", ...everyInterval(Duration.minutes(2)), ...every },
          {
            name: "oura",
            ...everyInterval(Duration.hours(1)),
            ...every,
            lookbackDays: 7,
            dataTypes: OuraDataType.literals
          }
        ],
        schedules: [],
        jobs: {
          concurrency: {},
          lease: Duration.minutes(10),
          poll: Duration.seconds(1),
          retention: Duration.days(30),
          standing: {
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
          }
        },
        network: { allowedPrivate: [] },
        webhooks: [],
        inbox: [],
        alerts: alertDefaults
      })
    }))

  it.effect("takes the pair of oura tasks, the first for the heart rate alone", () =>
    Effect.gen(function*() {
      const { tasks } = yield* loadText(
        "[sync.oura_full]\ninterval_seconds = 86400\nenabled = false\ndata_types = [\"sleep\"]\n" +
          "[sync.oura_heartrate]\ninterval_seconds = 1800\nlookback_days = 3"
      )
      assert.deepStrictEqual(
        tasks.map((task) => "dataTypes" in task ? [task.name, task.enabled, task.lookbackDays, task.dataTypes] : []),
        [["oura_heartrate", true, 3, ["heartrate"]], ["oura_full", false, 7, ["sleep"]]]
      )
    }))

  it.effect("counts an embedded store's folder from the config file and leaves the sync mode to the program", () =>
    Effect.gen(function*() {
      const config = yield* loadText(
        `${one}[store]\nurl = "rocksdb://data/store?sync=every"`,
        {},
        "/etc/glider/config.toml"
      )
      assert.deepStrictEqual(config.store.url, Option.some("rocksdb:///etc/glider/data/store"))
    }))

  it.effect("takes a remote store only with credentials of its own", () =>
    Effect.gen(function*() {
      const remote = `${one}[store]\nurl = "ws://db:8000"`
      const refused =
        "a remote store needs SURREALDB_USER and SURREALDB_PASS (or SURREALDB_PASS_FILE); there is no default"
      const inFile = yield* Effect.flip(loadText(remote))
      assert.strictEqual(inFile.message, `config.toml:4:7 store.url: ${refused}`)
      const inEnvironment = yield* Effect.flip(loadText(one, { SURREALDB_URL: "wss://db" }))
      assert.strictEqual(inEnvironment.message, `environment SURREALDB_URL: ${refused}`)
      const config = yield* loadText(remote, { SURREALDB_USER: "glider", SURREALDB_PASS: "hush" })
      assert.deepStrictEqual(config.store.url, Option.some("ws://db:8000"))
    }))

  it.effect("lets the environment go before the file", () =>
    Effect.gen(function*() {
      const config = yield* loadText(
        `${one}[store]\nurl = "ws://db:8000"\nnamespace = "file"\n[provider.oura]\nredirect_uri = "http://[::1]:1/"`,
        {
          SURREALDB_URL: "mem://",
          SURREALDB_NAMESPACE: "environment",
          OURA_REDIRECT_URI: "http://127.0.0.1:9000/callback"
        }
      )
      assert.deepStrictEqual(config.store, {
        url: Option.some("mem://"),
        namespace: "environment",
        database: "glider"
      })
      assert.strictEqual(config.providers.oura.redirectUri, "http://127.0.0.1:9000/callback")
    }))
})
