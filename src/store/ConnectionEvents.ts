/** What a connection tells to programs elsewhere. */
import type { DateTime } from "effect"
import type { Connection } from "../domain/Connection.ts"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import { deliveryRow, eventId, insertDeliveries, type Receivers } from "./Outbox.ts"

/** Tells that only a person can help, when the row of that version says so; it goes after what writes the row. */
export const tellNeedsAuth = (
  outbox: Receivers,
  { id, provider, userId }: Connection,
  version: number,
  problem: string,
  at: DateTime.Utc
): ReadonlyArray<Statement> => {
  const receivers = outbox.receivers("connection.needs_auth")
  if (receivers.length === 0) return []
  const event = {
    id: eventId(at, "connection.needs_auth", id, String(version)),
    type: "connection.needs_auth" as const,
    subject: id,
    at,
    data: JSON.stringify({ connection: id, provider, user_id: userId, problem: problem.slice(0, 2000) })
  }
  return [{
    sql: "IF array::len((SELECT VALUE id FROM $ids WHERE state = 'needs_auth' AND token_version = $version)) > 0 " +
      `{ ${insertDeliveries} }`,
    vars: {
      ids: [recordId("connection", [id])],
      version,
      deliveries: receivers.map(({ name }) => deliveryRow(event, name))
    }
  }]
}
