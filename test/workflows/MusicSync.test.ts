import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option } from "effect"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicSync } from "../../src/workflows/MusicSync.ts"
import { musicWorld } from "../support/MusicWorld.ts"
import * as QuickClock from "../support/QuickClock.ts"

const teardrop = { track_name: "Teardrop (Remastered)", artist: "massive attack", album: "Mezzanine" }

/** A playlist in which that track is not. */
const empty = Effect.gen(function*() {
  const { playlists } = yield* Sandbox
  const [playlist = ""] = playlists.playlistIds
  const before = yield* playlists.tracksIn(playlist)
  return { playlist, before }
})

type Track = Pick<Parameters<typeof MusicSync.execute>[0], "track_name" | "artist" | "album" | "isrc">

const request = (key: string, playlist: string, track: Track = teardrop) => ({ key, ...track, playlist_id: playlist })

const added = Effect.fnUntraced(function*(playlist: string, before: ReadonlyArray<string>) {
  const { playlists } = yield* Sandbox
  return (yield* playlists.tracksIn(playlist)).slice(before.length)
})

describe("a song that somebody asks for", () => {
  it.live("is found, added once and seen in the playlist; who asks again is told that it is there", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const result = yield* MusicSync.execute(request("one", playlist))
      assert.deepStrictEqual(
        [result.outcome, result.match_method, result.verified, result.candidate.name, result.candidate.album],
        ["added", "fuzzy", true, "Teardrop", "Mezzanine"]
      )
      assert.deepStrictEqual(yield* added(playlist, before), [result.candidate.uri])
      const again = yield* MusicSync.execute(request("two", playlist))
      assert.strictEqual(again.outcome, "already_there")
      assert.deepStrictEqual(yield* MusicSync.execute(request("one", playlist)), result)
      assert.lengthOf(yield* added(playlist, before), 1)
      const { runs } = yield* (yield* Runs).list({ query: Option.none(), after: Option.none(), limit: 10 })
      assert.deepStrictEqual(
        runs.map(({ attributes }) => [attributes["track_name"], attributes["match_method"]]),
        [["Teardrop (Remastered)", "fuzzy"], ["Teardrop (Remastered)", "fuzzy"]]
      )
    }).pipe(Effect.provide(musicWorld)))

  it.live("is found by its ISRC, whatever it is called", () =>
    Effect.gen(function*() {
      const { playlist } = yield* empty
      const found = yield* MusicSync.execute(request("one", playlist))
      const isrc = found.candidate.isrc ?? ""
      const [, other = ""] = (yield* Sandbox).playlists.playlistIds
      const track = { track_name: "Tear drop", artist: "M. Attack", isrc }
      const result = yield* MusicSync.execute(request("two", other, track))
      assert.deepStrictEqual([result.match_method, result.confidence, result.candidate.uri], [
        "isrc",
        1,
        found.candidate.uri
      ])
    }).pipe(Effect.provide(musicWorld)))

  it.live("is added once when many ask for it at the same time", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const results = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => `at once ${index}`),
        (key) => MusicSync.execute(request(key, playlist)),
        { concurrency: "unbounded" }
      )
      assert.isTrue(results.every(({ verified }) => verified))
      assert.lengthOf(results.filter(({ outcome }) => outcome === "added"), 1)
      assert.lengthOf(yield* added(playlist, before), 1)
    }).pipe(Effect.provide(musicWorld)))

  it.live("that does not exist ends as one that was not found, and the playlist stays as it is", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const track = { track_name: "Xyzzy of the Unwritten Sea", artist: "Nobody At All" }
      const error = yield* Effect.flip(MusicSync.execute(request("none", playlist, track)))
      assert.strictEqual(error._tag, "NoMatch")
      const karaoke = { track_name: "Karma Police", artist: "The Unknown Ensemble" }
      const other = yield* Effect.flip(MusicSync.execute(request("other", playlist, karaoke)))
      assert.strictEqual(other._tag, "NoMatch")
      assert.deepStrictEqual(yield* added(playlist, before), [])
    }).pipe(Effect.provide(musicWorld)))

  it.live("for a playlist that is somebody else's or is not there ends with the reason", () =>
    Effect.gen(function*() {
      const { playlists } = yield* Sandbox
      const foreign = yield* Effect.flip(MusicSync.execute(request("foreign", playlists.foreignPlaylistId)))
      assert.strictEqual(foreign._tag, "InsufficientScope")
      const unknown = yield* Effect.flip(MusicSync.execute(request("unknown", "AAAAAAAAAAAAAAAAAAAAAA")))
      assert.strictEqual(unknown._tag, "PlaylistNotFound")
    }).pipe(Effect.provide(musicWorld)))
})

