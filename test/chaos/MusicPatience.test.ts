import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import type { FaultRule } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicSync } from "../../src/workflows/MusicSync.ts"
import { musicWorld } from "../support/MusicWorld.ts"
import * as QuickClock from "../support/QuickClock.ts"

const world = Layer.provideMerge(musicWorld, QuickClock.layer(20))

const limited = (seconds?: number): FaultRule["fault"] => ({
  _tag: "Status",
  status: 429,
  ...seconds === undefined ? {} : { retryAfter: { _tag: "Seconds", seconds } }
})

/** Asks for a song while something is in the way; gives what came of it, the seconds that the run took, and what was asked of Spotify. */
const asked = Effect.fnUntraced(function*(rule: FaultRule) {
  const { faults, playlists, requests } = yield* Sandbox
  yield* faults.script({ ...rule, provider: "spotify" })
  const [playlist_id = ""] = playlists.playlistIds
  const payload = { key: "patience", track_name: "Teardrop", artist: "Massive Attack", playlist_id }
  const result = yield* MusicSync.execute(payload)
  const run = yield* Effect.flatMap(
    MusicSync.executionId(payload),
    (id) => Effect.flatMap(Runs, (runs) => runs.get(id))
  )
  const { finishedAt, startedAt } = Option.getOrThrow(run)
  const seconds = (Option.getOrThrow(finishedAt).epochMilliseconds - startedAt.epochMilliseconds) / 1000
  const searches = (yield* requests).filter(({ path }) => path.includes("/search"))
  return { ...result, seconds, refused: searches.filter(({ status }) => status === 429).length }
})

describe("a song for which Spotify asks for patience", () => {
  it.live("twice is found after that, and five seconds more each time", () =>
    Effect.gen(function*() {
      const found = yield* asked({ fault: limited(40), path: "/search", times: 2 })
      assert.deepStrictEqual([found.outcome, found.verified, found.refused], ["added", true, 2])
      assert.isAtLeast(found.seconds, 2 * 45)
    }).pipe(Effect.provide(world)))

  it.live("and then says nothing is asked again after ten seconds", () =>
    Effect.gen(function*() {
      const found = yield* asked({ fault: { _tag: "Hang" }, path: "/search" })
      assert.strictEqual(found.outcome, "added")
      assert.isAtLeast(found.seconds, 10)
      assert.isBelow(found.seconds, 30)
    }).pipe(Effect.provide(world)))

  it.live("without saying how long is found after a minute and five seconds, and nothing is asked meanwhile", () =>
    Effect.gen(function*() {
      const found = yield* asked({ fault: limited(), path: "/search" })
      assert.deepStrictEqual([found.outcome, found.refused], ["added", 1])
      assert.isAtLeast(found.seconds, 65)
    }).pipe(Effect.provide(world)))

  it.live("after it was added is seen in the playlist after that", () =>
    Effect.gen(function*() {
      // one to look whether it is there, and one to add it
      const found = yield* asked({ fault: limited(61), path: "/items", after: 2 })
      assert.deepStrictEqual([found.outcome, found.verified], ["added", true])
      assert.isAtLeast(found.seconds, 66)
    }).pipe(Effect.provide(world)))
})

describe("a song that was added a moment ago", () => {
  it.live("is not added again while Spotify's copy of the playlist may lag", () =>
    Effect.gen(function*() {
      const { playlists, requests } = yield* Sandbox
      const [playlist_id = ""] = playlists.playlistIds
      const payload = { track_name: "Teardrop", artist: "Massive Attack", playlist_id }
      const { candidate } = yield* MusicSync.execute({ key: "first", ...payload })
      yield* playlists.removeTrack(playlist_id, candidate.uri) // what a copy that lags would say
      const second = { key: "second", ...payload }
      const id = yield* MusicSync.execute(second, { discard: true })
      const row = Effect.map(Effect.flatMap(Runs, (runs) => runs.get(id)), Option.getOrThrow)
      yield* Effect.repeat(row, { until: ({ state }) => state === "waiting" })
      yield* playlists.addTrack(playlist_id, candidate.uri)
      assert.strictEqual((yield* MusicSync.execute(second)).outcome, "already_there")
      const additions = (yield* requests).filter(({ method, path }) => method === "POST" && path.includes("/items"))
      assert.lengthOf(additions, 1)
    }).pipe(Effect.provide(Layer.provideMerge(musicWorld, QuickClock.layer(10)))))
})
