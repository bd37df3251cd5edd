/** The rows of `webhook_outbox`, and what a try writes into them. */
import { DateTime, Option, Schema } from "effect"
import { DeliveryStatus, WebhookDelivery } from "../domain/WebhookDelivery.ts"
import { WebhookEventType } from "../domain/WebhookEvent.ts"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import { endpointId } from "./WebhookEndpoints.ts"

/** How a try has ended, and what follows. Instants are epoch milliseconds. */
export interface Attempted {
  readonly endpoint: string
  readonly event: string
  /** Tries before this one: the result counts only while no other has come first. */
  readonly attempts: number
  readonly at: number
  readonly status: DeliveryStatus
  /** When it is tried next, of one that is `pending`. */
  readonly due: number
  readonly answer: number | undefined
  readonly error: string | undefined
}

/** What is written of the endpoint together with the result of a try. */
export interface EndpointPatch {
  readonly by: string
  readonly leaseUntil: number
  readonly heldUntil: number | undefined
  /** Why it is told nothing any more. */
  readonly disabled: string | undefined
}

export const deliveryId = (endpoint: string, event: string) => recordId("webhook_outbox", [endpoint, event])

/** A try that another process has outrun, or a delivery that a person has begun anew meanwhile, is not written over. */
export const attemptOf = ({ answer, at, attempts, due, endpoint, error, event, status }: Attempted): Statement => ({
  sql: "UPDATE $ids SET status = $status, due = $due, attempt_count = $next, last_attempt_at = $at, " +
    "published_at = $published, failed_at = $failed, last_status = $answer, last_error = $error " +
    "WHERE status = 'pending' AND attempt_count = $attempts RETURN NONE",
  vars: {
    ids: [deliveryId(endpoint, event)],
    status,
    due,
    next: attempts + 1,
    at,
    published: status === "published" ? at : undefined,
    failed: status === "failed" ? at : undefined,
    answer,
    error,
    attempts
  }
})

export const endpointAfter = (
  { at, endpoint }: Attempted,
  { by, disabled, heldUntil, leaseUntil }: EndpointPatch
): Statement => ({
  sql: "UPDATE $ids SET lease_until = IF lease_by = $by { $leaseUntil } ELSE { lease_until }, held_until = $heldUntil" +
    `${disabled === undefined ? "" : ", disabled_at = $at, disabled_why = $disabled"} RETURN NONE`,
  vars: { ids: [endpointId(endpoint)], by, leaseUntil, heldUntil, ...disabled === undefined ? {} : { at, disabled } }
})

export const DueRow = Schema.Struct({
  event: Schema.String,
  type: WebhookEventType,
  subject: Schema.String,
  at: Schema.Finite,
  data: Schema.String,
  attempt_count: Schema.Natural
})

const OptionalNumber = Schema.OptionFromOptionalNullOr(Schema.Finite)

export const DeliveryRow = Schema.Struct({
  endpoint: Schema.String,
  event: Schema.String,
  type: Schema.String,
  subject: Schema.String,
  at: Schema.Finite,
  status: DeliveryStatus,
  due: Schema.Finite,
  attempt_count: Schema.Natural,
  last_attempt_at: OptionalNumber,
  published_at: OptionalNumber,
  last_status: OptionalNumber,
  last_error: Schema.OptionFromOptionalNullOr(Schema.String),
  place: Schema.String
})

export const deliveryOf = (row: typeof DeliveryRow.Type): WebhookDelivery => {
  const instant = (millis: number) => DateTime.makeUnsafe(millis)
  return new WebhookDelivery({
    endpoint: row.endpoint,
    event: row.event,
    type: row.type,
    subject: row.subject,
    at: instant(row.at),
    status: row.status,
    attempts: row.attempt_count,
    due: row.status === "pending" ? Option.some(instant(row.due)) : Option.none(),
    lastAttemptAt: Option.map(row.last_attempt_at, instant),
    publishedAt: Option.map(row.published_at, instant),
    lastStatus: row.last_status,
    lastError: row.last_error
  })
}
