import { Context, DateTime, Effect, Layer, Option, Schema, Stream } from "effect"
import type { DeliveryStatus, WebhookDelivery } from "../domain/WebhookDelivery.ts"
import type { WebhookEvent } from "../domain/WebhookEvent.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import {
  type Attempted,
  attemptOf,
  deliveryId,
  deliveryOf,
  DeliveryRow,
  DueRow,
  endpointAfter,
  type EndpointPatch
} from "./WebhookDeliveryRows.ts"

/** A delivery whose turn it is. */
export interface DueDelivery {
  readonly event: WebhookEvent
  /** Tries so far. */
  readonly attempts: number
}

export interface DeliveryListing {
  readonly endpoint: string
  readonly status: Option.Option<DeliveryStatus>
  /** The `next` of the page before. */
  readonly after: Option.Option<string>
  readonly limit: number
}

export interface DeliveryPage {
  readonly deliveries: ReadonlyArray<WebhookDelivery>
  readonly next: Option.Option<string>
}

/** The table `webhook_outbox`: what was to be told to whom, and what has become of it. */
export class WebhookDeliveries extends Context.Service<WebhookDeliveries, {
  /** Those of an endpoint whose turn it is, the longest due first. */
  readonly due: (
    endpoint: string,
    now: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<DueDelivery>, SurrealError>
  /** When the next one of the endpoint is due. */
  readonly nextDue: (endpoint: string) => Effect.Effect<Option.Option<number>, SurrealError>
  /** Writes down a try, and how the endpoint stands after it, in one transaction. */
  readonly attempted: (result: Attempted, patch: EndpointPatch) => Effect.Effect<void, SurrealError>
  /** Gives up what waits for an endpoint that nobody is told at any more, and says how many there were; a batch at a time. */
  readonly giveUp: (endpoint: string, why: string, at: number) => Effect.Effect<number, SurrealError>
  /** The endpoints for which something waits. */
  readonly waitingFor: Effect.Effect<ReadonlyArray<string>, SurrealError>
  readonly list: (listing: DeliveryListing) => Effect.Effect<DeliveryPage, SurrealError>
  /** How many there are of a status, counted no further than the limit. */
  readonly count: (endpoint: string, status: DeliveryStatus, limit: number) => Effect.Effect<number, SurrealError>
  /** Lets them be told anew, from the first try on, whatever has become of them; says of which there was one. */
  readonly replay: (
    endpoint: string,
    events: ReadonlyArray<string>,
    now: number
  ) => Effect.Effect<ReadonlyArray<string>, SurrealError>
  /** Removes what was told, and what failed for good, before then, a batch at a time, and says how many. */
  readonly prune: (before: DateTime.Utc) => Effect.Effect<number, SurrealError>
}>()("glider/store/WebhookDeliveries") {
  static readonly layer: Layer.Layer<WebhookDeliveries, never, Surreal> = Layer.effect(
    WebhookDeliveries,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const due = Effect.fn("WebhookDeliveries.due")(function*(endpoint: string, now: number, limit: number) {
        const rows = yield* surreal.query(
          Schema.Array(DueRow),
          "SELECT event, type, subject, at, data, attempt_count FROM webhook_outbox WITH INDEX webhook_outbox_by_due " +
            "WHERE queue = $endpoint AND due <= $now LIMIT $limit",
          { endpoint, now, limit }
        )
        return rows.map(({ at, attempt_count, event, ...row }): DueDelivery => ({
          event: { ...row, id: event, at: DateTime.makeUnsafe(at) },
          attempts: attempt_count
        }))
      })

      const nextDue = Effect.fn("WebhookDeliveries.nextDue")(function*(endpoint: string) {
        const [first] = yield* surreal.query(
          Schema.Array(Schema.Finite),
          "SELECT VALUE due FROM webhook_outbox WITH INDEX webhook_outbox_by_due " +
            "WHERE queue = $endpoint AND due >= 0 LIMIT 1",
          { endpoint }
        )
        return Option.fromUndefinedOr(first)
      })

      const attempted = Effect.fn("WebhookDeliveries.attempted")(function*(result: Attempted, patch: EndpointPatch) {
        yield* surreal.transaction([attemptOf(result), endpointAfter(result, patch)])
      })

      const giveUp = Effect.fn("WebhookDeliveries.giveUp")(function*(endpoint: string, why: string, at: number) {
        const ids = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE event FROM webhook_outbox WITH INDEX webhook_outbox_by_due " +
            "WHERE queue = $endpoint AND due >= 0 LIMIT $batch",
          { endpoint, batch }
        )
        if (ids.length > 0) {
          yield* surreal.transaction([{
            sql:
              "UPDATE $ids SET status = 'failed', failed_at = $at, last_error = $why WHERE status = 'pending' RETURN NONE",
            vars: { ids: ids.map((event) => deliveryId(endpoint, event)), at, why }
          }])
        }
        return ids.length
      })

      /** From one name to the next: what waits for one endpoint is not read to find the other. */
      const waitingFor = Stream.paginate("", (from: string) =>
        surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE queue FROM webhook_outbox WITH INDEX webhook_outbox_by_due WHERE queue >= $from LIMIT 1",
          { from }
          // no name has a character before those of names, so the next one comes after this
        ).pipe(
          Effect.map((names) => [names, Option.map(Option.fromUndefinedOr(names[0]), (name) => `${name}!`)] as const)
        )).pipe(Stream.runCollect, Effect.withSpan("WebhookDeliveries.waitingFor"))

