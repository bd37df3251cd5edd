/** Jobs whose workers are not heard of any more are tried again, or have failed. */
import { Clock, Duration, Effect, Option } from "effect"
import { RunError } from "../domain/Run.ts"
import { type ExpiredJob, JobLeases } from "../store/JobLeases.ts"
import type { Settlement } from "../store/JobSettlements.ts"
import { backoff } from "./Backoff.ts"

const leaseExpired = new RunError({ tag: "LeaseExpired", message: "Lease expired", fix: Option.none() })

/** Jobs that are looked at in one go. */
const limit = 500

/** Jobs of as many tries come back together, those whose tries are spent not at all. */
const reapGroup = Effect.fnUntraced(
  function*(jobs: ReadonlyArray<ExpiredJob>, attempt: number, at: { readonly end: number; readonly now: number }) {
    const leases = yield* JobLeases
    const runAt = at.now + Duration.toMillis(yield* backoff(attempt))
    const ended = (some: ReadonlyArray<ExpiredJob>, settlement: Exclude<Settlement, { readonly _tag: "Succeeded" }>) =>
      some.length === 0 ? Effect.succeed(0) : Effect.map(leases.reap(some, settlement, at), ({ length }) => length)
    const isSpent = ({ maxAttempts }: ExpiredJob) => attempt >= maxAttempts
    return {
      queued: yield* ended(jobs.filter((job) => !isSpent(job)), { _tag: "Again", runAt, error: leaseExpired }),
      failed: yield* ended(jobs.filter(isSpent), { _tag: "Failed", error: leaseExpired })
    }
  }
)

/**
 * Looks once. `all`: also those whose lease has not run out, of workers that are known to be gone. Gives how many are tried again, and
 * how many have failed.
 */
export const reap = Effect.fn("Reaper.reap")(function*({ all }: { readonly all: boolean }) {
  const leases = yield* JobLeases
  const now = yield* Clock.currentTimeMillis
  const end = all ? Number.MAX_SAFE_INTEGER : now
  const expired = yield* leases.expired(end, limit)
  const groups = yield* Effect.forEach(
    [...Map.groupBy(expired, ({ attempt }) => attempt)],
    ([attempt, jobs]) => reapGroup(jobs, attempt, { end, now })
  )
  const total = (of: "queued" | "failed") => groups.reduce((sum, group) => sum + group[of], 0)
  const count = { queued: total("queued"), failed: total("failed") }
  if (count.queued + count.failed > 0) {
    yield* Effect.annotateLogs(Effect.logWarning("the leases of jobs have run out"), {
      queued: count.queued,
      failed: count.failed
    })
  }
  return count
})
