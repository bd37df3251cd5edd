/** What durable workflows cost, and what is left of them when the process is killed. */
import { Effect } from "effect"
import type { Outcome, Sizes } from "../Report.ts"
import { crowd } from "./Crowd.ts"
import { recovery } from "./Recovery.ts"
import { throughput } from "./Throughput.ts"
import { waiting } from "./Waiting.ts"

export const workflows = Effect.fn("bench.workflows")(function*(sizes: Sizes) {
  const found = {
    throughput: yield* throughput(sizes),
    recovery: yield* recovery(sizes),
    waiting: yield* waiting(sizes),
    crowd: yield* crowd(sizes)
  }
  const outcome: Outcome = {
    promises: Object.values(found).flatMap(({ promises }) => promises),
    figures: Object.fromEntries(Object.entries(found).map(([part, { figures }]) => [part, figures]))
  }
  return outcome
})
