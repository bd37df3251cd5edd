import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** A message that was taken, and the run that it has started. */
export interface Taken {
  readonly run: string
  readonly status: "pending" | "processed"
}

/** Which message: who sent it, and its id there. */
export interface MessageKey {
  readonly source: string
  readonly message: string
}

const rowId = ({ message, source }: MessageKey) => recordId("webhook_inbox", [source, message])

/** Notes a message, for the transaction that starts its run. */
export const messageTaken = (key: MessageKey, run: string, at: DateTime.Utc): Statement => ({
  sql: "INSERT INTO webhook_inbox $row RETURN NONE",
  vars: { row: { id: rowId(key), run, received_at: at.epochMilliseconds, status: "pending" } }
})

/** Notes that the run of a message is over, for the transaction that ends it. */
export const messageProcessed = (run: string, at: number): ReadonlyArray<Statement> => [{
  sql: "UPDATE webhook_inbox SET status = 'processed', processed_at = $at WHERE run = $run RETURN NONE",
  vars: { run, at }
}]

/** The messages that were taken, each once. */
export class WebhookInbox extends Context.Service<WebhookInbox, {
  readonly find: (key: MessageKey) => Effect.Effect<Option.Option<Taken>, SurrealError>
}>()("glider/store/WebhookInbox") {
  static readonly layer: Layer.Layer<WebhookInbox, never, Surreal> = Layer.effect(
    WebhookInbox,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const find = Effect.fn("WebhookInbox.find")(function*(key: MessageKey) {
        const [row] = yield* surreal.query(Schema.Array(Row), "SELECT run, status FROM $ids WHERE id != NONE", {
          ids: [rowId(key)]
        })
        return Option.fromUndefinedOr(row)
      })

      return WebhookInbox.of({ find })
    })
  )
}

const Row = Schema.Struct({ run: Schema.String, status: Schema.Literals(["pending", "processed"]) })
