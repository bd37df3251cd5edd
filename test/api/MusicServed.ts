/** The API over the music sync, with the stand-in for Spotify over real HTTP, in real time. */
import { assert } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { AccountStatus } from "../../src/accounts/AccountStatus.ts"
import { SyncAccepted, SyncState } from "../../src/api/MusicMessages.ts"
import { ReviewInfo } from "../../src/api/ReviewMessages.ts"
import { guarded, listening, serving } from "../../src/api/Server.ts"
import type { GliderConfig } from "../../src/Config.ts"
import { dashboard } from "../../src/dashboard/Dashboard.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { ToolServers } from "../../src/services/ToolServers.ts"
import { Connections } from "../../src/store/Connections.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import * as AgentSync from "../../src/workflows/AgentSync.ts"
import * as Diagnostics from "../../src/workflows/Diagnostics.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { mind } from "../support/AgentWorld.ts"
import { playlistTokens } from "../support/PlaylistTokens.ts"
import { signIn } from "../support/ScriptedSync.ts"
import { agentsDefaults } from "../support/ServerConfig.ts"
import { handler, local } from "./Handled.ts"
import { behindWorkflows, configOf, connection, onFreePort } from "./Served.ts"

const workflowsWith = (ai: Layer.Layer<Ai>) =>
  Layer.mergeAll(MusicSync.layer, AgentSync.layer, Diagnostics.layer).pipe(
    Layer.provide([PlaylistTurns.layer, ToolServers.layer, ai]),
    Layer.provideMerge(Layer.provide(DurableEngine.layer(), RunRecords.layer({ storeRunStatus: false }))),
    Layer.provide(SyncRuns.layer),
    Layer.provide(Layer.effectDiscard(signIn)),
    Layer.provide(PlaylistAdditions.layer),
    Layer.provide([Connections.layer, Layer.provide(Spotify.layer, [FetchHttpClient.layer, playlistTokens])])
  )

/** How the account of Spotify stands. */
export const spotifyAs = (status: Partial<ConstructorParameters<typeof AccountStatus>[0]>) =>
  Layer.mock(Accounts, {
    status: Effect.succeed([
      new AccountStatus({
        provider: "spotify",
        connection: Option.some(connection),
        signInEndsAt: Option.none(),
        missingScopes: [],
        fix: Option.none(),
        ...status
      })
    ])
  })

const config = (enabled: boolean, agents: Partial<GliderConfig["agents"]>) =>
  onFreePort((port) => ({
    ...configOf({ port, requestsPerMinute: 0 }),
    agents: { ...agentsDefaults, ...agents },
    music: { enabled, idempotencyWindow: Duration.minutes(10) }
  }))

/** Everything behind the API, while the account of Spotify stands so, and agents. */
export const musicBehindAs = (
  account: Layer.Layer<Accounts>,
  enabled = true,
  agents: Partial<GliderConfig["agents"]> = {},
  ai: Layer.Layer<Ai> = Ai.layerNone
) => behindWorkflows(config(enabled, agents), workflowsWith(ai), account, ai).pipe(Layer.provideMerge(Sandbox.layer()))

export const musicBehind = musicBehindAs(spotifyAs({}))

/** The same with agents, whose model is that of the test. */
export const agentsBehind = (agents: Partial<GliderConfig["agents"]>) =>
  Layer.unwrap(
    Effect.map(Layer.build(mind), (context) => {
      const same = Layer.succeedContext(context)
      return Layer.provideMerge(musicBehindAs(spotifyAs({}), true, { enabled: true, ...agents }, same), same)
    })
  )

/** On a real port. */
export const musicServed = serving(dashboard).pipe(
  Layer.provideMerge(guarded),
  Layer.provideMerge(listening),
  Layer.provideMerge(musicBehind)
)

/** The id of a playlist in which little is. */
export const playlistId = Effect.map(Sandbox, ({ playlists }) => playlists.playlistIds[0] ?? assert.fail("no playlist"))

/** What is in it. */
export const contents = Effect.flatMap(
  Effect.all([Sandbox, playlistId]),
  ([{ playlists }, playlist]) => playlists.tracksIn(playlist)
)

export const teardrop = { track_name: "Teardrop (Remastered)", artist: "massive attack", album: "Mezzanine" }

const decodeAccepted = Schema.decodeEffect(Schema.fromJsonString(SyncAccepted))
const decodeState = Schema.decodeEffect(Schema.fromJsonString(SyncState))

/** Asks the API as the person of this machine. */
export const asker = Effect.gen(function*() {
  const ask = yield* handler
  const token = yield* local
  const control = yield* RunControl
  const get = (path: string) => ask(path, { headers: token })
  const post = (path: string, body: unknown = undefined, headers: { readonly [name: string]: string } = {}) =>
    ask(path, {
      method: "POST",
      headers: { ...token, ...body === undefined ? {} : { "content-type": "application/json" }, ...headers },
      ...body === undefined ? {} : { body: JSON.stringify(body) }
    })
  const accepted = Effect.fnUntraced(function*(
    body: unknown,
    headers: { readonly [name: string]: string } = {},
    path = "/api/v1/sync"
  ) {
    const answer = yield* post(path, body, headers)
    assert.strictEqual(answer.status, 202, answer.body)
    return yield* decodeAccepted(answer.body)
  })
  const state = Effect.fnUntraced(function*(id: string) {
    const answer = yield* get(`/api/v1/sync/${encodeURIComponent(id)}`)
    assert.strictEqual(answer.status, 200, answer.body)
    return yield* decodeState(answer.body)
  })
  const ended = (id: string) => Effect.andThen(control.ended(id), state(id))
  return { ask, get, post, accepted, state, ended, control }
})

/** A song of which Spotify has another recording: nobody can tell whether that is meant. */
const demo = { track_name: "Teardrop (Demo)", artist: "Massive Attack" }

const decodeReviews = Schema.decodeEffect(Schema.fromJsonString(Schema.Array(ReviewInfo)))

/** The songs that wait for a person. */
export const reviews = Effect.flatMap(
  asker,
  ({ get }) => Effect.flatMap(get("/api/v0/reviews"), ({ body }) => decodeReviews(body))
)

/** A song that waits. */
export const inReview = Effect.fnUntraced(function*(user_id: string, path = "/api/v1/sync") {
  const { accepted } = yield* asker
  const { workflow_id } = yield* accepted({ ...demo, user_id, playlist_id: yield* playlistId }, {}, path)
  yield* Effect.repeat(reviews, { until: (all) => all.some(({ id }) => id === workflow_id) })
  return workflow_id
})
