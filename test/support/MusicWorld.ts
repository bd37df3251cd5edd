/** The music sync on the real engine and store, with the stand-in for Spotify over real HTTP, in real time. */
import { NodeServices } from "@effect/platform-node"
import { DateTime, Effect, Layer, Option, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { connectionId } from "../../src/domain/Connection.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { config, gates } from "./ProviderTest.ts"
import { memoryStoreTest } from "./StoreTest.ts"

/** What a sign-in grants where songs may be put into playlists. */
const scope = "playlist-read-private playlist-modify-private playlist-modify-public"

const tokens = Layer.effect(
  AccessTokens,
  Effect.gen(function*() {
    const sandbox = yield* Sandbox
    const issue = Effect.map(
      sandbox.tokens.issue("spotify", { scope }),
      ({ accessToken }) => Redacted.make(accessToken)
    )
    return AccessTokens.of({ get: () => issue, renew: () => issue })
  })
)

const addresses = Layer.unwrap(
  Effect.map(
    Sandbox,
    ({ providerAddresses: { google, oura, spotify } }) =>
      config({ spotify: spotify.api_url, google: google.api_url, oura: oura.api_url })
  )
)

const engine = DurableEngine.layer().pipe(
  Layer.provide(RunRecords.layer({ storeRunStatus: false })),
  Layer.provide(RunNews.layer)
)

const tables = Layer.mergeAll(Connections.layer, Runs.layer, SyncRuns.layer)

/** A Spotify account is connected. */
const connected = Layer.effectDiscard(Effect.gen(function*() {
  const connections = yield* Connections
  const at = yield* DateTime.now
  yield* connections.signIn(
    { id: connectionId("spotify", "me"), provider: "spotify", userId: "me", version: 0 },
    {
      access_token: "sealed",
      refresh_token: "sealed",
      expiresAt: DateTime.add(at, { hours: 1 }),
      refreshExpiresAt: Option.none(),
      scopes: [],
      at
    }
  )
}))

export const musicWorld = MusicSync.layer.pipe(
  Layer.provide(PlaylistTurns.layer),
  Layer.provideMerge(engine),
  Layer.provideMerge(connected),
  Layer.provideMerge(tables),
  Layer.provideMerge(Spotify.layer),
  Layer.provide([FetchHttpClient.layer, tokens, gates, addresses]),
  Layer.provideMerge(Sandbox.layer()),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(NodeServices.layer)
)
