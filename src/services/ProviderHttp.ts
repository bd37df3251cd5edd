/** How every provider is called: the one way out, with the same patience and the same errors for all three. */
import { Context, DateTime, Duration, Effect, Option, Redacted, Result, Schema } from "effect"
import { HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import type { ConnectionId } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import { BadRequest, Malformed, ProviderError, TimedOut, Unavailable } from "../domain/ProviderError.ts"
import { providerCall } from "../RetryPolicy.ts"
import * as Series from "../Series.ts"
import { AccessTokens } from "./AccessTokens.ts"
import { callRepeated, rateLimitMet } from "./ActivityMetrics.ts"
import { broken, readWhole } from "./AnswerBody.ts"
import { CircuitBreakers, type Verdict } from "./CircuitBreakers.ts"
import { ProviderGate } from "./ProviderGate.ts"
import { readJson, refusal } from "./ProviderResponse.ts"
import { Received } from "./Received.ts"

/** How long to wait for a provider. */
export const RequestTimeouts = Context.Reference<{
  /** One request, from connecting to the last byte of its answer; 30 s. */
  readonly request: Duration.Duration
  /** One call with its repetitions and all waits between them; 5 min. */
  readonly total: Duration.Duration
}>("glider/services/ProviderHttp/RequestTimeouts", {
  defaultValue: () => ({ request: Duration.seconds(30), total: Duration.minutes(5) })
})

/** The largest answer that is read, in bytes. */
export const largestAnswer = 32 * 1024 * 1024

/** Sends one request with the token, once, and gives the JSON of its answer (`undefined` for one without a body). */
export type Exchange = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<unknown, ProviderError>

/** The way to one provider. `operation` names the call in errors, spans and logs. */
export interface ProviderHttp {
  /**
   * Makes a call for a connection: behind the provider's gate and circuit breaker, with a good token (one renewal and one
   * repetition after a 401), repeated by `RetryPolicy.providerCall`, within the total time-out. `send` makes one attempt.
   */
  readonly call: <A>(
    connection: ConnectionId,
    operation: string,
    send: (exchange: Exchange) => Effect.Effect<A, ProviderError>
  ) => Effect.Effect<A, ProviderError>
  /** The same without repetitions but that after a 401: for what would be done twice when only its answer was lost. */
  readonly once: ProviderHttp["call"]
  /** Reads the envelope of an answer; one of another shape is `Malformed`. */
  readonly decode: <A>(
    operation: string,
    shape: Schema.Decoder<A>
  ) => (json: unknown) => Effect.Effect<A, ProviderError>
  readonly error: (operation: string, reason: ProviderError["reason"]) => ProviderError
}

const requests = Series.counter("glider_provider_requests_total", {
  description: "Requests to a provider's API by the class of the answer's status; none when there was no answer",
  labels: ["connector", "code_class"]
})

const rateLimited = Series.counter("glider_provider_rate_limited_total", {
  description: "Answers of providers that asked for patience (429), by the name of the call",
  labels: ["connector", "endpoint"],
  limit: 24
})

/** Builds the way to a provider; `budget` is waited for before each request and may delay it. */
export const make = Effect.fnUntraced(function*(
  provider: Provider,
  budget: Effect.Effect<void> = Effect.void
): Effect.fn.Return<ProviderHttp, never, HttpClient.HttpClient | AccessTokens | ProviderGate | CircuitBreakers> {
  const client = HttpClient.withScope(yield* HttpClient.HttpClient) // closing the scope cuts a body that nobody reads
  const tokens = yield* AccessTokens
  const gate = yield* ProviderGate
  const breakers = yield* CircuitBreakers

  const error = (operation: string, reason: ProviderError["reason"]) =>
    new ProviderError({ provider, operation, reason })

  const count = (codeClass: string) => requests.update({ connector: provider, code_class: codeClass }, 1)

  const countRateLimit = (endpoint: string) =>
    Effect.andThen(rateLimited.update({ connector: provider, endpoint }, 1), rateLimitMet)

  const exchange = (operation: string, token: Redacted.Redacted<string>): Exchange =>
    Effect.fnUntraced(function*(request) {
      const timeouts = yield* RequestTimeouts
      const response = yield* client.execute(signed(request, token)).pipe(
        Effect.flatMap(readWhole(largestAnswer)),
        Effect.scoped,
        Effect.provideService(HttpClient.TracerPropagationEnabled, false), // our trace is no business of the provider's
        Effect.mapError(transportReason),
        Effect.timeoutOrElse({
          duration: timeouts.request,
          orElse: () =>
            Effect.fail(new TimedOut({ message: `no whole answer within ${Duration.format(timeouts.request)}` }))
        }),
        Effect.tapError(() => count("none")),
        Effect.mapError((reason) => error(operation, reason))
      )
      yield* count(`${Math.floor(response.status / 100)}xx`)
      ;(yield* Received)(Buffer.byteLength(response.text))
      if (response.status === 429) yield* countRateLimit(operation)
      if (response.status < 200 || response.status >= 300) {
        const text = response.text.replaceAll(Redacted.value(token), "[redacted]")
        return yield* error(operation, refusal({ ...response, text }, yield* DateTime.now))
      }
      return yield* Effect.fromResult(Result.mapError(readJson(response), (reason) => error(operation, reason)))
    })

  /** One attempt; a `Retry-After` shuts the gate for every other call as well. */
  const attempt: Attempt = (token, operation, send) =>
    send(exchange(operation, token)).pipe(
      Effect.tapError(({ retryAt }) => Option.isSome(retryAt) ? gate.shut(provider, retryAt.value) : Effect.void),
      (attempt) => Effect.andThen(Effect.andThen(gate.pass(provider, operation), budget), attempt)
    )

  /** Repeats an attempt as the policy says. */
  const persist: Attempt = (token, operation, send) =>
    Effect.suspend(() => {
      let attempts = 0
      return attempt(token, operation, send).pipe(
        (attempt) => Effect.suspend(() => attempts++ === 0 ? attempt : Effect.andThen(callRepeated, attempt)),
        Effect.retry(providerCall)
      )
    })

  const guarded = (attempts: Attempt): Attempt => (token, operation, send) =>
    attempts(token, operation, send).pipe(
      breakers.protect(provider, verdictOn),
      Effect.catchTag("CircuitOpen", (reason) => Effect.fail(error(operation, reason)))
    )

  const withinTotal = (operation: string) => <A>(call: Effect.Effect<A, ProviderError>) =>
    Effect.flatMap(RequestTimeouts, ({ total }) =>
      Effect.timeoutOrElse(call, {
        duration: total,
        orElse: () =>
          Effect.fail(error(operation, new TimedOut({ message: `not done within ${Duration.format(total)}` })))
      }))

  const decode = <A>(operation: string, shape: Schema.Decoder<A>) => {
    const read = Schema.decodeUnknownEffect(shape)
    return (json: unknown) =>
      Effect.mapError(read(json), () => error(operation, new Malformed({ message: "the answer has another shape" })))
  }

  const signedIn = (attempts: Attempt): ProviderHttp["call"] => (connection, operation, send) =>
    withinTotal(operation)(
      Effect.flatMap(tokens.get(connection), (token) =>
        guarded(attempts)(token, operation, send).pipe(
          Effect.catchIf(
            ({ reason }) => reason._tag === "Unauthorized",
            () =>
              Effect.flatMap(tokens.renew(connection, token), (renewed) => guarded(attempts)(renewed, operation, send))
          )
        ))
    )

  return { error, decode, call: signedIn(persist), once: signedIn(attempt) }
})

/** What a failed call says of the provider. Being asked for patience is what the gate is for. */
const verdictOn = ({ reason }: ProviderError): Verdict => {
  switch (reason._tag) {
    case "Unavailable":
    case "TimedOut":
      return "out of order"
    case "RateLimited":
    case "NeedsAuth":
    case "Malformed":
    case "CircuitOpen":
      return "nothing"
    default:
      return "works"
  }
}

/** One attempt or several of a call with a token. */
type Attempt = <A>(
  token: Redacted.Redacted<string>,
  operation: string,
  send: (exchange: Exchange) => Effect.Effect<A, ProviderError>
) => Effect.Effect<A, ProviderError>

const signed = (request: HttpClientRequest.HttpClientRequest, token: Redacted.Redacted<string>) =>
  request.pipe(
    HttpClientRequest.bearerToken(token),
    HttpClientRequest.acceptJson,
    HttpClientRequest.setHeader("user-agent", "glider")
  )

type TransportReason = BadRequest | Unavailable | Malformed

const transportReason = (failure: HttpClientError.HttpClientError | Malformed): TransportReason => {
  if (failure._tag === "Malformed") return failure
  switch (failure.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return new BadRequest({ status: 0, message: "the request cannot be written: is the provider's address right?" })
    default:
      return new Unavailable({ status: Option.none(), message: broken(failure.reason) })
  }
}
