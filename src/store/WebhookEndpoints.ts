import { Context, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** How an endpoint stands. Instants are epoch milliseconds. */
export interface EndpointState {
  readonly disabled: Option.Option<{ readonly at: number; readonly why: string }>
  /** Nothing is sent before. */
  readonly heldUntil: Option.Option<number>
}

/** Who sends to an endpoint, and until when nobody else may. */
export interface EndpointLease {
  readonly by: string
  readonly now: number
  readonly until: number
}

/** The table `webhook_endpoint`: what is known of endpoints besides the config. One without a row stands well. */
export class WebhookEndpoints extends Context.Service<WebhookEndpoints, {
  /** How those stand of which there is something to say, by name. */
  readonly states: Effect.Effect<ReadonlyMap<string, EndpointState>, SurrealError>
  /** The right to send, until then, with how the endpoint stands; none while another has it. */
  readonly lease: (endpoint: string, lease: EndpointLease) => Effect.Effect<Option.Option<EndpointState>, SurrealError>
  readonly release: (endpoint: string, by: string) => Effect.Effect<void, SurrealError>
  /** Ends the leases of all who are gone: for whoever knows that no other process has the store. */
  readonly releaseAll: Effect.Effect<void, SurrealError>
  /** Lets it be told again, at once. */
  readonly enable: (endpoint: string) => Effect.Effect<void, SurrealError>
}>()("glider/store/WebhookEndpoints") {
  static readonly layer: Layer.Layer<WebhookEndpoints, never, Surreal> = Layer.effect(
    WebhookEndpoints,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const states = surreal.query(Rows, "SELECT *, record::id(id)[0] AS name FROM webhook_endpoint").pipe(
        Effect.map((rows) => new Map(rows.map((row) => [row.name, stateOf(row)]))),
        Effect.withSpan("WebhookEndpoints.states")
      )

      const lease = Effect.fn("WebhookEndpoints.lease")(
        function*(endpoint: string, { by, now, until }: EndpointLease) {
          const [, result] = yield* surreal.transaction([
            {
              sql: "INSERT IGNORE INTO webhook_endpoint $row RETURN NONE",
              vars: { row: { id: endpointId(endpoint) } }
            },
            {
              sql: "UPDATE $ids SET lease_by = $by, lease_until = $until " +
                "WHERE lease_until = NONE OR lease_until <= $now OR lease_by = $by RETURN *, record::id(id)[0] AS name",
              vars: { ids: [endpointId(endpoint)], by, now, until }
            }
          ])
          const [row] = yield* Effect.orDie(decodeRows(result))
          return Option.map(Option.fromUndefinedOr(row), stateOf)
        }
      )

      const release = Effect.fn("WebhookEndpoints.release")(function*(endpoint: string, by: string) {
        yield* surreal.execute(
          "UPDATE $ids SET lease_by = NONE, lease_until = NONE WHERE lease_by = $by RETURN NONE",
          { ids: [endpointId(endpoint)], by }
        )
      })

      const releaseAll = surreal.execute(
        "UPDATE webhook_endpoint SET lease_by = NONE, lease_until = NONE WHERE lease_by != NONE RETURN NONE"
      )

      const enable = Effect.fn("WebhookEndpoints.enable")(function*(endpoint: string) {
        yield* surreal.execute(
          "UPDATE $ids SET disabled_at = NONE, disabled_why = NONE, held_until = NONE RETURN NONE",
          { ids: [endpointId(endpoint)] }
        )
      })

      return WebhookEndpoints.of({ states, lease, release, releaseAll, enable })
    })
  )
}

export const endpointId = (endpoint: string) => recordId("webhook_endpoint", [endpoint])

const OptionalNumber = Schema.OptionFromOptionalNullOr(Schema.Finite)

const Row = Schema.Struct({
  name: Schema.String,
  disabled_at: OptionalNumber,
  disabled_why: Schema.OptionFromOptionalNullOr(Schema.String),
  held_until: OptionalNumber
})

const Rows = Schema.Array(Row)

const decodeRows = Schema.decodeUnknownEffect(Rows)

const stateOf = ({ disabled_at, disabled_why, held_until }: typeof Row.Type): EndpointState => ({
  disabled: Option.map(disabled_at, (at) => ({ at, why: Option.getOrElse(disabled_why, () => "") })),
  heldUntil: held_until
})
