import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { BatchAccepted, BatchState } from "../../src/api/BatchMessages.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Candidate } from "../../src/music/Track.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Connections } from "../../src/store/Connections.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import * as MusicBatch from "../../src/workflows/MusicBatch.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { signIn } from "../support/ScriptedSync.ts"
import { musicDefaults } from "../support/ServerConfig.ts"
import { handler, local, Problem } from "./Handled.ts"
import { spotifyAs } from "./MusicServed.ts"
import { behindWorkflows, configOf, onFreePort } from "./Served.ts"

const address = "/api/v1/sync/batch"

const teardrop = new Candidate({
  uri: "spotify:track:1",
  name: "Teardrop",
  artists: ["Massive Attack"],
  isPlayable: true
})

/** A Spotify that has one song. */
const spotify = Layer.unwrap(Effect.sync(() => {
  const there: Array<string> = []
  return Layer.mock(Spotify, {
    patience: Effect.void,
    searchTracks: (_connection, query) => Effect.succeed(query.includes("Teardrop") ? [teardrop] : []),
    playlistTracks: () => Effect.succeed([...there]),
    addToPlaylist: (_connection, _playlist, uri) => Effect.sync(() => there.push(uri) > 0)
  })
}))

/** Where songs may be put into playlists, or not. */
const worldOf = (enabled: boolean) =>
  Layer.merge(MusicSync.layer, MusicBatch.layer).pipe(
    Layer.provide([PlaylistTurns.layer, PlaylistAdditions.layer, spotify]),
    Layer.provide(Layer.provideMerge(Layer.effectDiscard(signIn), Connections.layer)),
    Layer.provideMerge(behindWorkflows(
      onFreePort((port) => ({
        ...configOf({ port, requestsPerMinute: 0 }),
        music: { ...musicDefaults, enabled }
      })),
      DurableEngine.layer(),
      spotifyAs({})
    ))
  )

layer(worldOf(false))("where songs are not put into playlists", (it) => {
  it.effect("a batch of them is refused with what to do", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const body = { playlist_id: "A".repeat(22), tracks: [{ track_name: "Teardrop", artist: "Massive Attack" }] }
      const headers = { ...yield* local, "content-type": "application/json" }
      const answer = yield* ask(address, { method: "POST", headers, body: JSON.stringify(body) })
      assert.strictEqual(answer.status, 409)
      const { code, fix } = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(answer.body)
      assert.strictEqual(code, "music_unavailable")
      assert.match(fix ?? "", /\[music\] enabled = true/)
    }))
})

layer(worldOf(true))("batches of songs over HTTP", (it) => {
  const request = {
    playlist_id: "A".repeat(22),
    user_id: "me & you",
    tracks: [{ track_name: " Teardrop ", artist: "Massive Attack" }, { track_name: "Xyzzy", artist: "Nobody" }]
  }

  const asker = Effect.gen(function*() {
    const ask = yield* handler
    const token = yield* local
    return (path: string, body?: unknown, headers: { readonly [name: string]: string } = {}) =>
      ask(path, {
        headers: { ...token, "content-type": "application/json", ...headers },
        ...body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
      })
  })

  it.effect("are accepted with the number of their songs, and told song by song", () =>
    Effect.gen(function*() {
      const ask = yield* asker
      const answer = yield* ask(address, request)
      assert.strictEqual(answer.status, 202, answer.body)
      const accepted = yield* Schema.decodeEffect(Schema.fromJsonString(BatchAccepted))(answer.body)
      assert.match(accepted.workflow_id, /^batch-me___you-\d+-[0-9a-f]{5}$/)
      assert.deepInclude(accepted, {
        track_count: 2,
        status: "accepted",
        status_url: `${address}/${accepted.workflow_id}`
      })
      yield* (yield* RunControl).ended(accepted.workflow_id)
      const told = yield* ask(accepted.status_url)
      const state = yield* Schema.decodeEffect(Schema.fromJsonString(BatchState))(told.body)
      assert.deepInclude(state, {
        status: "completed",
        total_tracks: 2,
        completed_tracks: 2,
        successful_syncs: 1,
        failed_syncs: 1
      })
      assert.deepStrictEqual(state.individual_results, [
        {
          index: 0,
          run_id: `${accepted.workflow_id}-track-0`,
          status: "completed",
          track: { track_name: "Teardrop", artist: "Massive Attack" },
          message: "Teardrop by Massive Attack is added",
          outcome: "added",
          spotify_track_uri: "spotify:track:1",
          match_method: "fuzzy"
        },
        {
          index: 1,
          run_id: `${accepted.workflow_id}-track-1`,
          status: "failed",
          track: { track_name: "Xyzzy", artist: "Nobody" },
          message: "Spotify finds nothing by that name"
        }
      ])
    }))

  it.effect("are one where they say the same within the window, and another where they do not", () =>
    Effect.gen(function*() {
      const ask = yield* asker
      const wish = { ...request, user_id: "twice" }
      const idOf = (answer: { readonly body: string }) =>
        Effect.map(Schema.decodeEffect(Schema.fromJsonString(BatchAccepted))(answer.body), (told) => told.workflow_id)
      const first = yield* idOf(yield* ask(address, wish))
      assert.strictEqual(yield* idOf(yield* ask(address, wish)), first)
      assert.notStrictEqual(yield* idOf(yield* ask(address, { ...wish, atomic: true })), first)
    }))

  it.effect("are one where the Idempotency-Key is the same", () =>
    Effect.gen(function*() {
      const ask = yield* asker
      const headers = { "idempotency-key": "once" }
      const first = yield* ask(address, request, headers)
      const second = yield* ask(address, request, headers)
      assert.strictEqual(first.status, 202)
      assert.strictEqual(second.body, first.body)
    }))

  it.effect("that cannot be are refused with the place of what is wrong; what is no batch is not found", () =>
    Effect.gen(function*() {
      const ask = yield* asker
      const wrong: ReadonlyArray<readonly [body: object, pointer: string]> = [
        [{ ...request, tracks: [] }, "/payload/tracks"],
        [{ ...request, tracks: Array.from({ length: 501 }, () => request.tracks[0]) }, "/payload/tracks"],
        [{ ...request, tracks: [{ track_name: " ", artist: "x" }] }, "/payload/tracks/0/track_name"],
        [{ ...request, concurrency: 11 }, "/payload/concurrency"],
        [{ ...request, playlist_id: "short" }, "/payload/playlist_id"]
      ]
      for (const [body, pointer] of wrong) {
        const answer = yield* ask(address, body)
        assert.strictEqual(answer.status, 400, answer.body)
        const { details } = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(answer.body)
        assert.deepStrictEqual(details?.map((one) => one.pointer), [pointer])
      }
      assert.strictEqual((yield* ask(`${address}/nothing`)).status, 404)
    }))
})
