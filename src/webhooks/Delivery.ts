/** One try to tell an endpoint of an event. */
import { Clock, DateTime, Duration, Effect, Option } from "effect"
import { type HttpClientError, HttpClientRequest, type HttpClientResponse } from "effect/http"
import type { WebhookEndpoint } from "../config/WebhookKeys.ts"
import type { AddressRefused } from "../domain/AddressGuard.ts"
import { bodyOf, contentTypes, largestBody, type WebhookEvent } from "../domain/WebhookEvent.ts"
import * as Series from "../Series.ts"
import { broken } from "../services/AnswerBody.ts"
import type { GuardedHttp } from "../services/GuardedHttp.ts"
import { retryAfter } from "../services/ProviderResponse.ts"
import { signatureOf, type SigningKey } from "./Signature.ts"

/** How a try has ended. */
export interface Answer {
  readonly outcome: "published" | "retry" | "gone"
  /** The status of the answer, where there was one. */
  readonly status: number | undefined
  /** Why it was not taken, in words. */
  readonly error: string | undefined
  /** For how long the endpoint is to be left alone altogether, in milliseconds. */
  readonly hold: number
}

const seconds = Series.histogram("glider_webhook_delivery_seconds", {
  description: "How long endpoints took to answer",
  labels: ["endpoint"],
  boundaries: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  limit: 16
})

/** An endpoint that asks for patience without saying for how long, or that does not answer at all, gets so much of it, in milliseconds. */
const patience = 60_000
const unreachable = 30_000

/** What asks for patience, by the convention. */
const throttles: ReadonlySet<number> = new Set([429, 502, 504])

const judged = ({ headers, status }: HttpClientResponse.HttpClientResponse, now: DateTime.Utc): Answer => {
  if (status >= 200 && status < 300) return { outcome: "published", status, error: undefined, hold: 0 }
  if (status === 410) return { outcome: "gone", status, error: "it is gone (410)", hold: 0 }
  const asked = Option.map(retryAfter(headers, now), Duration.toMillis)
  return {
    outcome: "retry",
    status,
    error: status >= 300 && status < 400
      ? `it leads elsewhere (${status}), which is not followed: name the last address`
      : `it answered ${status}`,
    hold: Option.getOrElse(asked, () => throttles.has(status) ? patience : 0)
  }
}

const failed = (error: string, hold: number): Answer => ({ outcome: "retry", status: undefined, error, hold })

const unanswered = (failure: HttpClientError.HttpClientError | AddressRefused): Answer =>
  failure._tag === "AddressRefused"
    ? failed(`${failure.message}; ${failure.fix}`, unreachable)
    : failed(broken(failure.reason), unreachable)

/** Sends it once. A try never fails: that it was not taken is its result. */
export const attempt = Effect.fn("webhook delivery")(
  function*(
    http: GuardedHttp["Service"],
    { format, name, timeout, url }: WebhookEndpoint,
    keys: ReadonlyArray<SigningKey>,
    event: WebhookEvent,
    project: string
  ) {
    yield* Effect.annotateCurrentSpan({ "glider.webhook.endpoint": name, "glider.webhook.type": event.type })
    const body = bodyOf(event, format, project)
    if (Buffer.byteLength(body, "utf8") > largestBody) return failed("its body has more than 20 KB", 0)
    const begun = yield* Clock.currentTimeMillis
    const timestamp = String(Math.floor(begun / 1000))
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.bodyText(body, contentTypes[format]),
      HttpClientRequest.setHeaders({
        "user-agent": "glider",
        "webhook-id": event.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatureOf(keys, { id: event.id, timestamp, body })
      })
    )
    const answer = yield* http.execute(request).pipe(
      Effect.flatMap((response) => Effect.map(DateTime.now, (now) => judged(response, now))),
      Effect.scoped, // what it says besides is not waited for
      Effect.catch((failure) => Effect.succeed(unanswered(failure))),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.succeed(failed(`no answer within ${Duration.format(timeout)}`, unreachable))
      })
    )
    const took = (yield* Clock.currentTimeMillis) - begun
    yield* seconds.update({ endpoint: name }, took / 1000)
    if (answer.status !== undefined) yield* Effect.annotateCurrentSpan({ "http.response.status_code": answer.status })
    return answer
  }
)
