import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { DeliveryStatus } from "../domain/WebhookDelivery.ts"
import { Authorization, Readable, Replayed } from "./Guards.ts"
import { InvalidConfig, InvalidRequest, NotFound, SignatureRefused, StoreFailed, Unready } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"
import {
  DeliveriesPage,
  MessageAccepted,
  ReplayChoice,
  Replayed as EventsReplayed,
  WebhookTested,
  WebhookView
} from "./WebhookMessages.ts"

const Named = { name: Schema.NonEmptyString }

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** Programs elsewhere that are told what happens. */
export class WebhooksGroup extends HttpApiGroup.make("webhooks")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(WebhookView), error: StoreFailed }).annotate(
      RequiredScope,
      "system:read"
    ),
    HttpApiEndpoint.get("get", "/:name", {
      params: Named,
      success: WebhookView,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "system:read"),
    HttpApiEndpoint.get("deliveries", "/:name/deliveries", {
      params: Named,
      query: {
        status: Schema.optionalKey(DeliveryStatus),
        /** The `next` of the page before. */
        after: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: DeliveriesPage,
      error: [NotFound, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "system:read"),
    HttpApiEndpoint.post("test", "/:name/test", {
      params: Named,
      success: WebhookTested,
      error: [NotFound, InvalidConfig]
    }).annotate(RequiredScope, "admin"),
    HttpApiEndpoint.post("replay", "/:name/replay", {
      params: Named,
      payload: ReplayChoice,
      success: EventsReplayed,
      error: [NotFound, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "admin"),
    HttpApiEndpoint.post("enable", "/:name/enable", {
      params: Named,
      success: WebhookView,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "admin")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/webhooks")
{}

/** What others tell. No token is asked for: a message is signed. */
export class InboxGroup extends HttpApiGroup.make("inbox")
  .add(
    HttpApiEndpoint.post("receive", "/:source", {
      params: { source: Schema.NonEmptyString },
      success: MessageAccepted,
      error: [NotFound, SignatureRefused, StoreFailed, Unready]
    }).annotate(Replayed, false),
    HttpApiEndpoint.get("challenge", "/:source", {
      params: { source: Schema.NonEmptyString },
      query: { verification_token: Schema.String, challenge: Schema.String },
      success: Schema.Struct({ challenge: Schema.String }),
      error: [NotFound, SignatureRefused, Unready]
    })
  )
  .middleware(Readable)
  .prefix("/api/v1/webhooks")
{}
