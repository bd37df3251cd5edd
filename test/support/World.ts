import { NodeServices } from "@effect/platform-node"
import { Clock, ConfigProvider, DateTime, Duration, Effect, Layer, Logger, Option, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { CurrentConfig, type GliderConfig, type Task } from "../../src/Config.ts"
import { connectionDefaults, type ConnectionSettings } from "../../src/config/ConnectionKeys.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { ConnectionName } from "../../src/domain/Connection.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import * as Glider from "../../src/Glider.ts"
import type { SandboxOptions } from "../../src/sandbox/Contract.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { OAuthTimeout } from "../../src/services/OAuthAnswer.ts"
import { RequestTimeouts } from "../../src/services/ProviderHttp.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { StoreTimeouts } from "../../src/services/SurrealEngine.ts"
import type { SyncOverrides } from "../../src/syncs/SyncInput.ts"
import { SyncRunner } from "../../src/workflows/SyncRunner.ts"
import { engineDefaults, schedulerDefaults } from "./EngineConfig.ts"
import * as FastClock from "./FastClock.ts"
import { agentsDefaults, dashboardDefaults, mcpDefaults, musicDefaults, serverDefaults } from "./ServerConfig.ts"
import { storeTest } from "./StoreTest.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

const common = { ...everyInterval(Duration.minutes(30)), timeout: Duration.hours(3) }

/** The three tasks, as a config would have them. Time-outs are beyond what the fast clock lets pass. */
export const tasks = {
  google_calendar: { ...common, name: "google_calendar", calendarIds: ["primary"], daysBack: 30 },
  spotify: { ...common, name: "spotify" },
  oura: { ...common, name: "oura", lookbackDays: 7, dataTypes: OuraDataType.literals }
} as const satisfies { readonly [name: string]: Task }

/** A further account, as a config without further words would have it. */
export const furtherAccount = (name: string, provider: Provider): ConnectionSettings => ({
  ...connectionDefaults(provider),
  name: ConnectionName.make(name),
  timeout: Duration.hours(3)
})

const configOf =
  (music: GliderConfig["music"], connections: ReadonlyArray<ConnectionSettings>) =>
  ({ providerAddresses: addresses, year }: Sandbox["Service"]): GliderConfig => {
    const provider = (
      { api_url, authorize_url, revoke_url, token_url }: {
        readonly api_url: string
        readonly authorize_url: string
        readonly token_url: string
        readonly revoke_url?: string
      }
    ) => ({
      apiUrl: api_url,
      authorizeUrl: authorize_url,
      tokenUrl: token_url,
      revokeUrl: Option.fromUndefinedOr(revoke_url),
      redirectUri: "http://127.0.0.1:8099/callback"
    })
    return {
      path: "config.toml",
      project: { name: "glider" },
      scheduler: {
        ...schedulerDefaults,
        timezone: DateTime.zoneMakeNamedUnsafe(year.timeZone)
      },
      engine: engineDefaults,
      // the fast clock lets minutes pass at once
      dashboard: dashboardDefaults,
      music,
      mcp: mcpDefaults,
      agents: agentsDefaults,
      server: { ...serverDefaults, port: 0, requestTimeout: Duration.hours(2) },
      store: { url: Option.none(), namespace: "glider", database: "glider" },
      providers: {
        google: provider(addresses.google),
        spotify: provider(addresses.spotify),
        oura: provider(addresses.oura)
      },
      tasks: Object.values(tasks),
      connections,
      schedules: []
    }
  }

const environment = Layer.unwrap(
  Effect.map(Sandbox, ({ credentials }) =>
    ConfigProvider.layer(ConfigProvider.fromUnknown({
      GOOGLE_CLIENT_ID: credentials.google.id,
      GOOGLE_CLIENT_SECRET: credentials.google.secret,
      SPOTIFY_CLIENT_ID: credentials.spotify.id,
      SPOTIFY_CLIENT_SECRET: credentials.spotify.secret,
      OURA_CLIENT_ID: credentials.oura.id,
      OURA_CLIENT_SECRET: credentials.oura.secret
    })))
)

const dataFolder = Layer.effect(
  DataFolder,
  Effect.map(temporaryFolder, (path) => DataFolder.of({ path, storeUrl: `rocksdb://${path}/store` }))
)

/**
 * The whole product below the supervisor, on the real store, against the stand-in providers over real HTTP. Time is the
 * fast clock's, which the sandbox follows: a sleep moves both on at once; so nothing is done by the clock.
 */
export const world = (
  { connections = [], music = musicDefaults, ...options }: SandboxOptions & {
    readonly start: DateTime.DateTime.Input
    readonly music?: GliderConfig["music"]
    readonly connections?: ReadonlyArray<ConnectionSettings>
  }
) =>
  Layer.unwrap(Effect.map(DataFolder, ({ path }) => Glider.layer(path, { recovers: false }))).pipe(
    Layer.provideMerge(dataFolder),
    Layer.provideMerge(storeTest),
    Layer.provide(Layer.succeed(StoreTimeouts, { open: Duration.hours(2), call: Duration.hours(2) })),
    Layer.provide(environment),
    Layer.provideMerge(Layer.effect(CurrentConfig, Effect.map(Sandbox, configOf(music, connections)))),
    Layer.provideMerge(Sandbox.layer({ clock: "follow", ...options })),
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(Layer.succeed(OAuthTimeout, Duration.hours(2))),
    Layer.provideMerge(Layer.succeed(RequestTimeouts, { request: Duration.hours(2), total: Duration.hours(2) })),
    Layer.provideMerge(NodeServices.layer),
    Layer.provideMerge(Logger.layer([])), // runs that fail on purpose say so at length
    Layer.provideMerge(FastClock.layer(options.start))
  )

/** Lets time pass, for Glider and for the providers. */
export const pass = (duration: Duration.Input) =>
  Effect.gen(function*() {
    const half = Duration.minutes(30)
    let left = Duration.toMillis(duration)
    while (left > 0) {
      const step = Math.min(left, Duration.toMillis(half))
      yield* Effect.sleep(Duration.millis(step))
      left -= step
    }
  })

/** Signs in as a person does, with a browser that follows one redirect. */
export const signIn = Effect.fnUntraced(function*(
  provider: Provider,
  name: Option.Option<ConnectionName> = Option.none()
) {
  const accounts = yield* Accounts
  const { authorizeUrl, state } = yield* accounts.begin(provider, name)
  const client = yield* HttpClient.HttpClient
  const answer = yield* client.get(authorizeUrl).pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
  )
  return yield* accounts.complete({ provider, state, redirected: answer.headers["location"] ?? "" })
})

export const signInEverywhere = Effect.forEach(["google", "spotify", "oura"] as const, (provider) => signIn(provider), {
  discard: true
})

/** One run of a task, as `glider sync` does it. */
export const sync = Effect.fnUntraced(function*(task: Task, overrides?: SyncOverrides) {
  const runner = yield* SyncRunner
  const outcome = yield* runner.run({
    task,
    trigger: "manual",
    overrides,
    onProgress: () => Effect.void
  })
  return outcome._tag === "Ran" ? outcome.run : yield* Effect.die("the task was running already")
})

const Json = Schema.Record(Schema.String, Schema.Unknown)

/** The provider's objects of the live rows. */
export const live = Effect.fnUntraced(function*(table: string, where = "true", vars: Record<string, unknown> = {}) {
  const surreal = yield* Surreal
  return yield* surreal.query(
    Schema.Array(Json),
    `SELECT VALUE _raw FROM ${table} WHERE deleted_at = NONE AND (${where})`,
    vars
  )
})

/** The present instant of the world. */
export const now = Effect.map(Clock.currentTimeMillis, (millis) => DateTime.makeUnsafe(millis))
