/** A worker's right to a job, kept for as long as it works. */
import { Clock, Effect, Option } from "effect"
import { JobLeases } from "../store/JobLeases.ts"
import type { Holding } from "../store/JobRows.ts"

/** While the store does not answer it is asked again after so long, in milliseconds. */
const askAgain = 1000

/** What a worker has been granted. */
export interface Grant {
  readonly holding: Holding
  /** How long a lease is, in milliseconds. */
  readonly leaseMillis: number
  /** When it ends unless it is renewed, in epoch milliseconds. */
  readonly until: number
}

/**
 * Keeps a job from a third of its lease to the next, also over a store that is away for a while. Calls `lose` once the job is not the
 * worker's any more: when somebody else ended it, or when the lease has run out before the store was there again, however long
 * that takes to answer.
 */
export const kept = Effect.fnUntraced(function*({ holding, leaseMillis, until }: Grant, lose: Effect.Effect<unknown>) {
  const leases = yield* JobLeases
  let end = until

  /** Whether it is still kept; nothing while the store does not say. */
  const extended = (to: number) =>
    Effect.catch(Effect.asSome(leases.extend(holding, to)), ({ message }) =>
      Effect.as(
        Effect.logWarning(`the lease of a job could not be renewed yet: ${message}`).pipe(
          Effect.annotateLogs({ job: holding.job })
        ),
        Option.none<boolean>()
      ))

  const renewed = Effect.gen(function*() {
    for (;;) {
      const to = (yield* Clock.currentTimeMillis) + leaseMillis
      const answer = yield* extended(to)
      if (Option.isSome(answer)) {
        if (answer.value) end = to
        return answer.value
      }
      yield* Effect.sleep(askAgain)
    }
  })

  const renewals = Effect.gen(function*() {
    do yield* Effect.sleep(leaseMillis / 3)
    while (yield* renewed)
    yield* lose
  })

  const expiry = Effect.gen(function*() {
    for (;;) {
      const left = end - (yield* Clock.currentTimeMillis)
      if (left <= 0) return yield* lose
      yield* Effect.sleep(left)
    }
  })

  yield* Effect.raceFirst(renewals, expiry)
})
