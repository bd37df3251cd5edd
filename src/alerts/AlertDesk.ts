import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { LatestConfig } from "../Config.ts"
import { alertDefaults, type AlertSink } from "../config/AlertKeys.ts"
import type { AlertSeverity } from "../domain/Alert.ts"
import { nearest } from "../domain/Nearest.ts"
import { isWanted } from "../domain/WebhookEvent.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type AlertListing, type AlertPage, Alerts } from "../store/Alerts.ts"
import { WebhookDesk } from "../webhooks/WebhookDesk.ts"
import { wordingOf } from "./AlertTellers.ts"
import { trial } from "./Message.ts"
import { Sinks } from "./Sinks.ts"

/** A name that no sink bears. */
export class UnknownSink extends Schema.TaggedError<UnknownSink>()("UnknownSink", {
  name: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const meant = Option.match(nearest(this.name, this.known), {
      onNone: () => "",
      onSome: (name) => `; is it ${name}?`
    })
    return `alerts are sent to no ${this.name}${meant}`
  }
}

/** Where alerts go, and how that stands. */
export interface SinkView {
  readonly name: string
  readonly kind: "ntfy" | "email" | "webhook"
  readonly enabled: boolean
  readonly severity: AlertSeverity
  /** The address that it has. */
  readonly to: string
  /** Why what waits for it was not taken yet. */
  readonly problem: Option.Option<string>
}

/** What a sink said to a test. */
export interface Trial {
  readonly sink: string
  /** Why it did not take it. */
  readonly problem: Option.Option<string>
}

const addressOf = (sink: AlertSink): string =>
  sink.kind === "ntfy" ? `${sink.server}/${sink.topic}` : `${sink.to.join(", ")} by ${sink.host}`

/** What people do with alerts. */
export class AlertDesk extends Context.Service<AlertDesk, {
  readonly list: (listing: AlertListing) => Effect.Effect<AlertPage, SurrealError>
  /** Everything that alerts are sent to: the sinks of `[alerts]`, and the webhooks that want them. */
  readonly sinks: Effect.Effect<ReadonlyArray<SinkView>, SurrealError>
  /** Sends a message to one, or to all that are switched on, now and once. */
  readonly test: (name: Option.Option<string>) => Effect.Effect<ReadonlyArray<Trial>, UnknownSink>
}>()("glider/alerts/AlertDesk") {
  static readonly layer = Layer.effect(
    AlertDesk,
    Effect.gen(function*() {
      const alerts = yield* Alerts
      const config = yield* LatestConfig
      const out = yield* Sinks
      const webhooks = yield* WebhookDesk

      const own = Effect.map(config.get, ({ alerts: settings = alertDefaults }) => settings.sinks)

      const told = Effect.map(
        config.get,
        ({ webhooks: all = [] }) => all.filter(({ events }) => isWanted(events, "alert.raised"))
      )

      const sinks = Effect.gen(function*() {
        const views = yield* Effect.forEach(
          yield* own,
          (sink) =>
            Effect.map(alerts.next(sink.name), (waiting): SinkView => ({
              name: sink.name,
              kind: sink.kind,
              enabled: sink.enabled,
              severity: sink.severity,
              to: addressOf(sink),
              problem: Option.flatMap(waiting, ({ lastError }) => lastError)
            }))
        )
        const others = (yield* told).map(({ enabled, name, url }): SinkView => ({
          name,
          kind: "webhook",
          enabled,
          severity: "info",
          to: url,
          problem: Option.none()
        }))
        return [...views, ...others]
      })

      const tried = Effect.fnUntraced(function*(sink: AlertSink) {
        const message = trial(yield* DateTime.now, wordingOf(yield* config.get))
        return yield* out.send(sink, message).pipe(
          Effect.match({ onSuccess: () => Option.none<string>(), onFailure: ({ message }) => Option.some(message) }),
          Effect.map((problem): Trial => ({ sink: sink.name, problem }))
        )
      })

      const triedWebhook = (name: string) =>
        webhooks.test(name).pipe(
          Effect.match({
            onSuccess: ({ error }) => Option.fromUndefinedOr(error),
            onFailure: ({ message }) => Option.some(message)
          }),
          Effect.map((problem): Trial => ({ sink: name, problem }))
        )

      const test = Effect.fn("AlertDesk.test")(function*(name: Option.Option<string>) {
        const [mine, theirs] = [yield* own, yield* told]
        const isMeant = (one: { readonly name: string; readonly enabled: boolean }) =>
          Option.match(name, { onNone: () => one.enabled, onSome: (wanted) => one.name === wanted })
        const trials = [
          ...mine.filter(isMeant).map(tried),
          ...theirs.filter(isMeant).map((one) => triedWebhook(one.name))
        ]
        if (Option.isSome(name) && trials.length === 0) {
          return yield* new UnknownSink({ name: name.value, known: [...mine, ...theirs].map((one) => one.name) })
        }
        return yield* Effect.all(trials, { concurrency: "unbounded" })
      })

      return AlertDesk.of({ list: alerts.list, sinks, test })
    })
  )
}