describe("a song that nobody sees after it was added", () => {
  const quick = musicWorld.pipe(Layer.provideMerge(QuickClock.layer(15)))

  /** How often the playlist was read after something was added to it. */
  const looks = Effect.map(Effect.flatMap(Sandbox, ({ requests }) => requests), (all) => {
    const items = all.filter(({ path }) => path.endsWith("/items"))
    return items.slice(items.findIndex(({ method }) => method === "POST") + 1).filter(({ query }) =>
      query["offset"] === undefined || query["offset"] === "0"
    ).length
  })

  it.live("is said not to be seen when another app has taken it out, after three looks", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const { faults, playlists, requests } = yield* Sandbox
      // the first look hangs for as long as a look may take; before it are one look whether it is there and the addition
      yield* faults.script({ fault: { _tag: "Hang" }, provider: "spotify", path: "/items", after: 2 })
      const id = yield* MusicSync.execute(request("taken out", playlist), { discard: true })
      yield* Effect.repeat(added(playlist, before), { until: ({ length }) => length === 1 })
      const [uri = ""] = yield* added(playlist, before)
      yield* playlists.removeTrack(playlist, uri)
      const { candidate, outcome, verified } = yield* MusicSync.execute(request("taken out", playlist))
      assert.deepStrictEqual([candidate.uri, outcome, verified], [uri, "added", false])
      assert.strictEqual(yield* looks, 3, JSON.stringify((yield* requests).map(({ method, path }) => [method, path])))
      assert.deepStrictEqual(yield* added(playlist, before), []) // it is not added again against their will
      assert.strictEqual(Option.getOrThrow(yield* (yield* Runs).get(id)).status, "completed")
    }).pipe(Effect.provide(quick)), 20_000)

  it.live(
    "is said not to be seen when Spotify shows the playlist to nobody, and stays in it",
    () =>
      Effect.gen(function*() {
        const { before, playlist } = yield* empty
        const { faults } = yield* Sandbox
        const away = { _tag: "Status", status: 503 } as const
        yield* faults.script({ fault: away, provider: "spotify", path: "/items", after: 2, times: "always" })
        const { candidate, outcome, verified } = yield* MusicSync.execute(request("unseen", playlist))
        assert.deepStrictEqual([outcome, verified], ["added", false])
        assert.deepStrictEqual(yield* added(playlist, before), [candidate.uri])
      }).pipe(Effect.provide(quick)),
    20_000
  )
})

describe("a song that might be the one", () => {
  /** Of which Spotify has another recording. */
  const demo = { track_name: "Teardrop (Demo)", artist: "Massive Attack" }

  const answered = Effect.fnUntraced(function*(key: string, playlist: string, answer: string) {
    const control = yield* RunControl
    const id = yield* MusicSync.execute(request(key, playlist, demo), { discard: true })
    const waits = Effect.map((yield* Runs).get(id), Option.exists(({ state }) => state === "waiting"))
    yield* Effect.repeat(waits, { until: (isWaiting) => isWaiting })
    assert.isTrue(yield* control.signal(id, "review", answer))
    return yield* Effect.exit(MusicSync.execute(request(key, playlist, demo)))
  })

  it.live("waits for a person, and is added when they say so", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const rejected = yield* answered("rejected", playlist, "rejected")
      assert.strictEqual(Option.getOrThrow(Exit.findErrorOption(rejected))._tag, "NotApproved")
      assert.deepStrictEqual(yield* added(playlist, before), [])
      const approved = yield* answered("approved", playlist, "approved")
      const { candidate, confidence, match_method, outcome } = Option.getOrThrow(Exit.getSuccess(approved))
      assert.deepStrictEqual([outcome, match_method], ["added", "review"])
      assert.match(candidate.name, /^Teardrop/)
      assert.isTrue(confidence >= 0.4 && confidence <= 0.6, String(confidence))
      assert.deepStrictEqual(yield* added(playlist, before), [candidate.uri])
    }).pipe(Effect.provide(musicWorld)))
})

describe("a song of which the run is cancelled", () => {
  /** Cancels while the run verifies: after so many requests for the playlist, the next one takes a second. */
  const cancelled = Effect.fnUntraced(function*(key: string, playlist: string, looks: number) {
    const { faults, requests } = yield* Sandbox
    const control = yield* RunControl
    yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items", after: looks })
    const id = yield* MusicSync.execute(request(key, playlist), { discard: true })
    yield* Effect.repeat(requests, { until: (all) => all.some(({ fault }) => fault === "Slow") })
    assert.isTrue(yield* control.cancel(id, "safe"))
    yield* control.ended(id)
    return Option.getOrThrow(yield* (yield* Runs).get(id))
  })

  it.live("is taken out again when the run had added it", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      // one to look whether it is there, and one to add it
      const row = yield* cancelled("taken back", playlist, 2)
      assert.strictEqual(row.status, "cancelled")
      assert.deepStrictEqual(yield* added(playlist, before), [])
    }).pipe(Effect.provide(musicWorld)))

  it.live("stays when another run has asked for it meanwhile, until that one is cancelled, too", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const { faults, requests } = yield* Sandbox
      const control = yield* RunControl
      const verifying = Effect.fnUntraced(function*(key: string, looks: number, slow: number) {
        yield* faults.script({ fault: { _tag: "Slow", seconds: 1 }, provider: "spotify", path: "/items", after: looks })
        const id = yield* MusicSync.execute(request(key, playlist), { discard: true })
        const isSlow = (all: Effect.Success<typeof requests>) =>
          all.filter(({ fault }) => fault === "Slow").length === slow
        yield* Effect.repeat(requests, { until: isSlow })
        return id
      })
      const cancel = Effect.fnUntraced(function*(id: string) {
        assert.isTrue(yield* control.cancel(id, "safe"))
        yield* control.ended(id)
      })
      const first = yield* verifying("first", 2, 1)
      // it looks, finds the track there, and verifies
      const second = yield* verifying("second", 1, 2)
      yield* cancel(first)
      assert.lengthOf(yield* added(playlist, before), 1)
      yield* cancel(second)
      assert.deepStrictEqual(yield* added(playlist, before), [])
    }).pipe(Effect.provide(musicWorld)))

  it.live("stays when it was there before", () =>
    Effect.gen(function*() {
      const { before, playlist } = yield* empty
      const { candidate } = yield* MusicSync.execute(request("before", playlist))
      const row = yield* cancelled("not ours", playlist, 1)
      assert.strictEqual(row.status, "cancelled")
      assert.deepStrictEqual(yield* added(playlist, before), [candidate.uri])
    }).pipe(Effect.provide(musicWorld)))
})
