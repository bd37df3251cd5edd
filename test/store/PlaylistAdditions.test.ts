import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const track = { playlist: "37i9dQZF1DX4WYpdgoIcn6", uri: "spotify:track:1" }

layer(Layer.provide(PlaylistAdditions.layer, memoryStoreTest))("who put a track into a playlist", (it) => {
  it.effect("is nobody until a run sets out to, then the last that did, until it is taken out", () =>
    Effect.gen(function*() {
      const additions = yield* PlaylistAdditions
      assert.deepStrictEqual(yield* additions.owner(track), Option.none())
      yield* additions.claim(track, "one")
      yield* additions.claim({ ...track, playlist: "another" }, "three")
      assert.deepStrictEqual(yield* additions.owner(track), Option.some("one"))
      yield* additions.claim(track, "two")
      assert.deepStrictEqual(yield* additions.owner(track), Option.some("two"))
      yield* additions.release(track)
      assert.deepStrictEqual(yield* additions.owner(track), Option.none())
      assert.deepStrictEqual(yield* additions.owner({ ...track, playlist: "another" }), Option.some("three"))
    }))
})
