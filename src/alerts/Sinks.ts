import { Context, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { HttpClientRequest, type HttpClientResponse } from "effect/http"
import { type AlertSink, alertVariable } from "../config/AlertKeys.ts"
import type { AlertSeverity } from "../domain/Alert.ts"
import { broken } from "../services/AnswerBody.ts"
import { GuardedHttp } from "../services/GuardedHttp.ts"
import { Mail } from "../services/Mail.ts"
import { retryAfter } from "../services/ProviderResponse.ts"
import { Secrets } from "../services/Secrets.ts"
import { type Mailbox, posted } from "./Mailbox.ts"
import type { Message } from "./Message.ts"

/** A sink did not take a message. */
export class SinkFailed extends Schema.TaggedError<SinkFailed>()("SinkFailed", {
  message: Schema.String,
  /** Whether it would refuse the same again. */
  isFinal: Schema.Boolean,
  /** For how long it asks to be left alone, in milliseconds. */
  wait: Schema.Finite
}) {}

const later = (message: string, wait = 0) => new SinkFailed({ message, isFinal: false, wait })

/** Longer no sink may take. */
const patience = Duration.seconds(30)

type Topic = Extract<AlertSink, { readonly kind: "ntfy" }>

/** Of ntfy's priorities from 1 to 5. */
const priorities: { readonly [S in AlertSeverity]: number } = { info: 2, warning: 3, critical: 4 }
/** By the short codes of emoji that ntfy shows. */
const tags: { readonly [S in AlertSeverity]: string } = {
  info: "information_source",
  warning: "warning",
  critical: "rotating_light"
}

/** What ntfy's documentation asks for; older servers leave aside the `sequence_id`, by which the same message comes once. */
const published = ({ topic }: Topic, { id, isEnd, link, severity, text, title }: Message) => ({
  topic,
  title,
  message: text,
  priority: isEnd ? 2 : priorities[severity],
  tags: [isEnd ? "white_check_mark" : tags[severity]],
  sequence_id: id.replaceAll(".", "_"),
  ...Option.match(link, { onNone: () => ({}), onSome: (click) => ({ click }) })
})

/** Refusals of the message itself; that a token or topic is wrong is for a person to mend meanwhile. */
const isFinal = (status: number): boolean => status === 400 || status === 413 || status === 422

const judged = ({ headers, status }: HttpClientResponse.HttpClientResponse, now: DateTime.Utc) => {
  if (status >= 200 && status < 300) return Effect.void
  const wait = Option.match(retryAfter(headers, now), { onNone: () => 0, onSome: Duration.toMillis })
  return Effect.fail(new SinkFailed({ message: `it answered ${status}`, isFinal: isFinal(status), wait }))
}

/** The ways out of the house by which a person is told. */
export class Sinks extends Context.Service<Sinks, {
  /** Sends it once. */
  readonly send: (sink: AlertSink, message: Message) => Effect.Effect<void, SinkFailed>
}>()("glider/alerts/Sinks") {
  static readonly layer = Layer.effect(
    Sinks,
    Effect.gen(function*() {
      const http = yield* GuardedHttp
      const mail = yield* Mail
      const secrets = yield* Secrets

      const publish = Effect.fnUntraced(function*(sink: Topic, message: Message) {
        const token = yield* Effect.mapError(secrets.find(alertVariable(sink)), ({ message }) => later(message))
        const request = HttpClientRequest.post(`${sink.server}/`).pipe(
          HttpClientRequest.bodyJsonUnsafe(published(sink, message)),
          HttpClientRequest.setHeader("user-agent", "glider")
        )
        const signed = Option.match(token, {
          onNone: () => request,
          onSome: (bearer) => HttpClientRequest.bearerToken(request, bearer)
        })
        yield* http.execute(signed).pipe(
          Effect.mapError((failure) =>
            later(failure._tag === "AddressRefused" ? `${failure.message}; ${failure.fix}` : broken(failure.reason))
          ),
          Effect.flatMap((response) => Effect.flatMap(DateTime.now, (now) => judged(response, now))),
          Effect.scoped
        )
      })

      const mailed = Effect.fnUntraced(function*(sink: Mailbox, { at, id, link, text, title }: Message) {
        const lines = [text, ...Option.match(link, { onNone: () => [], onSome: (url) => ["", url] })]
        yield* posted({ mail, secrets }, sink, {
          id,
          at,
          subject: title,
          text: `${lines.join("\n")}\n`,
          html: Option.none()
        }).pipe(Effect.mapError(({ isFinal, message }) => new SinkFailed({ message, isFinal, wait: 0 })))
      })

      const send = Effect.fn("alert delivery")(function*(sink: AlertSink, message: Message) {
        yield* Effect.annotateCurrentSpan({ "glider.alert.sink": sink.name })
        yield* (sink.kind === "ntfy" ? publish(sink, message) : mailed(sink, message)).pipe(
          Effect.timeoutOrElse({
            duration: patience,
            orElse: () => Effect.fail(later(`no answer within ${Duration.format(patience)}`))
          })
        )
      })

      return Sinks.of({ send })
    })
  )
}
