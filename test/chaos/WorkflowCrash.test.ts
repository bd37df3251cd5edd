import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { drawnOf, seed, storesOf } from "../support/Chaos.ts"
import type { End } from "../support/WorkflowVictimProcess.ts"
import { randomKills, type StoryOptions, tell } from "../support/WorkflowVictimStory.ts"

/** Tells stories two at a time: each waits for timers most of the time. */
const tellAll = (stories: ReadonlyArray<StoryOptions>) => Effect.forEach(stories, tell, { concurrency: 2 })

describe("a process of workflows", () => {
  it.live("killed at random instants loses, doubles and forgets nothing", () =>
    Effect.gen(function*() {
      const first = yield* seed
      const stores = yield* storesOf(6, 50)
      yield* Effect.logInfo(`GLIDER_CHAOS_SEED=${first}`)
      const told = yield* tellAll(stores.map(({ kills, store }) => {
        const mine = first * 1000 + store
        return { seed: mine, ends: randomKills(mine, kills) }
      }))
      const found = told.flatMap(({ violations }, index) =>
        violations.map((violation) => `store ${index + 1}: ${violation}`)
      )
      assert.deepStrictEqual(found, [], `GLIDER_CHAOS_SEED=${first}`)
      assert.deepStrictEqual(told.map(({ struck }) => struck), stores.map(({ kills }) => kills))
    }).pipe(Effect.provide(NodeServices.layer)))

  it.live("killed before and after each of its commits loses, doubles and forgets nothing", () =>
    Effect.gen(function*() {
      const first = yield* seed
      const { commits } = yield* tell({ seed: first, ends: [] })
      assert.isAbove(commits, 15)
      const numbers = yield* drawnOf(Array.from({ length: commits }, (_, index) => index + 1))
      const told = yield* tellAll(["commit.before", "commit.after"].map((place) => ({
        seed: first,
        ends: numbers.map((number): End => ({ _tag: "At", place: `${place}:${number}` }))
      })))
      assert.deepStrictEqual(told.flatMap(({ violations }) => violations), [])
      for (const { lives } of told) {
        const reached = lives.filter(({ atPlace }) => atPlace).length
        assert.isAtLeast(
          reached,
          Math.floor(numbers.length * 2 / 3),
          "how many changes share a commit differs from life to life"
        )
      }
    }).pipe(Effect.provide(NodeServices.layer)))
})
