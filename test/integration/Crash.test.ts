import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { randomKills, tell } from "../support/VictimStory.ts"

const seed = 10

describe("killed at random instants", () => {
  it.live(`5 kills lose and double nothing, seed ${seed}`, () =>
    Effect.gen(function*() {
      const { interrupted, violations } = yield* tell({ seed, ends: randomKills(seed, 5) })
      assert.deepStrictEqual(violations, [])
      assert.isAtLeast(interrupted, 1, "kills that fell into a run")
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Sandbox.layer({ seed: "crash", start: "2026-09-15T06:00:00Z" }), NodeServices.layer)
      )
    ), 240_000)
})
