/** What is to be told to programs elsewhere, written in the transaction of what it tells of. */
import { Context, type DateTime, Effect } from "effect"
import { hash } from "node:crypto"
import type { WebhookEvent, WebhookEventType } from "../domain/WebhookEvent.ts"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"

/** Who wants to be told of something. */
export interface Receiver {
  readonly name: string
  /** Whether a commit of records is one event for it, or each record is. */
  readonly per: "page" | "record"
}

/** Who is told what. */
export interface Receivers {
  /** Those who want events of that kind, of records those of the stream. */
  readonly receivers: (type: WebhookEventType, stream?: string) => ReadonlyArray<Receiver>
  /** Tells whoever sends that something has been committed. */
  readonly wake: Effect.Effect<void>
}

/**
 * Realised over the config by `webhooks/Endpoints.ts`. Where nobody wants anything nothing is written, and a commit costs what it
 * costs without.
 */
export class Outbox extends Context.Reference<Receivers>("glider/store/Outbox", {
  defaultValue: () => ({ receivers: () => [], wake: Effect.void })
}) {}

/** Ids begin with their instant, so that they ascend; the rest is of what it is about, so that nothing is told twice. */
export const eventId = (at: DateTime.Utc, ...parts: ReadonlyArray<string>): string =>
  `evt_${at.epochMilliseconds.toString(16).padStart(12, "0")}${hash("sha256", parts.join("\n"), "hex").slice(0, 20)}`

/** An event, and the names of those who are to be told. */
export interface Telling {
  readonly event: WebhookEvent
  readonly receivers: ReadonlyArray<string>
}

/** Ascends from the newest to the oldest, as the id of an event ascends from the oldest to the newest. */
const placeOf = (event: string): string => {
  const at = Number.parseInt(event.slice(4, 16), 16)
  return `${(0xffff_ffff_ffff - at).toString(16).padStart(12, "0")}${event.slice(16)}`
}

/** A delivery that waits for its first try. */
export const deliveryRow = ({ at, data, id, subject, type }: WebhookEvent, endpoint: string) => ({
  id: recordId("webhook_outbox", [endpoint, id]),
  endpoint,
  event: id,
  type,
  subject,
  at: at.epochMilliseconds,
  data,
  status: "pending",
  due: at.epochMilliseconds,
  attempt_count: 0,
  place: placeOf(id)
})

/** An event that is told already stays as it is: it is the same. */
export const insertDeliveries = "INSERT IGNORE INTO webhook_outbox $deliveries RETURN NONE"

/** The statements that tell, for a transaction of the caller's; none where nobody is told. */
export const tell = (tellings: ReadonlyArray<Telling>): ReadonlyArray<Statement> => {
  const deliveries = tellings.flatMap(({ event, receivers }) => receivers.map((name) => deliveryRow(event, name)))
  return deliveries.length === 0 ? [] : [{ sql: insertDeliveries, vars: { deliveries } }]
}
