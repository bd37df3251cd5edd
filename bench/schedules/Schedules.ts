/** What schedules cost: stored, held, attended to when many are due at once, and asked for. */
import { Effect } from "effect"
import type { Outcome, Sizes } from "../Report.ts"
import { asked } from "./Asked.ts"
import { held } from "./Held.ts"
import { lateness } from "./Lateness.ts"
import { reconciled } from "./Reconciled.ts"
import { validation } from "./Validation.ts"

export const schedules = Effect.fn("bench.schedules")(function*(sizes: Sizes) {
  const found = {
    validation: yield* validation(),
    reconcile: yield* reconciled(sizes),
    lateness: yield* lateness(sizes),
    api: yield* asked(sizes),
    held: yield* held(sizes)
  }
  const outcome: Outcome = {
    promises: Object.values(found).flatMap(({ promises }) => promises),
    figures: Object.fromEntries(Object.entries(found).map(([part, { figures }]) => [part, figures]))
  }
  return outcome
})
