/** How the end of a try is written, and what is told of a job that has failed for good. */
import { DateTime } from "effect"
import type { RunError } from "../domain/Run.ts"
import type { Statement } from "../services/Surreal.ts"
import { jobId, storedError } from "./JobRows.ts"
import { deliveryRow, eventId, insertDeliveries, type Receivers } from "./Outbox.ts"

/** How a try has ended. */
export type Settlement =
  | { readonly _tag: "Succeeded"; readonly result: string }
  | { readonly _tag: "Again"; readonly runAt: number; readonly error: RunError }
  | { readonly _tag: "Failed"; readonly error: RunError }

/** A try, as far as something is told of it. */
export interface Tried {
  readonly job: string
  readonly type: string
  readonly attempt: number
}

export const released = "locked_by = NONE, lease_until = NONE, updated_at = $now"

/** What is set at the end of a try, with the variables of `settledWith`. */
export const settled: { readonly [T in Settlement["_tag"]]: string } = {
  Succeeded: `status = 'succeeded', completed_at = $now, result = $result, last_error = NONE, ${released}`,
  Again: `status = 'queued', run_at = $runAt, is_ready = false, last_error = $error, ${released}`,
  Failed: `status = 'failed', completed_at = $now, last_error = $error, ${released}`
}

export const settledWith = (settlement: Settlement, now: number) => {
  switch (settlement._tag) {
    case "Succeeded":
      return { now, result: settlement.result }
    case "Again":
      return { now, runAt: settlement.runAt, error: storedError(settlement.error) }
    case "Failed":
      return { now, error: storedError(settlement.error) }
  }
}

/** Longer messages are cut: a body is bounded. */
const longestMessage = 2000

const failedEvent = ({ attempt, job, type }: Tried, { message, tag }: RunError, at: DateTime.Utc) => ({
  id: eventId(at, "job.failed", job),
  type: "job.failed" as const,
  subject: job,
  at,
  data: JSON.stringify({
    job,
    type,
    attempts: attempt,
    failed_at: DateTime.formatIso(at),
    error: { tag, message: message.slice(0, longestMessage) }
  })
})

/** Tells that tries were the last of their jobs, of those whose rows say so; it goes after what writes the rows. */
export const tellFailed = (
  outbox: Receivers,
  tries: ReadonlyArray<Tried>,
  settlement: Settlement,
  now: number
): ReadonlyArray<Statement> => {
  const receivers = settlement._tag === "Failed" ? outbox.receivers("job.failed") : []
  if (settlement._tag !== "Failed" || receivers.length === 0) return []
  const at = DateTime.makeUnsafe(now)
  return tries.map((tried) => {
    const event = failedEvent(tried, settlement.error, at)
    return {
      sql: "IF array::len((SELECT VALUE id FROM $ids WHERE status = 'failed' AND completed_at = $now)) > 0 " +
        `{ ${insertDeliveries} }`,
      vars: { ids: [jobId(tried.job)], now, deliveries: receivers.map(({ name }) => deliveryRow(event, name)) }
    }
  })
}
