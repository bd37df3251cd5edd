import { Context, DateTime, Effect, Layer, Option, Redacted, Schema, Semaphore } from "effect"
import { LatestConfig } from "../Config.ts"
import { Connection, connectionId, type ConnectionName } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import { AccessTokens } from "../services/AccessTokens.ts"
import { OAuth, type Tokens } from "../services/OAuth.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { TokenCipher } from "../services/TokenCipher.ts"
import { Connections } from "../store/Connections.ts"
import { AccountsError, NotConfigured } from "./AccountsError.ts"
import { type AccountStatus, missing, statusOf } from "./AccountStatus.ts"
import { codeOf, type Completion } from "./Completion.ts"
import { type PendingSignIn, PendingSignIns } from "./PendingSignIns.ts"
import { Profile } from "./Profile.ts"
import { open, seal } from "./SealedTokens.ts"
import {
  indispensable,
  keyProblem,
  missingScope,
  nameTaken,
  noRefreshToken,
  notConnected,
  otherName,
  otherUser
} from "./SignInRefusals.ts"

/** Where to send the person, and what names the sign-in until it is completed. */
export class SignIn extends Schema.Class<SignIn>("glider/SignIn")({
  authorizeUrl: Schema.String,
  redirectUri: Schema.String,
  state: Schema.String
}) {}

/** A disconnection; `atProvider` says whether the provider has forgotten it too. */
export class Revocation extends Schema.Class<Revocation>("glider/Revocation")({
  connection: Connection,
  atProvider: Schema.Boolean
}) {}

/**
 * The person's accounts at the providers: signing in, how they stand, signing out. The first account of a provider has no name,
 * and is what `[sync.*]` reads; each further one has a name, which no other has.
 */
export class Accounts extends Context.Service<Accounts, {
  /** Begins a sign-in; it can be completed once, within ten minutes, in this process. */
  readonly begin: (
    provider: Provider,
    name?: Option.Option<ConnectionName>
  ) => Effect.Effect<SignIn, AccountsError | SurrealError>
  /** Ends it: checks the state, trades the code for tokens, asks whose they are, stores the connection. */
  readonly complete: (
    completion: Completion
  ) => Effect.Effect<Connection, AccountsError | ProviderError | SurrealError>
  /** Every connection, also revoked ones. */
  readonly list: Effect.Effect<ReadonlyArray<Connection>, SurrealError>
  /** The account of that name, also one that needs a new sign-in; none when there is none or it was revoked. */
  readonly find: (
    provider: Provider,
    name?: Option.Option<ConnectionName>
  ) => Effect.Effect<Option.Option<Connection>, SurrealError>
  /** How all three providers stand, and each further account, also one that the config names and nobody has connected. */
  readonly status: Effect.Effect<ReadonlyArray<AccountStatus>, SurrealError>
  /**
   * Disconnects: at the provider where it offers that, then here. The tokens are wiped, the data stay. When the provider
   * cannot be reached nothing is changed, so that it can be done again.
   */
  readonly revoke: (
    provider: Provider,
    name?: Option.Option<ConnectionName>
  ) => Effect.Effect<Revocation, AccountsError | ProviderError | SurrealError>
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
      const config = yield* LatestConfig
      const oneAtATime = yield* Semaphore.make(1)

      const standing = Effect.fnUntraced(function*(provider: Provider, name: Name) {
        const rows = yield* connections.ofProvider(provider)
        return Option.fromUndefinedOr(rows.find(({ connection }) => isLiving(connection, name)))
      })

      /** The accounts that the config names. */
      const named = Effect.map(config.get, ({ connections = [] }) => connections)

      /** A name is of one provider. */
      const free = Effect.fnUntraced(function*(provider: Provider, name: Name) {
        if (Option.isNone(name)) return
        const others = [
          ...(yield* connections.all).flatMap(({ connection }) => isLiving(connection, name) ? [connection] : []),
          ...(yield* named).filter((one) => one.name === name.value)
        ]
        const other = others.find((one) => one.provider !== provider)
        if (other !== undefined) return yield* nameTaken(provider, name.value, other.provider)
      })

      const begin = Effect.fn("Accounts.begin")(function*(provider: Provider, name: Name = Option.none()) {
        yield* free(provider, name)
        const authorization = yield* oauth.authorize(provider, name).pipe(
          Effect.mapError(({ message }) => new AccountsError({ provider, reason: new NotConfigured({ message }) }))
        )
        yield* pending.add({ ...authorization, provider })
        const { authorizeUrl, redirectUri, state } = authorization
        return new SignIn({ authorizeUrl, redirectUri, state: Redacted.value(state) })
      })

