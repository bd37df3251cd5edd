/** What the end of a run writes besides its row: what is told of it, and that a message which started it is done with. */
import { DateTime, Effect, Layer } from "effect"
import type { WebhookEventType } from "../domain/WebhookEvent.ts"
import { EndWrites } from "../engine/EndWrites.ts"
import type { Statement } from "../services/Surreal.ts"
import { eventId, Outbox, type Receivers, tell } from "../store/Outbox.ts"
import type { RunRow } from "../store/RunColumns.ts"
import { messageProcessed } from "../store/WebhookInbox.ts"

const kinds: { readonly [state: string]: WebhookEventType } = {
  completed: "run.completed",
  partial: "run.partial",
  failed: "run.failed",
  needs_auth: "run.needs_auth",
  cancelled: "run.cancelled",
  interrupted: "run.interrupted"
} satisfies { readonly [S in RunRow["state"]]?: WebhookEventType }

const instant = (millis: number | undefined): string | undefined =>
  millis === undefined ? undefined : DateTime.formatIso(DateTime.makeUnsafe(millis))

/** Longer messages are cut: a body is bounded. */
const longestMessage = 2000

const dataOf = (run: RunRow): string =>
  JSON.stringify({
    run: run.id,
    workflow: run.workflow,
    status: run.state,
    trigger: run.trigger,
    schedule: run.schedule,
    attempt: run.attempt,
    original: run.original,
    parent: run.parent,
    started_at: instant(run.startedAt),
    finished_at: instant(run.finishedAt),
    error: run.error === undefined
      ? undefined
      : { tag: run.error.tag, message: run.error.message.slice(0, longestMessage) }
  })

const told = (outbox: Receivers, run: RunRow): ReadonlyArray<Statement> => {
  const type = kinds[run.state]
  const receivers = type === undefined ? [] : outbox.receivers(type)
  if (type === undefined || receivers.length === 0) return []
  const at = DateTime.makeUnsafe(run.finishedAt ?? run.startedAt)
  const event = { id: eventId(at, type, run.id), type, subject: run.id, at, data: dataOf(run) }
  return tell([{ event, receivers: receivers.map(({ name }) => name) }])
}

/** Both, in the commit of the end. */
export const layer = Layer.effect(
  EndWrites,
  Effect.map(Outbox, (outbox) => (run: RunRow) => [
    ...told(outbox, run),
    ...run.trigger === "webhook" ? messageProcessed(run.id, run.finishedAt ?? run.startedAt) : []
  ])
)
