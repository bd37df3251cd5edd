import { Clock, Context, DateTime, Effect, Layer, Option, Redacted, Schedule, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { HttpClient, HttpClientRequest } from "effect/http"
import { CurrentConfig, type GliderConfig } from "../Config.ts"
import type { ConnectionName } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import { BadRequest, Malformed, ProviderError } from "../domain/ProviderError.ts"
import { makeAsk } from "./OAuthAnswer.ts"
import { Secrets, type SecretsError } from "./Secrets.ts"

/** What the syncs need: read-only, and no more. */
export const syncScopes = {
  google: ["https://www.googleapis.com/auth/calendar.readonly"],
  spotify: ["user-read-recently-played"],
  oura: ["personal", "daily", "heartrate", "workout", "session", "spo2"]
} as const satisfies { readonly [P in Provider]: ReadonlyArray<string> }

/** What it takes to put songs into playlists, whoever may see these. */
const playlistScopes = ["playlist-read-private", "playlist-modify-private", "playlist-modify-public"]

/** What is asked for at the sign-in: what the syncs need, and to change playlists only where songs may be put into them. */
const scopesOf = ({ music }: GliderConfig) => (provider: Provider): ReadonlyArray<string> =>
  provider === "spotify" && music.enabled ? [...syncScopes.spotify, ...playlistScopes] : syncScopes[provider]

type Name = Option.Option<ConnectionName>

/** Where to send the person, and what `exchange` needs when the code comes back. */
export interface Authorization {
  /** What the account is to be called; none for the first of its provider. */
  readonly name: Name
  readonly authorizeUrl: string
  readonly redirectUri: string
  /** Ties the redirect to this sign-in (RFC 6749, 10.12). */
  readonly state: Redacted.Redacted<string>
  /** The PKCE verifier (RFC 7636); none where the provider knows no PKCE. */
  readonly verifier: Option.Option<Redacted.Redacted<string>>
}

/** What a token endpoint gave. */
export interface Tokens {
  readonly accessToken: Redacted.Redacted<string>
  /** By our clock, counted from the moment of asking. */
  readonly expiresAt: DateTime.Utc
  /** None when the old one stays good. */
  readonly refreshToken: Option.Option<Redacted.Redacted<string>>
  readonly refreshExpiresAt: Option.Option<DateTime.Utc>
  /** What was granted, which may be less than what was asked for; none when the answer does not say. */
  readonly scopes: Option.Option<ReadonlyArray<string>>
}

/** The authorization code grant of RFC 6749 as the three providers have it. Knows nothing of accounts and storage. */
export class OAuth extends Context.Service<OAuth, {
  /** A new sign-in: an address with a fresh state and, for Spotify and Google, a fresh PKCE challenge (S256). */
  readonly authorize: (provider: Provider, name?: Name) => Effect.Effect<Authorization, SecretsError>
  /** Tokens for a code. `NeedsAuth` when the code is not good (any more). */
  readonly exchange: (
    provider: Provider,
    code: Redacted.Redacted<string>,
    authorization: Pick<Authorization, "name" | "redirectUri" | "verifier">
  ) => Effect.Effect<Tokens, ProviderError>
  /**
   * Tokens for a refresh token: up to three tries within 26 seconds. Oura always, and Spotify for a client without a
   * secret, kill the token that was sent: keep the new one before anything else. A try whose answer was lost may have
   * used the token up, and the next then ends in `NeedsAuth`.
   */
  readonly refresh: (
    provider: Provider,
    refreshToken: Redacted.Redacted<string>,
    name?: Name
  ) => Effect.Effect<Tokens, ProviderError>
  /** Kills the whole grant of an access token. `false` where the provider offers no way (Spotify). */
  readonly revoke: (provider: Provider, accessToken: Redacted.Redacted<string>) => Effect.Effect<boolean, ProviderError>
  /** What is asked for at the sign-in, by the config. */
  readonly scopes: (provider: Provider) => ReadonlyArray<string>
}>()("glider/services/OAuth") {
  static readonly layerNoDeps = Layer.effect(
    OAuth,
    Effect.gen(function*() {
      const config = yield* CurrentConfig
      const { providers } = config
      const scopes = scopesOf(config)
      const secrets = yield* Secrets
      const random = yield* SecureRandom.SecureRandom
      const digest = yield* Digest.Digest
      const ask = makeAsk(yield* HttpClient.HttpClient)

      const secret = (label: string) =>
        Effect.map(random.randomBytes(32), (bytes) => Redacted.make(Base64Url.encode(bytes), { label }))

      const authorize = Effect.fn("OAuth.authorize")(function*(provider: Provider, name: Name = Option.none()) {
        const { authorizeUrl, redirectUri } = providers[provider]
        const { id } = yield* secrets.client(provider)
        const state = yield* secret("state")
        const verifier = provider === "oura" ? Option.none() : Option.some(yield* secret("code_verifier"))
        const url = new URL(authorizeUrl)
        const set = (parameters: { readonly [name: string]: string }) =>
          Object.entries(parameters).forEach(([name, value]) => url.searchParams.set(name, value))
        set({ response_type: "code", client_id: id, redirect_uri: redirectUri, state: Redacted.value(state) })
        set({ scope: scopes(provider).join(" "), ...extraParameters[provider] })
        // else the account that the browser is signed in to would be taken without a word
        if (provider === "google" && Option.isSome(name)) set({ prompt: "select_account consent" })
        if (Option.isSome(verifier)) {
          // lengths of SHA-256 need no check, so a failure here is a bug
          const hash = yield* Effect.orDie(digest.digest(Digest.sha256, utf8.encode(Redacted.value(verifier.value))))
          set({ code_challenge_method: "S256", code_challenge: Base64Url.encode(hash) })
        }
        return { authorizeUrl: url.href, name, redirectUri, state, verifier }
      })

      /** The token endpoint: a form, with the client's name and, where there is one, its secret. */
      const tokens = Effect.fnUntraced(function*(
        provider: Provider,
        name: Name,
        operation: string,
        form: { readonly [name: string]: string | Redacted.Redacted<string> }
      ) {
        const client = yield* secrets.client(provider).pipe(
          Effect.mapError(({ message }) =>
            new ProviderError({ provider, operation, reason: new BadRequest({ status: notSent, message }) })
          )
        )
        const credentials = Option.match(client.secret, {
          onNone: () => ({ client_id: client.id }),
          onSome: (client_secret) => provider === "spotify" ? {} : { client_id: client.id, client_secret }
        })
        const request = HttpClientRequest.post(providers[provider].tokenUrl).pipe(
          HttpClientRequest.acceptJson,
          HttpClientRequest.bodyUrlParams({ ...form, ...credentials }),
          provider === "spotify" && Option.isSome(client.secret)
            ? HttpClientRequest.basicAuth(client.id, client.secret.value)
            : (request) => request
        )
        const asked = yield* Clock.currentTimeMillis
        const sent = Object.values(form).flatMap((value) => typeof value === "string" ? [] : [value])
        const text = yield* ask(provider, operation, request, [...sent, ...Option.toArray(client.secret)], name)
        const answer = yield* decodeTokens(text).pipe(
          // the schema's own words would hold the tokens
          Effect.mapError(() =>
            new ProviderError({
              provider,
              operation,
              reason: new Malformed({ message: "the answer of the sign-in server holds no access token" })
            })
          )
        )
        const after = (seconds: number) => DateTime.makeUnsafe(asked + Math.min(Math.max(seconds, 0), tenYears) * 1000)
        return {
          accessToken: answer.access_token,
          expiresAt: after(Option.getOrElse(answer.expires_in, () => 3600)),
          refreshToken: answer.refresh_token,
          refreshExpiresAt: Option.map(answer.refresh_token_expires_in, after),
          scopes: Option.map(answer.scope, (scope) => scope.split(/[\s,]+/).filter((word) => word !== ""))
        }
      })

      const exchange = Effect.fn("OAuth.exchange")(
        function*(
          provider: Provider,
          code: Redacted.Redacted<string>,
          { name, redirectUri, verifier }: Pick<Authorization, "name" | "redirectUri" | "verifier">
        ) {
          return yield* tokens(provider, name, "sign-in", {
            grant_type: "authorization_code",
            code,
            redirect_uri: redirectUri,
            ...Option.match(verifier, { onNone: () => ({}), onSome: (code_verifier) => ({ code_verifier }) })
          })
        },
        Effect.retry(tokenCall)
      )

      const refresh = Effect.fn("OAuth.refresh")(
        function*(provider: Provider, refreshToken: Redacted.Redacted<string>, name: Name = Option.none()) {
          const form = { grant_type: "refresh_token", refresh_token: refreshToken }
          return yield* tokens(provider, name, "token refresh", form)
        },
        Effect.retry(tokenCall)
      )

      const revoke = Effect.fn("OAuth.revoke")(
        function*(provider: Provider, accessToken: Redacted.Redacted<string>) {
          const address = providers[provider].revokeUrl
          if (Option.isNone(address)) return false
          const request = HttpClientRequest.post(address.value).pipe(HttpClientRequest.acceptJson)
          yield* ask(
            provider,
            "revocation",
            provider === "google"
              ? HttpClientRequest.bodyUrlParams(request, { token: accessToken })
              : HttpClientRequest.setUrlParam(request, "access_token", accessToken),
            [accessToken]
          ).pipe(
            // 400 is said of a token that is dead already
            Effect.catchIf(({ reason }) => reason._tag === "BadRequest" && reason.status === 400, () => Effect.void)
          )
          return true
        },
        Effect.retry(tokenCall)
      )

      return OAuth.of({ authorize, exchange, refresh, revoke, scopes })
    })
  )
  static readonly layer = this.layerNoDeps.pipe(
    Layer.provide([SecureRandom.layerWebCrypto, Digest.layerWebCrypto])
  )
}

/** Google gives a refresh token only with these two; Spotify shows whose account it is about to connect. */
const extraParameters: { readonly [P in Provider]: { readonly [name: string]: string } } = {
  google: { access_type: "offline", prompt: "consent" },
  spotify: { show_dialog: "true" },
  oura: {}
}

/** Stands for the status of a request that was never sent. */
const notSent = 0

const tenYears = 10 * 365 * 24 * 3600

const utf8 = new TextEncoder()

/** RFC 6749, 5.1. */
const decodeTokens = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Struct({
  access_token: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "access_token" }),
  expires_in: Schema.OptionFromOptionalNullOr(Schema.Finite),
  refresh_token: Schema.OptionFromOptionalNullOr(
    Schema.RedactedFromValue(Schema.NonEmptyString, { label: "refresh_token" })
  ),
  refresh_token_expires_in: Schema.OptionFromOptionalNullOr(Schema.Finite),
  scope: Schema.OptionFromOptionalNullOr(Schema.String)
})))

/** Two more tries, about half a second and a second later: three of eight seconds each stay under the lease of a refresh. */
const tokenCall = Schedule.exponential("500 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 2 }),
  Schedule.setInputType<ProviderError>(),
  Schedule.while(({ input }) => input.retryable && input.reason._tag !== "RateLimited" && Option.isNone(input.retryAt))
)