      /** Stores the tokens under that user, again when a refresh of the old ones came between. */
      const store = Effect.fnUntraced(
        function*({ name, provider }: PendingSignIn, userId: string, tokens: Tokens) {
          const id = connectionId(provider, userId)
          yield* free(provider, name)
          for (;;) {
            const other = yield* standing(provider, name)
            if (Option.isSome(other) && other.value.connection.id !== id) return yield* otherUser(other.value, userId)
            const row = yield* connections.find(id)
            const before = Option.filter(row, ({ connection }) => connection.state !== "revoked")
            if (Option.isSome(before) && Option.isNone(other)) return yield* otherName(before.value, name)
            const version = Option.match(row, { onNone: () => 0, onSome: ({ version }) => version })
            const refreshToken = yield* Option.isSome(tokens.refreshToken) || Option.isNone(row)
              ? Effect.succeed(tokens.refreshToken)
              : open(cipher, row.value, "refresh_token")
            if (Option.isNone(refreshToken)) return yield* noRefreshToken(provider, name)
            const at = yield* DateTime.now
            const sealed = yield* seal(cipher, { id, version: version + 1 }, {
              ...tokens,
              refreshToken: refreshToken.value,
              refreshExpiresAt: Option.orElse(tokens.refreshExpiresAt, () => knownEnd(provider, at)),
              scopes: Option.getOrElse(tokens.scopes, () => oauth.scopes(provider)),
              at
            })
            const stored = yield* connections.signIn({ id, provider, userId, name, version }, sealed)
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
        if (left.some((scope) => indispensable[provider] === scope)) return yield* missingScope(provider, signIn.name)
        const userId = yield* profile.userId(provider, tokens.accessToken)
        return yield* store(signIn, userId, tokens).pipe(
          Effect.catchTag("CipherError", (error) => keyProblem(provider, error))
        )
      })

      const list = connections.all.pipe(
        Effect.map((rows) => rows.map(({ connection }) => connection)),
        Effect.withSpan("Accounts.list")
      )

      const find = Effect.fn("Accounts.find")(function*(provider: Provider, name: Name = Option.none()) {
        return Option.map(yield* standing(provider, name), ({ connection }) => connection)
      })

      const status = Effect.gen(function*() {
        const all = yield* connections.all
        const statusOfOne = (provider: Provider, name: Name) => {
          const rows = all.filter(({ connection }) =>
            connection.provider === provider && sameName(connection.name, name)
          )
          const row = rows.find(({ connection }) => connection.state !== "revoked") ?? rows.at(-1)
          return statusOf({ provider, name }, oauth.scopes(provider), Option.fromUndefinedOr(row))
        }
        const further = new Map<ConnectionName, Provider>([
          ...(yield* named).map(({ name, provider }) => [name, provider] as const),
          ...all.flatMap(({ connection: { name, provider, state } }) =>
            Option.isSome(name) && state !== "revoked" ? [[name.value, provider] as const] : []
          )
        ])
        return [
          ...Provider.literals.map((provider) => statusOfOne(provider, Option.none())),
          ...[...further].map(([name, provider]) => statusOfOne(provider, Option.some(name)))
        ]
      }).pipe(Effect.withSpan("Accounts.status"))

      const revoke = Effect.fn("Accounts.revoke")(function*(provider: Provider, name: Name = Option.none()) {
        const row = yield* standing(provider, name)
        if (Option.isNone(row)) return yield* notConnected(provider, name)
        const { id } = row.value.connection
        const atProvider = yield* accessTokens.get(id).pipe(
          Effect.flatMap((token) => oauth.revoke(provider, token)),
          // nothing opens there any more, so there is nothing to revoke
          Effect.catchIf(({ reason }) => reason._tag === "NeedsAuth", () => Effect.succeed(false))
        )
        const revoked = yield* connections.revoke(id)
        return Option.isNone(revoked)
          ? yield* notConnected(provider, name)
          : new Revocation({ connection: revoked.value.connection, atProvider })
      })

      return Accounts.of({ begin, complete, list, find, status, revoke })
    })
  )
  static readonly layer = this.layerNoDeps.pipe(Layer.provide([PendingSignIns.layer, Profile.layer]))
}

type Name = Option.Option<ConnectionName>

const sameName = Option.makeEquivalence<ConnectionName>((a, b) => a === b)

const isLiving = (connection: Connection, name: Name): boolean =>
  connection.state !== "revoked" && sameName(connection.name, name)

/** Spotify's sign-ins end six months after the person agreed, and no answer says so. */
const knownEnd = (provider: Provider, at: DateTime.Utc): Option.Option<DateTime.Utc> =>
  provider === "spotify" ? Option.some(DateTime.add(at, { months: 6 })) : Option.none()
