import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { ConfigProvider, DateTime, Duration, Effect, FileSystem, Layer, Option } from "effect"
import { HttpClient } from "effect/http"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { PendingSignIns } from "../../src/accounts/PendingSignIns.ts"
import { Profile } from "../../src/accounts/Profile.ts"
import * as TokenKeeper from "../../src/accounts/TokenKeeper.ts"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import type * as Contract from "../../src/sandbox/Contract.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { OAuth } from "../../src/services/OAuth.ts"
import { OAuthTimeout } from "../../src/services/OAuthAnswer.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { TokenCipher } from "../../src/services/TokenCipher.ts"
import { Connections } from "../../src/store/Connections.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { engineDefaults, schedulerDefaults } from "../support/EngineConfig.ts"
import * as FastClock from "../support/FastClock.ts"
import {
  agentsDefaults,
  dashboardDefaults,
  mcpDefaults,
  musicDefaults,
  serverDefaults
} from "../support/ServerConfig.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

/** Stands in every token, code and secret of the sandbox. */
export const marker = "CANARY"

/** Where our clock and the sandbox's begin. */
export const start = "2026-11-20T12:00:00Z"

export const redirectUris: { readonly [P in Provider]: string } = {
  google: "http://127.0.0.1:8090/callback",
  spotify: "http://127.0.0.1:8091/callback",
  oura: "http://127.0.0.1:8092/callback"
}

const config = (redirects: typeof redirectUris) =>
  Layer.effect(
    CurrentConfig,
    Effect.gen(function*() {
      const { providerAddresses: { google, oura, spotify } } = yield* Sandbox
      const addresses = (provider: Provider, given: typeof spotify, revokeUrl: Option.Option<string>) => ({
        apiUrl: given.api_url,
        authorizeUrl: given.authorize_url,
        tokenUrl: given.token_url,
        revokeUrl,
        redirectUri: redirects[provider]
      })
      return CurrentConfig.of({
        path: "config.toml",
        project: { name: "glider" },
        scheduler: { ...schedulerDefaults, timezone: DateTime.zoneMakeOffset(0) },
        engine: engineDefaults,
        dashboard: dashboardDefaults,
        music: musicDefaults,
        mcp: mcpDefaults,
        agents: agentsDefaults,
        server: serverDefaults,
        store: { url: Option.none(), namespace: "glider", database: "glider" },
        providers: {
          spotify: addresses("spotify", spotify, Option.none()),
          google: addresses("google", google, Option.some(google.revoke_url)),
          oura: addresses("oura", oura, Option.some(oura.revoke_url))
        },
        tasks: [],
        schedules: []
      })
    })
  )

/** The app's secrets, as `env` overrides them; Spotify's client is public. */
const environment = (env: Record<string, string | undefined>) =>
  Layer.unwrap(Effect.gen(function*() {
    const { credentials } = yield* Sandbox
    const given: Record<string, string | undefined> = {
      GOOGLE_CLIENT_ID: credentials.google.id,
      GOOGLE_CLIENT_SECRET: credentials.google.secret,
      SPOTIFY_CLIENT_ID: credentials.spotify.id,
      OURA_CLIENT_ID: credentials.oura.id,
      OURA_CLIENT_SECRET: credentials.oura.secret,
      ...env
    }
    const set = Object.entries(given).flatMap(([name, value]) => value === undefined ? [] : [[name, value] as const])
    return ConfigProvider.layer(ConfigProvider.fromEnv({ env: Object.fromEntries(set) }))
  }))

const cipher = Layer.unwrap(Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  return TokenCipher.layer(yield* fs.makeTempDirectoryScoped({ prefix: "glider-test-" }))
})).pipe(Layer.provide(NodeServices.layer))

export interface WorldOptions {
  readonly sandbox?: Contract.SandboxOptions
  readonly env?: Record<string, string | undefined>
  /** Where the providers send the browser back to, when somebody listens there. */
  readonly redirects?: typeof redirectUris
}

/** What one process has over a store and a sandbox that it may share with others. */
export const process = Layer.fresh(
  Accounts.layerNoDeps.pipe(
    Layer.provideMerge(TokenKeeper.layer),
    Layer.provide(ProviderGates.layer),
    Layer.provideMerge(Layer.merge(PendingSignIns.layer, Profile.layer))
  )
)

/** Everything that processes share. */
export const surroundings = ({ env = {}, redirects = redirectUris, sandbox = {} }: WorldOptions = {}) =>
  Layer.mergeAll(OAuth.layer, cipher, Connections.layer).pipe(
    Layer.provideMerge(Secrets.layer.pipe(Layer.provide(environment(env)), Layer.provide(NodeServices.layer))),
    Layer.provideMerge(LatestConfig.layer),
    Layer.provideMerge(Layer.merge(config(redirects), NodeHttpClient.layerUndici)),
    Layer.provideMerge(Sandbox.layer({ secretMarker: marker, start, ...sandbox })),
    Layer.provideMerge(Layer.succeed(OAuthTimeout, Duration.hours(2))),
    Layer.provideMerge(FastClock.layer(start)),
    Layer.provideMerge(memoryStoreTest) // outside the fast clock, whose time-outs strike at once
  )

/** Accounts and tokens over the real store, against the sandbox, over HTTP. */
export const world = (options: WorldOptions = {}) => process.pipe(Layer.provideMerge(surroundings(options)))

/** The person agrees (or not) in a browser: where it is sent to. */
export const browse = Effect.fnUntraced(function*(authorizeUrl: string) {
  const http = yield* HttpClient.HttpClient
  const response = yield* http.get(authorizeUrl)
  return response.headers["location"] ?? `no redirect but ${response.status}: ${yield* response.text}`
})

/** A whole sign-in. */
export const signIn = Effect.fnUntraced(function*(provider: Provider) {
  const accounts = yield* Accounts
  const { authorizeUrl, state } = yield* accounts.begin(provider)
  return yield* accounts.complete({ provider, state, redirected: yield* browse(authorizeUrl) })
})

/** How many requests of a grant the provider's token endpoint has had. */
export const grants = Effect.fnUntraced(function*(grantType: "authorization_code" | "refresh_token") {
  const sandbox = yield* Sandbox
  return (yield* sandbox.requests).filter((request) => request.grantType === grantType).length
})