      const list = Effect.fn("WebhookDeliveries.list")(
        function*({ after, endpoint, limit, status }: DeliveryListing): Effect.fn.Return<DeliveryPage, SurrealError> {
          const [index, column, value] = Option.match(status, {
            onNone: () => ["webhook_outbox_by_endpoint", "endpoint", endpoint] as const,
            onSome: (one) => ["webhook_outbox_by_shelf", "shelf", `${endpoint} ${one}`] as const
          })
          const rows = yield* surreal.query(
            Schema.Array(DeliveryRow),
            `SELECT * FROM webhook_outbox WITH INDEX ${index} WHERE ${column} = $value AND place > $after LIMIT $size`,
            { value, after: Option.getOrElse(after, () => ""), size: limit + 1 }
          )
          const shown = rows.slice(0, limit)
          return {
            deliveries: shown.map(deliveryOf),
            next: rows.length > limit
              ? Option.map(Option.fromUndefinedOr(shown.at(-1)), ({ place }) => place)
              : Option.none()
          }
        }
      )

      const count = Effect.fn("WebhookDeliveries.count")(
        function*(endpoint: string, status: DeliveryStatus, limit: number) {
          const found = yield* surreal.query(
            Schema.Array(Schema.String),
            "SELECT VALUE place FROM webhook_outbox WITH INDEX webhook_outbox_by_shelf " +
              "WHERE shelf = $shelf AND place > '' LIMIT $limit",
            { shelf: `${endpoint} ${status}`, limit }
          )
          return found.length
        }
      )

      const replay = Effect.fn("WebhookDeliveries.replay")(
        function*(endpoint: string, events: ReadonlyArray<string>, now: number) {
          const [result] = yield* surreal.transaction([{
            sql:
              "UPDATE $ids SET status = 'pending', due = $now, attempt_count = 0, failed_at = NONE, published_at = NONE " +
              "RETURN VALUE event",
            vars: { ids: events.map((event) => deliveryId(endpoint, event)), now }
          }])
          return yield* Effect.orDie(decodeEvents(result))
        }
      )

      const prune = Effect.fn("WebhookDeliveries.prune")(function*(before: DateTime.Utc) {
        const told = yield* surreal.query(
          Schema.Array(Schema.Struct({ endpoint: Schema.String, event: Schema.String })),
          "SELECT endpoint, event FROM webhook_outbox WITH INDEX webhook_outbox_by_published " +
            "WHERE published_at >= 0 AND published_at < $before LIMIT $batch",
          { before: before.epochMilliseconds, batch }
        )
        const failed = yield* surreal.query(
          Schema.Array(Schema.Struct({ endpoint: Schema.String, event: Schema.String })),
          "SELECT endpoint, event FROM webhook_outbox WITH INDEX webhook_outbox_by_age WHERE age > $age LIMIT $batch",
          { age: -before.epochMilliseconds, batch }
        )
        const old = [...told, ...failed]
        if (old.length > 0) {
          yield* surreal.transaction([{
            sql: "DELETE $ids RETURN NONE",
            vars: { ids: old.map(({ endpoint, event }) => deliveryId(endpoint, event)) }
          }])
        }
        return old.length
      })

      return WebhookDeliveries.of({
        due,
        nextDue,
        attempted,
        giveUp,
        waitingFor,
        list,
        count,
        replay,
        prune
      })
    })
  )
}

/** Rows that are changed or removed at once. */
const batch = 500

const decodeEvents = Schema.decodeUnknownEffect(Schema.Array(Schema.String))
