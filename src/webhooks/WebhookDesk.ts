import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import type { WebhookEndpoint } from "../config/WebhookKeys.ts"
import { nearest } from "../domain/Nearest.ts"
import type { DeliveryStatus } from "../domain/WebhookDelivery.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { Secrets } from "../services/Secrets.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { eventId } from "../store/Outbox.ts"
import { type DeliveryListing, type DeliveryPage, WebhookDeliveries } from "../store/WebhookDeliveries.ts"
import { type EndpointState, WebhookEndpoints } from "../store/WebhookEndpoints.ts"
import { type Answer, attempt } from "./Delivery.ts"
import { Endpoints } from "./Endpoints.ts"
import { endpointKeys, type WebhookSecretError } from "./WebhookKeys.ts"

/** A name that no endpoint bears. */
export class UnknownWebhook extends Schema.TaggedError<UnknownWebhook>()("UnknownWebhook", {
  name: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const meant = Option.match(nearest(this.name, this.known), {
      onNone: () => "",
      onSome: (name) => `; is it ${name}?`
    })
    return `there is no webhook ${this.name} in the config${meant}`
  }
}

/** An endpoint, how it stands, and how much waits for it or has failed, counted up to a thousand. */
export interface EndpointView {
  readonly endpoint: WebhookEndpoint
  readonly state: EndpointState
  readonly pending: number
  readonly failed: number
}

const testData = (name: string): string => JSON.stringify({ webhook: name })

/** Further nobody counts. */
const mostCounted = 1000

const well: EndpointState = { disabled: Option.none(), heldUntil: Option.none() }

/** What people do with endpoints. */
export class WebhookDesk extends Context.Service<WebhookDesk, {
  readonly list: Effect.Effect<ReadonlyArray<EndpointView>, SurrealError>
  readonly get: (name: string) => Effect.Effect<EndpointView, SurrealError | UnknownWebhook>
  /** Tells the endpoint `webhook.test`, now and once. */
  readonly test: (name: string) => Effect.Effect<Answer, UnknownWebhook | WebhookSecretError>
  readonly deliveries: (listing: DeliveryListing) => Effect.Effect<DeliveryPage, SurrealError | UnknownWebhook>
  /** Tells these events again, or all that have failed; says which. */
  readonly replay: (
    name: string,
    which: ReadonlyArray<string> | "failed"
  ) => Effect.Effect<ReadonlyArray<string>, SurrealError | UnknownWebhook>
  /** Lets one that said that it is gone be told again. */
  readonly enable: (name: string) => Effect.Effect<EndpointView, SurrealError | UnknownWebhook>
}>()("glider/webhooks/WebhookDesk") {
  static readonly layer = Layer.effect(
    WebhookDesk,
    Effect.gen(function*() {
      const { project } = yield* CurrentConfig
      const endpoints = yield* Endpoints
      const http = yield* GuardedHttp
      const outbox = yield* WebhookDeliveries
      const secrets = yield* Secrets
      const states = yield* WebhookEndpoints

      const named = (name: string) =>
        Option.match(endpoints.find(name), {
          onNone: () => Effect.fail(new UnknownWebhook({ name, known: endpoints.all().map((one) => one.name) })),
          onSome: Effect.succeed
        })

      const count = (name: string, status: DeliveryStatus) => outbox.count(name, status, mostCounted)

      const viewOf = Effect.fnUntraced(function*(endpoint: WebhookEndpoint, known: ReadonlyMap<string, EndpointState>) {
        return {
          endpoint,
          state: known.get(endpoint.name) ?? well,
          pending: yield* count(endpoint.name, "pending"),
          failed: yield* count(endpoint.name, "failed")
        }
      })

      const list = Effect.flatMap(
        states.states,
        (known) => Effect.forEach(endpoints.all(), (endpoint) => viewOf(endpoint, known))
      )

      const get = Effect.fnUntraced(function*(name: string) {
        return yield* viewOf(yield* named(name), yield* states.states)
      })

      const test = Effect.fn("WebhookDesk.test")(function*(name: string) {
        const endpoint = yield* named(name)
        const keys = yield* endpointKeys(secrets, name)
        const at = yield* DateTime.now
        return yield* attempt(http, endpoint, keys, {
          id: eventId(at, "webhook.test", name),
          type: "webhook.test",
          subject: name,
          at,
          data: testData(name)
        }, project.name)
      })

      const deliveries = Effect.fnUntraced(function*(listing: DeliveryListing) {
        yield* named(listing.endpoint)
        return yield* outbox.list(listing)
      })

      const again = Effect.fnUntraced(function*(name: string, events: ReadonlyArray<string>) {
        const done = yield* outbox.replay(name, events, (yield* DateTime.now).epochMilliseconds)
        if (done.length > 0) endpoints.bell.openUnsafe()
        return done
      })

      /** Page by page, each once: what fails meanwhile is not told again by this. */
      const allFailed = Effect.fnUntraced(function*(name: string) {
        const done: Array<string> = []
        let after = Option.none<string>()
        do {
          const page = yield* outbox.list({ endpoint: name, status: Option.some("failed"), after, limit: 500 })
          done.push(...yield* again(name, page.deliveries.map(({ event }) => event)))
          after = page.next
        } while (Option.isSome(after))
        return done
      })

      const replay = Effect.fn("WebhookDesk.replay")(
        function*(name: string, which: ReadonlyArray<string> | "failed") {
          yield* named(name)
          return yield* which === "failed" ? allFailed(name) : again(name, which)
        }
      )

      const enable = Effect.fn("WebhookDesk.enable")(function*(name: string) {
        const endpoint = yield* named(name)
        yield* states.enable(name)
        endpoints.note(name, false)
        endpoints.bell.openUnsafe()
        return yield* viewOf(endpoint, yield* states.states)
      })

      return WebhookDesk.of({ list, get, test, deliveries, replay, enable })
    })
  )
}
