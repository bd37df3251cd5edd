import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { killsOf, seed } from "../support/Chaos.ts"
import { outage, storm, stormWorld } from "../support/MusicStorm.ts"

describe("songs that many ask for while everything goes wrong", () => {
  it.live("are each added once or said not to be there; nearly every one that can be found is", () =>
    Effect.gen(function*() {
      const requests = Math.max(100, yield* killsOf(1000))
      const { applied, failures, possible, questions, seen, succeeded, wrong } = yield* storm({
        requests,
        seed: yield* seed
      })
      yield* Effect.logInfo(
        `${succeeded} of ${possible} songs, ${seen} seen, ${questions} questions, ${applied} faults`
      )
      assert.deepStrictEqual(wrong, [])
      // of fewer than a hundred, one is more than a hundredth
      assert.isAtMost(failures.length, Math.max(1, possible / 100), failures.join("\n"))
      // whether it is seen afterwards is said in the result: under faults it may not be within its time
      assert.isAtLeast(seen / succeeded, 0.95)
      assert.isAtLeast(questions, requests / 100)
      assert.isAbove(applied, requests / 2)
    }).pipe(Effect.provide(stormWorld)))

  it.live("wait in the dead letters when Spotify was away, and one retry brings them back", () =>
    Effect.gen(function*() {
      const { dead, failed, left, recovered, twice } = yield* outage({ requests: 100, seed: yield* seed })
      assert.deepStrictEqual([failed, dead], [100, 100])
      assert.isAtLeast(recovered, 90)
      assert.deepStrictEqual([left, twice], [100 - recovered, []])
    }).pipe(Effect.provide(stormWorld)))
})
