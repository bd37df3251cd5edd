/** What the API says of webhooks. */
import { Schema } from "effect"
import { WebhookDelivery } from "../domain/WebhookDelivery.ts"
import { WebhookFormat } from "../domain/WebhookEvent.ts"

/** An endpoint, and how it stands. */
export class WebhookView extends Schema.Class<WebhookView>("glider/api/WebhookView")({
  name: Schema.String,
  url: Schema.String,
  /** As the config says. */
  enabled: Schema.Boolean,
  events: Schema.Array(Schema.String),
  streams: Schema.Array(Schema.String),
  format: WebhookFormat,
  per: Schema.Literals(["page", "record"]),
  /** Since when it is told nothing, for it said that it is gone; and why. */
  disabled_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  disabled_why: Schema.OptionFromNullOr(Schema.String),
  /** Until when it is left alone. */
  held_until: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Deliveries that wait, and those that have failed for good; counted up to 1000. */
  pending: Schema.Natural,
  failed: Schema.Natural
}) {}

/** A page of deliveries, the newest first. */
export class DeliveriesPage extends Schema.Class<DeliveriesPage>("glider/api/DeliveriesPage")({
  deliveries: Schema.Array(WebhookDelivery),
  /** What `after` is for the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Which deliveries are told again: some events, or all that have failed. */
export class ReplayChoice extends Schema.Class<ReplayChoice>("glider/api/ReplayChoice")({
  events: Schema.optionalKey(
    Schema.Array(Schema.String).check(Schema.isMinLength(1), Schema.isMaxLength(500))
  ),
  failed: Schema.optionalKey(Schema.Boolean)
}) {}

/** The events that are told again. */
export class Replayed extends Schema.Class<Replayed>("glider/api/WebhooksReplayed")({
  events: Schema.Array(Schema.String)
}) {}

/** What an endpoint said to a test. */
export class WebhookTested extends Schema.Class<WebhookTested>("glider/api/WebhookTested")({
  delivered: Schema.Boolean,
  /** The status of its answer; none when there was none. */
  status: Schema.OptionFromNullOr(Schema.Int),
  error: Schema.OptionFromNullOr(Schema.String)
}) {}

/** That a message was taken. */
export class MessageAccepted extends Schema.Class<MessageAccepted>("glider/api/MessageAccepted")({
  id: Schema.String,
  /** `duplicate`: it was taken before, and nothing is done again. */
  status: Schema.Literals(["accepted", "duplicate"]),
  run: Schema.String
}) {}
