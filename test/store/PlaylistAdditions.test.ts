import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const track = { playlist: "37i9dQZF1DX4WYpdgoIcn6", uri: "spotify:track:1" }

const additions = Layer.provide(PlaylistAdditions.layer, memoryStoreTest)

describe("who put a track into a playlist", () => {
  it.effect("is nobody until a run claims it, and then that run alone", () =>
    Effect.gen(function*() {
      const { claim, hold, leave } = yield* PlaylistAdditions
      assert.isFalse(yield* hold(track, "one"))
      assert.strictEqual(yield* leave(track, "one"), "others")
      yield* claim(track, "one")
      yield* claim({ ...track, playlist: "another" }, "three")
      assert.isTrue(yield* hold(track, "one"))
      assert.isFalse(yield* hold({ ...track, playlist: "another" }, "one"))
      assert.strictEqual(yield* leave(track, "two"), "others")
      assert.strictEqual(yield* leave(track, "one"), "sole")
    }).pipe(Effect.provide(additions)))

  it.effect("is told apart from who wants it as well: it goes to them when the first leaves", () =>
    Effect.gen(function*() {
      const { claim, hold, leave } = yield* PlaylistAdditions
      yield* claim(track, "one")
      assert.deepStrictEqual([yield* hold(track, "two"), yield* hold(track, "three")], [false, false])
      assert.strictEqual(yield* leave(track, "two"), "others")
      assert.strictEqual(yield* leave(track, "one"), "others")
      assert.isTrue(yield* hold(track, "three"))
      assert.strictEqual(yield* leave(track, "three"), "sole")
    }).pipe(Effect.provide(additions)))

  it.effect("is claimed again after five seconds at the earliest: until then the first may not be seen", () =>
    Effect.gen(function*() {
      const { claim, hold } = yield* PlaylistAdditions
      assert.deepStrictEqual(yield* claim(track, "one"), Option.none())
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* claim(track, "two"), Option.some(Duration.seconds(3)))
      assert.isTrue(yield* hold(track, "one"))
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(yield* claim(track, "two"), Option.none())
      assert.isTrue(yield* hold(track, "two"))
    }).pipe(Effect.provide(additions)))

  it.effect("is remembered when it was taken out, and nobody's any more", () =>
    Effect.gen(function*() {
      const { claim, hold, leave, takenOut } = yield* PlaylistAdditions
      yield* claim(track, "one")
      yield* takenOut(track, "one")
      assert.strictEqual(yield* leave(track, "one"), "taken_out")
      assert.isFalse(yield* hold(track, "one"))
      yield* claim(track, "two")
      assert.strictEqual(yield* leave(track, "one"), "others")
      assert.isTrue(yield* hold(track, "two"))
    }).pipe(Effect.provide(additions)))
})
