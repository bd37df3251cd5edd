import { Context, DateTime, Duration, Effect, Layer, Option, type Redacted, Result, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { Forbidden, Malformed, ProviderError, TimedOut, Unavailable } from "../domain/ProviderError.ts"
import { providerCall } from "../RetryPolicy.ts"
import { OAuthTimeout } from "../services/OAuthAnswer.ts"
import { readJson, refusal } from "../services/ProviderResponse.ts"

/** Asks a provider whose account a token opens. */
export class Profile extends Context.Service<Profile, {
  /** The provider's user id; Google's is the id of the primary calendar, which is the account's address. */
  readonly userId: (
    provider: Provider,
    accessToken: Redacted.Redacted<string>
  ) => Effect.Effect<string, ProviderError>
}>()("glider/accounts/Profile") {
  static readonly layer = Layer.effect(
    Profile,
    Effect.gen(function*() {
      const { providers } = yield* CurrentConfig
      const http = yield* HttpClient.HttpClient

      const userId = Effect.fn("Profile.userId")(
        function*(provider: Provider, accessToken: Redacted.Redacted<string>) {
          const failed = (reason: ProviderError["reason"]) => new ProviderError({ provider, operation, reason })
          const timeout = yield* OAuthTimeout
          const request = HttpClientRequest.get(`${providers[provider].apiUrl}${paths[provider]}`).pipe(
            HttpClientRequest.bearerToken(accessToken),
            HttpClientRequest.acceptJson
          )
          const response = yield* http.execute(request).pipe(
            Effect.flatMap(({ headers, status, text }) => Effect.map(text, (text) => ({ status, headers, text }))),
            Effect.provideService(HttpClient.TracerPropagationEnabled, false),
            Effect.mapError(() =>
              failed(new Unavailable({ status: Option.none(), message: "the provider did not answer to the end" }))
            ),
            Effect.timeoutOrElse({
              duration: timeout,
              orElse: () =>
                Effect.fail(failed(new TimedOut({ message: `no answer within ${Duration.format(timeout)}` })))
            })
          )
          if (response.status < 200 || response.status >= 300) {
            const reason = refusal(response, yield* DateTime.now)
            return yield* failed(
              reason._tag === "Forbidden"
                ? new Forbidden({
                  message:
                    `${providerTitle[provider]} does not say whose account this is (${reason.message}); sign in ` +
                    `again and leave the permission ${needed[provider]} ticked`
                })
                : reason
            )
          }
          const json = yield* Effect.fromResult(Result.mapError(readJson(response), failed))
          const { id } = yield* Effect.mapError(
            decode(json),
            () => failed(new Malformed({ message: "the answer holds no user id" }))
          )
          return id
        },
        Effect.retry(providerCall)
      )

      return Profile.of({ userId })
    })
  )
}

const operation = "profile"

const decode = Schema.decodeUnknownEffect(Schema.Struct({ id: Schema.NonEmptyString }))

const paths: { readonly [P in Provider]: string } = {
  spotify: "/me",
  google: "/calendar/v3/calendars/primary",
  oura: "/usercollection/personal_info"
}

/** The scope each of these calls needs. */
const needed: { readonly [P in Provider]: string } = {
  spotify: "user-read-recently-played",
  google: "calendar.readonly",
  oura: "personal"
}
