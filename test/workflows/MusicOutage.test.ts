import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicSync } from "../../src/workflows/MusicSync.ts"
import { musicWorld } from "../support/MusicWorld.ts"
import * as QuickClock from "../support/QuickClock.ts"

describe("a song that is asked for while Spotify's circuit breaker is open", () => {
  it.live("waits for it, and is added", () =>
    Effect.gen(function*() {
      const { playlists, requests } = yield* Sandbox
      const { protect } = yield* CircuitBreakers
      const fails = protect("spotify", () => "out of order")(Effect.fail("away"))
      yield* Effect.repeat(Effect.flip(fails), { times: 4 })
      const [playlist = ""] = playlists.playlistIds
      const request = { key: "outage", track_name: "Teardrop", artist: "Massive Attack", playlist_id: playlist }
      const run = yield* MusicSync.execute(request, { discard: true })
      const row = Effect.map(Effect.flatMap(Runs, (runs) => runs.get(run)), Option.getOrThrow)
      yield* Effect.repeat(row, { until: ({ state }) => state === "waiting" })
      assert.lengthOf((yield* requests).filter(({ path }) => path.includes("/search")), 0)
      const { match_method, outcome } = yield* MusicSync.execute(request)
      assert.deepStrictEqual([outcome, match_method], ["added", "fuzzy"])
      assert.strictEqual((yield* row).status, "completed")
    }).pipe(Effect.provide(musicWorld.pipe(Layer.provideMerge(QuickClock.layer(15))))), 30_000)
})
