import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Claim, MusicRequests } from "../../src/store/MusicRequests.ts"
import { storeTest } from "../support/StoreTest.ts"

const claim = (request: string, run: string, more: Partial<Claim> = {}) =>
  Effect.flatMap(
    MusicRequests,
    (requests) => requests.claim({ request, run, window: Duration.minutes(10), instead: Option.none(), ...more })
  )

layer(MusicRequests.layer.pipe(Layer.provideMerge(storeTest)))("store/MusicRequests", (it) => {
  it.effect("a request is the run that came first, from then on and not from the last time that it was asked for", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* claim("a", "one"), "one")
      assert.strictEqual(yield* claim("b", "other"), "other")
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual(yield* claim("a", "two"), "one")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* claim("a", "three"), "three")
      yield* TestClock.adjust("9 minutes")
      assert.strictEqual(yield* claim("a", "four"), "three")
    }))

  it.effect("a run that came to nothing gives the request up, to one", () =>
    Effect.gen(function*() {
      yield* claim("failed", "one")
      const instead = Option.some("one")
      assert.strictEqual(yield* claim("failed", "two", { instead }), "two")
      assert.strictEqual(yield* claim("failed", "three", { instead }), "two")
    }))

  // who meets another's commit waits for a moment before the next try, which takes a clock that goes
  it.effect("of many at the same instant one holds it", () =>
    TestClock.withLive(Effect.gen(function*() {
      const held = yield* Effect.forEach(
        Array.from({ length: 12 }, (_, index) => `run ${index}`),
        (run) => claim("at once", run),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(held).size, 1)
      assert.strictEqual(yield* claim("at once", "late"), held[0])
    })))

  it.effect("without a window nothing is the same", () =>
    Effect.gen(function*() {
      yield* claim("never", "one", { window: Duration.zero })
      assert.strictEqual(yield* claim("never", "two", { window: Duration.zero }), "two")
    }))
})
