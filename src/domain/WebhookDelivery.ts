import { Schema } from "effect"

/** What has become of a delivery: `failed` after its last try, or when nobody is there to be told any more. */
export const DeliveryStatus = Schema.Literals(["pending", "published", "failed"])
export type DeliveryStatus = typeof DeliveryStatus.Type

/** That an event is told to an endpoint. */
export class WebhookDelivery extends Schema.Class<WebhookDelivery>("glider/WebhookDelivery")({
  endpoint: Schema.String,
  /** The id of the event, which is that of the message. */
  event: Schema.String,
  type: Schema.String,
  /** What it is about: a stream, a run or a connection. */
  subject: Schema.String,
  /** When it happened. */
  at: Schema.DateTimeUtcFromString,
  status: DeliveryStatus,
  attempts: Schema.Natural,
  /** When it is tried next. */
  due: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  lastAttemptAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  publishedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** The status of the last answer. */
  lastStatus: Schema.OptionFromNullOr(Schema.Int),
  /** Why the last try has failed. */
  lastError: Schema.OptionFromNullOr(Schema.String)
}) {}
