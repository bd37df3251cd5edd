/** Five thousand accounts, of which the sweep has to be done within a minute. */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Surreal } from "../../src/services/Surreal.ts"
import { makeSweep } from "../../src/standing/SyncSweep.ts"
import { connected, minute, noon, world } from "../connections/SweepWorld.ts"
import { killsOf } from "../support/Chaos.ts"

const Numbers = Schema.Array(Schema.Finite)

describe("the sweep of connections", () => {
  it.effect(
    "accounts by the thousand are given in far less than a minute, each at a place of its own",
    () =>
      Effect.gen(function*() {
        const count = yield* killsOf(5000)
        yield* TestClock.setTime(noon)
        const names = Arr.makeBy(count, (index) => `account_${index}`)
        yield* connected(names)
        yield* (yield* Surreal).execute(
          "INSERT INTO connection_health (SELECT VALUE { id: [record::id(id)[0]], connection: record::id(id)[0], " +
            "last_success_at: $at, failures: [] } FROM connection) RETURN NONE",
          { at: noon - minute }
        )
        const begun = performance.now()
        const sweep = yield* makeSweep
        assert.strictEqual(yield* sweep(), count)
        assert.strictEqual(yield* (yield* makeSweep)(), 0)
        assert.isBelow(performance.now() - begun, 60_000)
        const starts = yield* (yield* Surreal).query(
          Numbers,
          "SELECT VALUE run_at FROM background_job"
        )
        assert.isAbove(new Set(starts.map((at) => Math.floor(at / 1000))).size, Math.min(250, count / 5))
      }).pipe(Effect.provide(world)),
    120_000
  )
})
