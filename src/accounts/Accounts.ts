import { Context, DateTime, Effect, Layer, Option, Redacted, Schema, Semaphore } from "effect"
import { Connection, connectionId } from "../domain/Connection.ts"
import { Provider, providerTitle } from "../domain/Provider.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import { AccessTokens } from "../services/AccessTokens.ts"
import { OAuth, syncScopes, type Tokens } from "../services/OAuth.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type CipherError, TokenCipher } from "../services/TokenCipher.ts"
import { Connections, type StoredConnection } from "../store/Connections.ts"
import {
  AccountsError,
  KeyProblem,
  MissingScope,
  NoRefreshToken,
  NotConfigured,
  NotConnected,
  OtherUser
} from "./AccountsError.ts"
import { codeOf, type Completion } from "./Completion.ts"
import { PendingSignIns } from "./PendingSignIns.ts"
import { Profile } from "./Profile.ts"
import { open, seal } from "./SealedTokens.ts"

/** Where to send the person, and what names the sign-in until it is completed. */
export class SignIn extends Schema.Class<SignIn>("glider/SignIn")({
  authorizeUrl: Schema.String,
  redirectUri: Schema.String,
  state: Schema.String
}) {}

/** How a provider's account stands. */
export class AccountStatus extends Schema.Class<AccountStatus>("glider/AccountStatus")({
  provider: Provider,
  /** None when never connected; the last one when revoked. */
  connection: Schema.OptionFromNullOr(Connection),
  /** When the sign-in itself ends (six months at Spotify, seven days for Google apps in testing), where known. */
  signInEndsAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Permissions that a sync would use and that were not granted. */
  missingScopes: Schema.Array(Schema.String),
  /** The command that mends it, when something is to be mended. */
  fix: Schema.OptionFromNullOr(Schema.String)
}) {}

/** A disconnection; `atProvider` says whether the provider has forgotten it too. */
export class Revocation extends Schema.Class<Revocation>("glider/Revocation")({
  connection: Connection,
  atProvider: Schema.Boolean
}) {}

/** The person's accounts at the providers: signing in, how they stand, signing out. One account a provider for now. */
export class Accounts extends Context.Service<Accounts, {
  /** Begins a sign-in; it can be completed once, within ten minutes, in this process. */
  readonly begin: (provider: Provider) => Effect.Effect<SignIn, AccountsError>
  /** Ends it: checks the state, trades the code for tokens, asks whose they are, stores the connection. */
  readonly complete: (
    completion: Completion
  ) => Effect.Effect<Connection, AccountsError | ProviderError | SurrealError>
  /** Every connection, also revoked ones. */
  readonly list: Effect.Effect<ReadonlyArray<Connection>, SurrealError>
  /** The connection to sync with, also one that needs a new sign-in; none when there is none or it was revoked. */
  readonly find: (provider: Provider) => Effect.Effect<Option.Option<Connection>, SurrealError>
  /** How all three providers stand. */
  readonly status: Effect.Effect<ReadonlyArray<AccountStatus>, SurrealError>
  /**
   * Disconnects: at the provider where it offers that, then here. The tokens are wiped, the data stay. When the provider
   * cannot be reached nothing is changed, so that it can be done again.
   */
  readonly revoke: (provider: Provider) => Effect.Effect<Revocation, AccountsError | ProviderError | SurrealError>
}>()("glider/accounts/Accounts") {
  static readonly layerNoDeps = Layer.effect(
    Accounts,
    Effect.gen(function*() {
      const oauth = yield* OAuth
      const connections = yield* Connections
      const cipher = yield* TokenCipher
      const accessTokens = yield* AccessTokens
      const profile = yield* Profile
      const pending = yield* PendingSignIns
      const oneAtATime = yield* Semaphore.make(1)

      const standing = Effect.fnUntraced(function*(provider: Provider) {
        const rows = yield* connections.ofProvider(provider)
        return Option.fromUndefinedOr(rows.find(({ connection }) => connection.state !== "revoked"))
      })

      const begin = Effect.fn("Accounts.begin")(function*(provider: Provider) {
        const authorization = yield* oauth.authorize(provider).pipe(
          Effect.mapError(({ message }) => new AccountsError({ provider, reason: new NotConfigured({ message }) }))
        )
        yield* pending.add({ ...authorization, provider })
        const { authorizeUrl, redirectUri, state } = authorization
        return new SignIn({ authorizeUrl, redirectUri, state: Redacted.value(state) })
      })

      /** Stores the tokens under that user, again when a refresh of the old ones came between. */
      const store = Effect.fnUntraced(
        function*(provider: Provider, userId: string, tokens: Tokens) {
          const id = connectionId(provider, userId)
          for (;;) {
            const other = yield* standing(provider)
            if (Option.isSome(other) && other.value.connection.id !== id) return yield* otherUser(other.value, userId)
            const row = yield* connections.find(id)
            const version = Option.match(row, { onNone: () => 0, onSome: ({ version }) => version })
            const refreshToken = yield* Option.isSome(tokens.refreshToken) || Option.isNone(row)
              ? Effect.succeed(tokens.refreshToken)
              : open(cipher, row.value, "refresh_token")
            if (Option.isNone(refreshToken)) return yield* noRefreshToken(provider)
            const at = yield* DateTime.now
            const sealed = yield* seal(cipher, { id, version: version + 1 }, {
              ...tokens,
              refreshToken: refreshToken.value,
              refreshExpiresAt: Option.orElse(tokens.refreshExpiresAt, () => knownEnd(provider, at)),
              scopes: Option.getOrElse(tokens.scopes, () => oauth.scopes(provider)),
              at
            })
            const stored = yield* connections.signIn({ id, provider, userId, version }, sealed)
            if (Option.isSome(stored)) return stored.value.connection
          }
        },
        oneAtATime.withPermit
      )

      const complete = Effect.fn("Accounts.complete")(function*(completion: Completion) {
        const { code, granted, signIn } = yield* codeOf(pending, completion)
        const { provider } = signIn
        const answered = yield* oauth.exchange(provider, code, signIn)
        const tokens = { ...answered, scopes: Option.orElse(answered.scopes, () => granted) }
        const left = missing(oauth.scopes(provider), Option.getOrElse(tokens.scopes, () => oauth.scopes(provider)))
        if (left.some((scope) => indispensable[provider] === scope)) return yield* missingScope(provider)
        const userId = yield* profile.userId(provider, tokens.accessToken)
        return yield* store(provider, userId, tokens).pipe(
          Effect.catchTag("CipherError", (error) => keyProblem(provider, error))
        )
      })

      const list = connections.all.pipe(
        Effect.map((rows) => rows.map(({ connection }) => connection)),
        Effect.withSpan("Accounts.list")
      )

      const find = Effect.fn("Accounts.find")(function*(provider: Provider) {
        return Option.map(yield* standing(provider), ({ connection }) => connection)
      })

      const status = Effect.forEach(
        Provider.literals,
        (provider) =>
          Effect.map(connections.ofProvider(provider), (rows) =>
            statusOf(
              provider,
              oauth.scopes(provider),
              Option.fromUndefinedOr(rows.find(({ connection }) => connection.state !== "revoked") ?? rows.at(-1))
            ))
      ).pipe(Effect.withSpan("Accounts.status"))

      const revoke = Effect.fn("Accounts.revoke")(function*(provider: Provider) {
        const row = yield* standing(provider)
        if (Option.isNone(row)) return yield* notConnected(provider)
        const { id } = row.value.connection
        const atProvider = yield* accessTokens.get(id).pipe(
          Effect.flatMap((token) => oauth.revoke(provider, token)),
          // nothing opens there any more, so there is nothing to revoke
          Effect.catchIf(({ reason }) => reason._tag === "NeedsAuth", () => Effect.succeed(false))
        )
        const revoked = yield* connections.revoke(id)
        return Option.isNone(revoked)
          ? yield* notConnected(provider)
          : new Revocation({ connection: revoked.value.connection, atProvider })
      })

      return Accounts.of({ begin, complete, list, find, status, revoke })
    })
  )
  static readonly layer = this.layerNoDeps.pipe(Layer.provide([PendingSignIns.layer, Profile.layer]))
}

