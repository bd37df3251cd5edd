/** What an OAuth server's answer means: its text, or why there is none. */
import { Clock, Context, DateTime, Duration, Effect, Option, Schema } from "effect"
import type { HttpClient, HttpClientRequest } from "effect/http"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import {
  BadRequest,
  Malformed,
  NeedsAuth,
  ProviderError,
  RateLimited,
  TimedOut,
  Unavailable
} from "../domain/ProviderError.ts"
import { variables } from "./Secrets.ts"

/** How long one call to a sign-in server may take. */
export const OAuthTimeout = Context.Reference<Duration.Duration>("glider/services/OAuthTimeout", {
  defaultValue: () => Duration.seconds(8)
})

/** The command that mends a connection, in every message that asks for a new sign-in. */
export const signInCommand = (provider: Provider): string => `glider auth ${provider}`

/** Asks once and gives the text of a 2xx. */
export const makeAsk = (http: HttpClient.HttpClient) =>
  Effect.fnUntraced(function*(provider: Provider, operation: string, request: HttpClientRequest.HttpClientRequest) {
    const failed = (reason: ProviderError["reason"]) => new ProviderError({ provider, operation, reason })
    const timeout = yield* OAuthTimeout
    const { response, text } = yield* http.execute(request).pipe(
      Effect.flatMap((response) => Effect.map(response.text, (text) => ({ response, text }))),
      Effect.mapError(({ reason }) =>
        reason._tag === "TransportError"
          ? failed(new Unavailable({ status: Option.none(), message: "the sign-in server cannot be reached" }))
          : failed(new Malformed({ message: "the answer of the sign-in server was cut off" }))
      ),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () =>
          Effect.fail(failed(new TimedOut({ message: `the sign-in server did not answer within ${Duration.format(timeout)}` })))
      })
    )
    if (response.status >= 200 && response.status < 300) return text
    const now = yield* Clock.currentTimeMillis
    return yield* failed(refusal(provider, response.status, text, Option.fromUndefinedOr(response.headers["retry-after"]), now))
  })

/** RFC 6749, 5.2; Oura adds `title` and `detail`. */
const decodeRefusal = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({
  error: Schema.String,
  error_description: Schema.OptionFromOptionalNullOr(Schema.String)
})))

const refusal = (
  provider: Provider,
  status: number,
  text: string,
  retryAfter: Option.Option<string>,
  now: number
): ProviderError["reason"] => {
  if (status === 429) return new RateLimited({ retryAt: Option.flatMap(retryAfter, (written) => retryAt(written, now)) })
  if (status >= 500) return new Unavailable({ status: Option.some(status), message: `the sign-in server answered ${status}` })
  const body = decodeRefusal(text)
  const title = providerTitle[provider]
  switch (Option.getOrUndefined(Option.map(body, ({ error }) => error))) {
    case "invalid_grant":
      return new NeedsAuth({
        message: `${title} no longer accepts this sign-in (${described(body, status)}); run: ${signInCommand(provider)}`
      })
    case "invalid_client":
    case "unauthorized_client": {
      const { id, secret } = variables(provider)
      return new BadRequest({
        status,
        message: `${title} does not accept the app (${described(body, status)}); check ${id} and ${secret}`
      })
    }
    case "redirect_uri_mismatch":
      return new BadRequest({
        status,
        message: `${title} does not know the redirect address; register redirect_uri of [provider.${provider}] with the app`
      })
    default:
      return new BadRequest({ status, message: `${title} refused the request (${described(body, status)})` })
  }
}

/** The server's own words: one short line, without anything that looks like a token. */
const described = (body: ReturnType<typeof decodeRefusal>, status: number): string =>
  Option.match(body, {
    onNone: () => `status ${status}`,
    onSome: ({ error, error_description }) =>
      [error, ...Option.toArray(error_description)]
        .map((words) => words.replace(/[^\x20-\x7e]+/g, " ").replace(/[\w.~+/=-]{33,}/g, "…").trim().slice(0, 160))
        .join(": ")
  })

const decodeHttpDate = Schema.decodeUnknownOption(Schema.DateTimeUtcFromHttpDate)

/** `Retry-After` of RFC 9110, 10.2.3: seconds or a date. */
const retryAt = (written: string, now: number): Option.Option<DateTime.Utc> =>
  /^\d{1,9}$/.test(written.trim())
    ? Option.some(DateTime.makeUnsafe(now + Number(written.trim()) * 1000))
    : decodeHttpDate(written.trim())
