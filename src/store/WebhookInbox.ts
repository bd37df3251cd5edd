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

/** Notes a message that came while its task was at work: there is nothing more to be done because of it. */
export const messageJoined = (key: MessageKey, run: string, at: DateTime.Utc): Statement => {
  const millis = at.epochMilliseconds
  return {
    sql: "INSERT INTO webhook_inbox $row RETURN NONE",
    vars: { row: { id: rowId(key), run, received_at: millis, status: "processed", processed_at: millis } }
  }
}

/**
 * Notes that the run of a message is over, for the transaction that ends it. An index is used in a query alone, and gives no id of a
 * row that the same transaction has written: of a run that begins and ends at once the whole table is read.
 */
export const messageProcessed = (run: string, at: number): ReadonlyArray<Statement> => [{
  sql: `IF NONE IN ${ofRun} { UPDATE webhook_inbox ${setProcessed} WHERE run = $run RETURN NONE } ` +
    `ELSE { UPDATE ${ofRun} ${setProcessed} RETURN NONE }`,
  vars: { run, at }
}]

const ofRun = "(SELECT VALUE id FROM webhook_inbox WITH INDEX webhook_inbox_by_run WHERE run = $run)"
const setProcessed = "SET status = 'processed', processed_at = $at"

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
