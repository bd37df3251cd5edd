/** How language models are called: one request, one whole answer within bounds, and errors that say whether to ask again. */
import { DateTime, Duration, Effect, Option, Redacted, Schema } from "effect"
import { AiError } from "effect/ai"
import { FetchHttpClient, HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import type { AiSettings } from "../config/AiSettings.ts"
import type { CircuitOpen, Malformed } from "../domain/ProviderError.ts"
import * as Series from "../Series.ts"
import { broken, readWhole } from "./AnswerBody.ts"
import { CircuitBreakers, type Verdict } from "./CircuitBreakers.ts"
import { isVendors, keyVariable, missingKey } from "./ModelKey.ts"
import type { AskedModel } from "./ModelOptions.ts"
import { modelRefusal } from "./ModelRefusal.ts"
import { readJson } from "./ProviderResponse.ts"
import { Secrets } from "./Secrets.ts"

/** The largest answer of a model that is read, in bytes. */
export const largestModelAnswer = 4 * 1024 * 1024

/** For an answer of which nobody says how long it may take. */
const usualTimeout = Duration.minutes(2)

const calls = Series.counter("openai_model_invocations_total", {
  description:
    "Requests to the language model, of either provider, by the name that was asked for and what became of them: " +
    "ok, unauthorized, rate_limited, unavailable, malformed, refused",
  labels: ["model", "status"],
  limit: 48
})

/** Asks a model once. */
export interface ModelHttp {
  /** Sends the body and reads the answer by its shape. */
  readonly ask: <A>(
    asked: Pick<AskedModel, "model" | "timeout">,
    body: { readonly [key: string]: unknown },
    shape: Schema.Decoder<A>
  ) => Effect.Effect<A, AiError.AiError>
  readonly error: (reason: AiError.AiErrorReason) => AiError.AiError
}

export interface ModelHttpOptions {
  /** The name of the client in errors. */
  readonly module: string
  readonly ai: AiSettings
  /** What follows the base address. */
  readonly path: `/${string}`
  /** Shows the key, as this provider wants it. */
  readonly signed: (
    request: HttpClientRequest.HttpClientRequest,
    key: Option.Option<Redacted.Redacted<string>>
  ) => HttpClientRequest.HttpClientRequest
}

/** Builds the way to the model of `[ai]`. */
export const make = Effect.fnUntraced(
  function*({ ai, module, path, signed }: ModelHttpOptions): Effect.fn.Return<
    ModelHttp,
    never,
    HttpClient.HttpClient | Secrets | CircuitBreakers
  > {
    const client = HttpClient.withScope(yield* HttpClient.HttpClient)
    const secrets = yield* Secrets
    const breakers = yield* CircuitBreakers
    const url = `${ai.baseUrl}${path}`

    const error = (reason: AiError.AiErrorReason) => AiError.make({ module, method: "generateText", reason })

    const key = secrets.find(keyVariable).pipe(
      Effect.mapError(({ message }) => new AiError.AuthenticationError({ kind: "MissingKey", description: message })),
      Effect.filterOrFail(
        (found) => Option.isSome(found) || !isVendors(ai),
        () => new AiError.AuthenticationError({ kind: "MissingKey", description: missingKey(ai).message })
      )
    )

    const network = (description: string, reason: AiError.NetworkError["reason"] = "TransportError") =>
      new AiError.NetworkError({ reason, method: "POST", url, description })

    const transportReason = (failure: HttpClientError.HttpClientError | Malformed): AiError.AiErrorReason => {
      if (failure._tag === "Malformed") return new AiError.InvalidResponseError({ description: failure.message })
      switch (failure.reason._tag) {
        case "InvalidUrlError":
        case "EncodeError":
          return network("is base_url of [ai] right?", failure.reason._tag)
        default:
          return network(broken(failure.reason))
      }
    }

    const exchange = Effect.fnUntraced(function*<A>(
      { model, timeout: usual = usualTimeout }: Pick<AskedModel, "model" | "timeout">,
      body: { readonly [key: string]: unknown },
      shape: Schema.Decoder<A>
    ) {
      const found = yield* key
      const duration = Option.getOrElse(ai.timeout, () => usual)
      const request = HttpClientRequest.post(url).pipe(
        HttpClientRequest.acceptJson,
        HttpClientRequest.setHeader("user-agent", "glider"),
        HttpClientRequest.bodyJsonUnsafe(body)
      )
      const response = yield* client.execute(signed(request, found)).pipe(
        Effect.flatMap(readWhole(largestModelAnswer)),
        Effect.scoped,
        // the key is for this server alone
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
        Effect.provideService(HttpClient.TracerPropagationEnabled, false),
        Effect.mapError(transportReason),
        Effect.timeoutOrElse({
          duration,
          orElse: () => Effect.fail(network(`no whole answer within ${Duration.format(duration)}`))
        })
      )
      if (response.status < 200 || response.status >= 300) {
        const text = Option.match(found, {
          onNone: () => response.text,
          onSome: (secret) => response.text.replaceAll(Redacted.value(secret), "[redacted]")
        })
        return yield* modelRefusal({ ...response, text }, model, yield* DateTime.now)
      }
      const json = yield* Effect.mapError(
        Effect.fromResult(readJson(response)),
        ({ message }) => new AiError.InvalidOutputError({ description: message })
      )
      return yield* Effect.mapError(
        Schema.decodeUnknownEffect(shape)(json),
        () => new AiError.InvalidOutputError({ description: "the answer has another shape" })
      )
    })

    const count = (model: string, status: string) => calls.update({ model, status }, 1)

    return {
      error,
      ask: (asked, body, shape) =>
        exchange(asked, body, shape).pipe(
          breakers.protect("ai", verdictOn),
          Effect.catchTag("CircuitOpen", leftAlone),
          Effect.tap(() => count(asked.model, "ok")),
          Effect.tapError((reason) => count(asked.model, statusOf(reason))),
          Effect.mapError(error)
        )
    }
  }
)

/** What a failed call says of the model's server. Being asked for patience says nothing. */
const verdictOn = ({ _tag }: AiError.AiErrorReason): Verdict => {
  switch (_tag) {
    case "InternalProviderError":
    case "NetworkError":
      return "out of order"
    case "InvalidOutputError":
    case "InvalidResponseError":
    case "RateLimitError":
    case "QuotaExhaustedError":
      return "nothing"
    default:
      return "works"
  }
}

/** While its circuit breaker is open it is to be asked again no earlier than that. */
const leftAlone = ({ retryAt }: CircuitOpen) =>
  Effect.flatMap(
    DateTime.now,
    (now) => Effect.fail(new AiError.RateLimitError({ retryAfter: DateTime.distance(now, retryAt) }))
  )

const statusOf = ({ _tag }: AiError.AiErrorReason): string => {
  switch (_tag) {
    case "AuthenticationError":
      return "unauthorized"
    case "RateLimitError":
    case "QuotaExhaustedError":
      return "rate_limited"
    case "InternalProviderError":
    case "NetworkError":
      return "unavailable"
    case "InvalidOutputError":
    case "InvalidResponseError":
      return "malformed"
    default:
      return "refused"
  }
}
