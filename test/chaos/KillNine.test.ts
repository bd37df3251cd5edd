import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { drawnOf, seed, storesOf } from "../support/Chaos.ts"
import { randomKills, tell } from "../support/VictimStory.ts"

const world = Layer.mergeAll(Sandbox.layer({ seed: "kill nine", start: "2026-09-15T06:00:00Z" }), NodeServices.layer)

const stores = Effect.runSync(storesOf(5, 20))

describe("kills at random instants", () => {
  for (const { kills, store } of stores) {
    it.live(`lose and double nothing, store ${store}`, () =>
      Effect.gen(function*() {
        const first = yield* seed
        yield* Effect.logInfo(`GLIDER_CHAOS_SEED=${first}`)
        const mine = first * 1000 + store
        const { interrupted, violations } = yield* tell({
          seed: mine,
          ends: randomKills(mine, kills),
          lookbackDays: store === 1 ? 9 : 2
        })
        assert.deepStrictEqual(violations, [], `GLIDER_CHAOS_SEED=${first}`)
        assert.isAtLeast(interrupted, Math.floor(kills / 4), "kills that fell into a run")
      }).pipe(Effect.provide(world)))
  }
})

const passages = [1, 2, 3, 4, 5]
const places = ["run.started", "page.read", "commit.before", "commit.after", "run.finishing"] as const

describe("a crash at a named place", () => {
  it.live("loses and doubles nothing, at the first passages", () =>
    Effect.gen(function*() {
      const ends = yield* drawnOf(places.flatMap((place) =>
        passages.slice(0, place.startsWith("commit") ? 5 : 3).map((passage) => ({ crashAt: `${place}:${passage}` }))
      ))
      const { interrupted, lives, violations } = yield* tell({ seed: yield* seed, ends })
      assert.deepStrictEqual(violations, [])
      // before its first commit a run is none; what began is found again
      assert.isAtLeast(interrupted, Math.floor(ends.length / 4), "places that leave a run behind")
      assert.isTrue(
        lives.slice(0, ends.length).every(({ killed }) =>
          killed
        )
      )
    }).pipe(Effect.provide(world)))
})
