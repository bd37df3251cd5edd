import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as HeapTrim from "../../src/services/HeapTrim.ts"

const megabytes = (count: number): number => count * 1024 * 1024

/** A heap of which a collection leaves 25 MB. */
const make = () => {
  const state = { held: megabytes(30), busy: 0, collections: 0 }
  const layer = Layer.provide(
    HeapTrim.layer,
    Layer.succeed(HeapTrim.Heap, {
      held: Effect.sync(() => state.held),
      busy: Effect.sync(() => state.busy),
      collect: Effect.sync(() => {
        state.collections++
        state.held = megabytes(25)
      })
    })
  )
  return { state, layer }
}

describe("memory", () => {
  it.effect("is given back once a burst is over, and not during it", () => {
    const { layer, state } = make()
    return Effect.gen(function*() {
      Object.assign(state, { held: megabytes(300), busy: 0.9 })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(state.collections, 0)
      state.busy = 0.01
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(state.collections, 1)
      assert.strictEqual(state.held, megabytes(25))
    }).pipe(Effect.provide(layer))
  })

  it.effect("is left alone when there is little to be had, however long the process rests", () => {
    const { layer, state } = make()
    return Effect.gen(function*() {
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(state.collections, 0)
      state.held = megabytes(40)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(state.collections, 1, "the first time, of all that the start has left")
      state.held = megabytes(25 + 31)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(state.collections, 1)
      state.held = megabytes(25 + 33)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(state.collections, 2)
    }).pipe(Effect.provide(layer))
  })

  it.live("of real garbage goes back to the machine", () =>
    Effect.gen(function*() {
      const heap = yield* HeapTrim.Heap
      yield* heap.collect
      const before = yield* heap.held
      let garbage: ReadonlyArray<string> = Array.from({ length: 400_000 }, (_, index) => `${index}`.padEnd(64))
      const full = yield* heap.held
      assert.isAbove(full - before, megabytes(20), `${garbage.length} texts`)
      garbage = []
      yield* heap.collect
      assert.isBelow(yield* heap.held, full - megabytes(20), `${garbage.length} texts`)
    }).pipe(Effect.provide(HeapTrim.Heap.layer)))
})
