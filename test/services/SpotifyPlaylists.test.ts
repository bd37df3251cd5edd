import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { connectionId } from "../../src/domain/Connection.ts"
import type { Fault } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { RequestTimeouts } from "../../src/services/ProviderHttp.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import * as FastClock from "../support/FastClock.ts"
import { playlistTokens } from "../support/PlaylistTokens.ts"

const me = connectionId("spotify", "me")
const noon = "2026-11-20T12:00:00Z"
const world = (options: Parameters<typeof Sandbox.layer>[0] = {}) =>
  Spotify.layer.pipe(
    Layer.provide([FetchHttpClient.layer, playlistTokens]),
    Layer.provideMerge(Sandbox.layer({ start: noon, ...options })),
    Layer.provideMerge(FastClock.layer(noon)),
    Layer.provideMerge(Layer.succeed(RequestTimeouts, { request: Duration.hours(2), total: Duration.hours(2) }))
  )

/** A playlist of the person, one of 250 tracks, and a track that is in neither. */
const given = Effect.gen(function*() {
  const { listening, playlists } = yield* Sandbox
  const [short = "", long = ""] = playlists.playlistIds
  const there = new Set([...yield* playlists.tracksIn(short), ...yield* playlists.tracksIn(long)])
  const uri = listening.trackUris.find((one) => !there.has(one)) ?? ""
  return { short, long, uri }
})

const count = Effect.fnUntraced(function*(playlist: string, uri: string) {
  const { playlists } = yield* Sandbox
  return (yield* playlists.tracksIn(playlist)).filter((one) => one === uri).length
})

describe("Spotify, tracks and playlists", () => {
  for (const spotifyLegacyFields of [false, true]) {
    it.live(`finds tracks and reads a playlist to its end${spotifyLegacyFields ? ", as they were before 2026" : ""}`, () =>
      Effect.gen(function*() {
        const { playlists } = yield* Sandbox
        const spotify = yield* Spotify
        const { long } = yield* given
        const found = yield* spotify.searchTracks(me, "track:Teardrop artist:Massive Attack")
        const plain = found.find(({ name }) => name === "Teardrop")
        assert.deepStrictEqual(plain?.artists, ["Massive Attack"])
        assert.strictEqual(plain?.album, "Mezzanine")
        assert.match(plain?.isrc ?? "", /^[A-Z]{3}\d{9}$/)
        assert.deepStrictEqual(yield* spotify.playlistTracks(me, long), yield* playlists.tracksIn(long))
        assert.includeDeepMembers([...yield* spotify.playlists(me)].map(({ id }) => id), [long])
      }).pipe(Effect.provide(world({ spotifyLegacyFields }))))
  }

  it.live("adds a track once, says whether it was this call, and takes it out again", () =>
    Effect.gen(function*() {
      const spotify = yield* Spotify
      const { long, uri } = yield* given
      assert.isTrue(yield* spotify.addToPlaylist(me, long, uri))
      assert.isFalse(yield* spotify.addToPlaylist(me, long, uri))
      assert.strictEqual(yield* count(long, uri), 1)
      yield* spotify.removeFromPlaylist(me, long, uri)
      yield* spotify.removeFromPlaylist(me, long, uri)
      assert.strictEqual(yield* count(long, uri), 0)
    }).pipe(Effect.provide(world())))

  const lost: ReadonlyArray<Fault> = [
    { _tag: "ResetMidBody" },
    { _tag: "Truncated" },
    { _tag: "MalformedJson" },
    { _tag: "Html" },
    { _tag: "Reset" },
    { _tag: "Status", status: 503 },
    { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 2 } },
    { _tag: "TokenExpired" }
  ]
  for (const fault of lost) {
    const name = fault._tag === "Status" ? `${fault.status}` : fault._tag
    it.live(`adds a track once when the answer to the addition is lost by ${name}`, () =>
      Effect.gen(function*() {
        const { faults, requests } = yield* Sandbox
        const spotify = yield* Spotify
        const { short, uri } = yield* given
        // the first request reads the playlist, the second adds to it
        yield* faults.script({ fault, provider: "spotify", path: "/items", after: 1, times: 1 })
        assert.isTrue(yield* spotify.addToPlaylist(me, short, uri))
        assert.strictEqual(yield* count(short, uri), 1)
        assert.isTrue((yield* requests).some((request) => request.method === "POST" && request.fault === fault._tag))
      }).pipe(Effect.provide(world())))
  }

  it.live("does not repeat what another attempt would not mend", () =>
    Effect.gen(function*() {
      const { playlists, requests } = yield* Sandbox
      const spotify = yield* Spotify
      const { short } = yield* given
      const foreign = yield* Effect.flip(spotify.addToPlaylist(me, playlists.foreignPlaylistId, "spotify:track:x"))
      assert.strictEqual(foreign.reason._tag, "Forbidden")
      const unknown = yield* Effect.flip(spotify.addToPlaylist(me, "AAAAAAAAAAAAAAAAAAAAAA", "spotify:track:x"))
      assert.strictEqual(unknown.reason._tag, "NotFound")
      const before = (yield* requests).length
      const invented = yield* Effect.flip(spotify.addToPlaylist(me, short, "spotify:track:0000000000000000000000"))
      assert.strictEqual(invented.reason._tag, "BadRequest")
      assert.lengthOf((yield* requests).slice(before), 2)
    }).pipe(Effect.provide(world())))
})
