/** What is told to the owner's other programs: the kinds of events, and what goes out for one. */
import { DateTime, Schema } from "effect"

/** What can be told. */
export const WebhookEventType = Schema.Literals([
  "record.created",
  "record.updated",
  "record.deleted",
  "run.completed",
  "run.partial",
  "run.failed",
  "run.needs_auth",
  "run.cancelled",
  "run.interrupted",
  "job.failed",
  "connection.needs_auth",
  "report.created",
  "alert.raised",
  "alert.resolved",
  "webhook.test"
])
export type WebhookEventType = typeof WebhookEventType.Type

const familyOf = (type: WebhookEventType): string => type.slice(0, type.indexOf("."))

/** What may be asked for: everything, a family such as `run.*`, or one of the kinds. */
export const eventPatterns: ReadonlyArray<string> = [
  "*",
  ...new Set(WebhookEventType.literals.map((type) => `${familyOf(type)}.*`)),
  ...WebhookEventType.literals
].filter((pattern) => !pattern.startsWith("webhook."))

/** Whether one of the patterns means the kind. What only tests an endpoint goes to that one, whatever it wants. */
export const isWanted = (patterns: ReadonlyArray<string>, type: WebhookEventType): boolean =>
  type !== "webhook.test" && patterns.some((one) => one === "*" || one === type || one === `${familyOf(type)}.*`)

/** Something that happened, and is told once it is committed. */
export interface WebhookEvent {
  /** The same whenever it is sent: what a receiver knows it by. */
  readonly id: string
  readonly type: WebhookEventType
  /** What it is about: a stream, a run, a job, a connection, a report or an alert. */
  readonly subject: string
  readonly at: DateTime.Utc
  /** A JSON object, as text. */
  readonly data: string
}

/** The largest body that is sent, in bytes: what the convention names. */
export const largestBody = 20 * 1024

/** The largest `data`: an envelope goes around it. */
export const largestData = 18 * 1024

/** The form of a body. */
export const WebhookFormat = Schema.Literals(["standard", "cloudevents"])
export type WebhookFormat = typeof WebhookFormat.Type

/** Where events come from, for those who receive them of several installations. */
export const sourceOf = (project: string): string => `/glider/${project}`

const envelopes: { readonly [F in WebhookFormat]: (event: WebhookEvent, project: string) => object } = {
  standard: ({ at, type }) => ({ type, timestamp: DateTime.formatIso(at) }),
  cloudevents: ({ at, id, subject, type }, project) => ({
    specversion: "1.0",
    id,
    source: sourceOf(project),
    type: `dev.glider.${type}`,
    time: DateTime.formatIso(at),
    subject,
    datacontenttype: "application/json",
    // by which events of one installation are put in order
    sequence: id.replace(/^evt_/, "")
  })
}

export const contentTypes: { readonly [F in WebhookFormat]: string } = {
  standard: "application/json",
  cloudevents: "application/cloudevents+json"
}

/** What is sent for an event. The same event has the same body at every try, so a signature differs by its instant alone. */
export const bodyOf = (event: WebhookEvent, format: WebhookFormat, project: string): string => {
  const envelope = JSON.stringify(envelopes[format](event, project))
  return `${envelope.slice(0, -1)},"data":${event.data}}`
}
