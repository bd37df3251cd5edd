import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Retention } from "../../src/store/Retention.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import type { TickRow } from "../../src/store/TickRows.ts"
import * as Pruning from "../../src/workflows/Pruning.ts"
import { storeTest } from "../support/StoreTest.ts"
import { until } from "../support/Turns.ts"

const now = DateTime.makeUnsafe("2026-11-24T00:00:00Z")

/** A tick that was settled so many days ago. */
const settled = (days: number): TickRow => {
  const at = DateTime.toEpochMillis(DateTime.subtract(now, { days }))
  return { project: "glider", schedule: "nightly", nominal: at, effective: at, outcome: "missed", at }
}

layer(Layer.provideMerge(Layer.mergeAll(Retention.layer, TickLedger.layer), storeTest))("workflows/Pruning", (it) => {
  it.effect("forgets what became of ticks after ledger_days, and keeps the younger ones", () =>
    Effect.gen(function*() {
      const ledger = yield* TickLedger
      yield* TestClock.setTime(now.epochMilliseconds)
      yield* ledger.record({ ticks: [settled(400), settled(366), settled(364), settled(1)], state: undefined })
      yield* Layer.build(Pruning.layer({ runs: Duration.days(30), ticks: Duration.days(365) }))
      yield* TestClock.adjust("1 hour")
      yield* until(() => Effect.map(ledger.count("glider"), (count) => count === 2))
      const [oldest] = yield* ledger.read({ project: "glider", schedule: "nightly", from: 0, to: 2e12, limit: 1 })
      assert.strictEqual(oldest?.nominal.epochMilliseconds, settled(364).nominal)
    }))
})