/** Without these a sign-in is of no use at all; without others a part of a sync is. */
const indispensable: { readonly [P in Provider]: string | undefined } = {
  google: syncScopes.google[0],
  spotify: syncScopes.spotify[0],
  oura: "personal"
}

/** Oura's contract calls the scope `spo2` by another name than its documentation. */
const missing = (wanted: ReadonlyArray<string>, granted: ReadonlyArray<string>): ReadonlyArray<string> =>
  wanted.filter((scope) => !granted.includes(scope) && !(scope === "spo2" && granted.includes("spo2Daily")))

/** Spotify's sign-ins end six months after the person agreed, and no answer says so. */
const knownEnd = (provider: Provider, at: DateTime.Utc): Option.Option<DateTime.Utc> =>
  provider === "spotify" ? Option.some(DateTime.add(at, { months: 6 })) : Option.none()

const statusOf = (
  provider: Provider,
  wanted: ReadonlyArray<string>,
  row: Option.Option<StoredConnection>
): AccountStatus => {
  const connection = Option.map(row, ({ connection }) => connection)
  const living = Option.filter(connection, ({ state }) => state !== "revoked")
  const missingScopes = Option.match(living, { onNone: () => [], onSome: (found) => missing(wanted, found.scopes) })
  const well = Option.exists(living, ({ state }) => state === "connected") && missingScopes.length === 0
  return new AccountStatus({
    provider,
    connection,
    signInEndsAt: Option.flatMap(row, ({ refreshExpiresAt }) => refreshExpiresAt),
    missingScopes,
    fix: well ? Option.none() : Option.some(signInCommand(provider))
  })
}

const failure = (provider: Provider, reason: AccountsError["reason"]): AccountsError =>
  new AccountsError({ provider, reason })

const otherUser = ({ connection: { provider, userId } }: StoredConnection, newUserId: string): AccountsError =>
  failure(
    provider,
    new OtherUser({
      message:
        `${providerTitle[provider]} is connected as ${userId}, and this sign-in is of ${newUserId}; to change over, ` +
        `run: glider auth revoke ${provider}, then: ${signInCommand(provider)}`
    })
  )

const noRefreshToken = (provider: Provider): AccountsError =>
  failure(
    provider,
    new NoRefreshToken({
      message:
        `${providerTitle[provider]} gave no refresh token; remove the app's access in your account there, then run: ` +
        signInCommand(provider)
    })
  )

const missingScope = (provider: Provider): AccountsError =>
  failure(
    provider,
    new MissingScope({
      message: `the permission ${indispensable[provider] ?? ""} was not granted; run: ${
        signInCommand(provider)
      } and leave it ticked`
    })
  )

const notConnected = (provider: Provider): AccountsError =>
  failure(provider, new NotConnected({ message: `${providerTitle[provider]} is not connected` }))

const keyProblem = (provider: Provider, { message }: CipherError): Effect.Effect<never, AccountsError> =>
  Effect.fail(failure(provider, new KeyProblem({ message })))
