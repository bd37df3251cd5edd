import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { randomKills, tell } from "../support/WorkflowVictimStory.ts"

const seed = 8

describe("a process of workflows, killed at random instants", () => {
  it.live(`8 kills lose, double and forget nothing, seed ${seed}`, () =>
    Effect.gen(function*() {
      const { struck, violations } = yield* tell({ seed, ends: randomKills(seed, 8) })
      assert.deepStrictEqual(violations, [])
      assert.strictEqual(struck, 8)
    }).pipe(Effect.provide(NodeServices.layer)), 120_000)
})
