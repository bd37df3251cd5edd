/** What an OAuth server's answer means: its text, or why there is none. */
import { Context, DateTime, Duration, Effect, Option, Redacted } from "effect"
import { HttpClient, type HttpClientRequest } from "effect/http"
import type { Connection, ConnectionName } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { BadRequest, NeedsAuth, ProviderError, TimedOut, Unavailable } from "../domain/ProviderError.ts"
import { readRefusal } from "./ProviderRefusal.ts"
import * as ProviderResponse from "./ProviderResponse.ts"
import { variables } from "./Secrets.ts"

/** How long one call to a sign-in server may take. */
export const OAuthTimeout = Context.Reference<Duration.Duration>("glider/services/OAuthTimeout", {
  defaultValue: () => Duration.seconds(8)
})

/** The command that mends a connection, in every message that asks for a new sign-in. */
export const signInCommand = (provider: Provider, name: Option.Option<ConnectionName> = Option.none()): string =>
  Option.match(name, {
    onNone: () => `glider auth ${provider}`,
    onSome: (name) => `glider auth ${provider} --connection ${name}`
  })

/**
 * Asks once and gives the text of a 2xx. The secrets are those of the request, lest a refusal quote them; the
 * name is the account's, for the command that mends it.
 */
export const makeAsk = (http: HttpClient.HttpClient) =>
  Effect.fnUntraced(function*(
    provider: Provider,
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    secrets: ReadonlyArray<Redacted.Redacted<string>>,
    name: Option.Option<ConnectionName> = Option.none()
  ) {
    const failed = (reason: ProviderError["reason"]) => new ProviderError({ provider, operation, reason })
    const timeout = yield* OAuthTimeout
    const response = yield* http.execute(request).pipe(
      Effect.flatMap(({ headers, status, text }) => Effect.map(text, (text) => ({ status, headers, text }))),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false), // our trace is no business of the provider's
      Effect.mapError(({ response }) =>
        failed(
          new Unavailable({
            status: Option.fromUndefinedOr(response?.status),
            message: response === undefined
              ? "the sign-in server cannot be reached"
              : "the answer of the sign-in server was cut off"
          })
        )
      ),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () =>
          Effect.fail(
            failed(new TimedOut({ message: `the sign-in server did not answer within ${Duration.format(timeout)}` }))
          )
      })
    )
    if (response.status >= 200 && response.status < 300) return response.text
    const text = secrets.reduce((text, secret) => text.replaceAll(Redacted.value(secret), "…"), response.text)
    return yield* failed(refusal({ provider, name }, { ...response, text }, yield* DateTime.now))
  })

/** The errors of RFC 6749, 5.2, that a person can do something about; the rest as everywhere else. */
const refusal = (
  { name, provider }: Pick<Connection, "name" | "provider">,
  response: ProviderResponse.ProviderResponse,
  now: DateTime.Utc
): ProviderError["reason"] => {
  const { status } = response
  const { message, reason } = readRefusal(response.text)
  const title = providerTitle[provider]
  const words = withoutTokens(message === "" || message === reason ? reason : `${reason}: ${message}`)
  switch (reason) {
    case "invalid_grant":
      return new NeedsAuth({
        message: `${title} no longer accepts this sign-in (${words}); run: ${signInCommand(provider, name)}`
      })
    case "invalid_client":
    case "unauthorized_client": {
      const { id, secret } = variables(provider)
      return new BadRequest({
        status,
        message: `${title} does not accept the app (${words}); check ${id} and ${secret}`
      })
    }
    case "redirect_uri_mismatch":
      return new BadRequest({
        status,
        message:
          `${title} does not know the redirect address; register redirect_uri of [provider.${provider}] with the app`
      })
    default:
      return status === 429 || status >= 500 || reason === ""
        ? ProviderResponse.refusal(response, now)
        : new BadRequest({ status, message: `${title} refused the request (${words})` })
  }
}

/** Whatever else looks like a token does not belong into a message either. */
const withoutTokens = (words: string): string => words.replace(/[\w.~+/=-]{33,}/g, "…")
