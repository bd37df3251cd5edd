import { Effect, Layer, Option, Redacted, Ref, Schema } from "effect"
import { CurrentConfig } from "../../src/Config.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import * as CircuitBreakers from "../../src/store/CircuitBreakers.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { engineDefaults, schedulerDefaults } from "./EngineConfig.ts"
import { agentsDefaults, dashboardDefaults, mcpDefaults, musicDefaults, serverDefaults } from "./ServerConfig.ts"

/** Hands out `access-1`; each renewal of the newest token gives the next number. */
export const tokens: Layer.Layer<AccessTokens> = Layer.effect(
  AccessTokens,
  Effect.gen(function*() {
    const number = yield* Ref.make(1)
    const named = (value: number) => Redacted.make(`access-${value}`)
    return AccessTokens.of({
      get: () => Effect.map(Ref.get(number), named),
      renew: (_connection, refused) =>
        Effect.map(
          Ref.updateAndGet(number, (value) => Redacted.value(refused) === `access-${value}` ? value + 1 : value),
          named
        )
    })
  })
)

/** A store that holds nothing and keeps nothing. */
export const emptyStore: Layer.Layer<Surreal> = Layer.succeed(Surreal, {
  query: (result) => Effect.orDie(Schema.decodeUnknownEffect(result)([])),
  execute: () => Effect.void,
  transaction: () => Effect.succeed([]),
  snapshot: Effect.die("nothing is read as a whole here"),
  size: Effect.succeedNone,
  recheck: Effect.succeedNone
})

/** The true gates and circuit breakers over an empty store. */
export const gates = Layer.merge(ProviderGates.layer, CircuitBreakers.layer).pipe(Layer.provide(emptyStore))

const addresses = (apiUrl: string) => ({
  apiUrl,
  authorizeUrl: "http://127.0.0.1:1/authorize",
  tokenUrl: "http://127.0.0.1:1/token",
  revokeUrl: Option.none(),
  redirectUri: "http://127.0.0.1:1/callback"
})

/** A config whose providers live at these addresses. */
export const config = (apiUrls: { readonly spotify: string; readonly google: string; readonly oura: string }) =>
  Layer.succeed(CurrentConfig, {
    path: "config.toml",
    project: { name: "glider" },
    scheduler: schedulerDefaults,
    engine: engineDefaults,
    dashboard: dashboardDefaults,
    music: musicDefaults,
    mcp: mcpDefaults,
    agents: agentsDefaults,
    server: { ...serverDefaults, port: 0 },
    store: { url: Option.none(), namespace: "glider", database: "glider" },
    providers: {
      spotify: addresses(apiUrls.spotify),
      google: addresses(apiUrls.google),
      oura: addresses(apiUrls.oura)
    },
    tasks: [],
    schedules: []
  })

/** Everything a client needs beside an HttpClient. */
export const surroundings = Layer.mergeAll(
  tokens,
  gates,
  config({
    spotify: "https://spotify.test/v1",
    google: "https://google.test",
    oura: "https://oura.test/v2"
  })
)
