/** Keeps every connection in good access tokens: realises `services/AccessTokens.ts` over the store. */
import {
  DateTime,
  Deferred,
  Duration,
  Effect,
  Equal,
  Fiber,
  Layer,
  Option,
  type Redacted,
  Schedule,
  Schema
} from "effect"
import { SecureRandom } from "effect/crypto"
import type { Connection, ConnectionId } from "../domain/Connection.ts"
import { Provider, providerTitle } from "../domain/Provider.ts"
import { NeedsAuth, ProviderError, Unavailable } from "../domain/ProviderError.ts"
import { AccessTokens } from "../services/AccessTokens.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { DamagedStore } from "../services/DamagedStore.ts"
import { OAuth, type Tokens } from "../services/OAuth.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type CipherError, TokenCipher } from "../services/TokenCipher.ts"
import { Connections, type StoredConnection } from "../store/Connections.ts"
import { open, seal } from "./SealedTokens.ts"

type Account = Pick<Connection, "name" | "provider">
type Token = Redacted.Redacted<string>

/** A refresh lasts at most 26 s and a half; whoever holds the lease for longer is gone. */
const leaseLength = Duration.seconds(30)

/** How often another process is looked at that is refreshing. */
const glance = Duration.millis(200)

/** Less than this to live, and a token is refreshed: a call may take as long. */
const margin: { readonly [P in Provider]: Duration.Duration } = {
  google: Duration.seconds(60),
  spotify: Duration.seconds(120),
  oura: Duration.seconds(60)
}

/** New tokens are worth six more tries within three seconds before they are held in memory. */
const storing = Schedule.exponential("50 millis").pipe(Schedule.upTo({ times: 6 }))

/**
 * One refresh at a time: in the process all who wait share one, and between processes the row's lease decides. New tokens
 * are stored before anybody gets them, and no interruption comes between their arrival and the store.
 *
 *     read the row -> good? give it
 *                  -> needs_auth, revoked, unknown? NeedsAuth, without asking the provider
 *                  -> lease it (another has it: look again a moment later)
 *                       -> new tokens: stored over the version they were made from, then given
 *                       -> invalid_grant: needs_auth, tokens kept
 *                       -> anything else: the lease is given back, the caller may try later
 */
export const layer = Layer.effect(
  AccessTokens,
  Effect.gen(function*() {
    const connections = yield* Connections
    const cipher = yield* TokenCipher
    const oauth = yield* OAuth
    const gate = yield* ProviderGate
    const crash = yield* CrashPoint
    const scope = yield* Effect.scope
    const isOnlyRead = Option.isSome(yield* DamagedStore)
    const me = yield* Effect.flatMap(SecureRandom.SecureRandom, (random) => random.uuidV4())

    /** The refreshes of this process. */
    const flights = new Map<ConnectionId, Deferred.Deferred<Token, ProviderError>>()
    /** Tokens that a failing store did not take: the old ones may be dead, so these are stored before any refresh. */
    const unsaved = new Map<ConnectionId, { readonly version: number; readonly tokens: Tokens }>()

    /** The row, unless only a person can help. */
    const read = Effect.fnUntraced(function*(id: ConnectionId) {
      const named = yield* providerOf(id)
      const row = yield* Effect.mapError(connections.find(id), storeFailure(named))
      if (Option.isNone(row)) return yield* notConnected({ provider: named, name: Option.none() })
      const { connection } = row.value
      const { problem, provider, state } = connection
      switch (state) {
        case "connected":
          return row.value
        case "needs_auth":
          return yield* Option.match(problem, {
            onNone: () => notConnected(connection),
            onSome: (text) => needsAuth(provider, text)
          })
        case "revoked":
          return yield* notConnected(connection)
      }
    })

    /** The row's access token, if it lives long enough and is another than the one that was refused. */
    const usable = Effect.fnUntraced(function*(row: StoredConnection, refused: Option.Option<Token>) {
      const { expiresAt, provider } = row.connection
      const soon = DateTime.addDuration(yield* DateTime.now, margin[provider])
      if (!Option.exists(expiresAt, DateTime.isGreaterThan(soon))) return Option.none<Token>()
      const token = yield* Effect.mapError(open(cipher, row, "access_token"), cipherFailure(row.connection))
      return Option.filter(token, (token) => !Option.contains(refused, token))
    })

    /** Stores what a refresh gave. None when the row has changed meanwhile: then its tokens are newer than these. */
    const keep = Effect.fnUntraced(function*(row: StoredConnection, old: Option.Option<Token>, tokens: Tokens) {
      const { id, provider, scopes } = row.connection
      const refreshToken = Option.orElse(tokens.refreshToken, () => old)
      if (Option.isNone(refreshToken)) return yield* notConnected(row.connection)
      const stored = yield* seal(cipher, { id, version: row.version + 1 }, {
        accessToken: tokens.accessToken,
        refreshToken: refreshToken.value,
        expiresAt: tokens.expiresAt,
        refreshExpiresAt: Option.orElse(tokens.refreshExpiresAt, () => row.refreshExpiresAt),
        scopes: Option.getOrElse(tokens.scopes, () => scopes),
        at: yield* DateTime.now
      }).pipe(
        Effect.flatMap((sealed) => connections.refreshed(row, sealed)),
        Effect.retry(storing),
        Effect.tapError(() =>
          Effect.sync(() => void unsaved.set(id, { version: row.version, tokens: { ...tokens, refreshToken } }))
        ),
        Effect.mapError((error) =>
          failure(
            provider,
            new Unavailable({ status: Option.none(), message: `new tokens are not stored yet: ${error.message}` })
          )
        )
      )
      unsaved.delete(id)
      return Option.as(stored, tokens.accessToken)
    })

    /** Asks the provider, with the lease in hand. */
    const refresh = Effect.fnUntraced(function*(row: StoredConnection) {
      const { id, name, provider } = row.connection
      const old = yield* Effect.mapError(open(cipher, row, "refresh_token"), cipherFailure(row.connection))
      const waiting = unsaved.get(id)
      if (waiting?.version === row.version) return yield* keep(row, old, waiting.tokens)
      unsaved.delete(id)
      if (Option.isNone(old)) return yield* notConnected(row.connection)
      const tokens = yield* oauth.refresh(provider, old.value, name)
      yield* crash("token.received")
      const token = yield* keep(row, old, tokens)
      yield* crash("token.stored")
      return token
    })

    /** What a failed refresh leaves behind. None when another has changed the row, so that there may be good tokens. */
    const failed = Effect.fnUntraced(function*(row: StoredConnection, error: ProviderError) {
      const { id, provider } = row.connection
      if (error.reason._tag === "NeedsAuth" && error.operation === refreshOperation) {
        const marked = yield* Effect.mapError(connections.needsAuth(row, error.reason.message), storeFailure(provider))
        if (Option.isNone(marked)) return Option.none<Token>()
        yield* Effect.logWarning(error.message).pipe(Effect.annotateLogs({ connection: id }))
        return yield* error
      }
      if (Option.isSome(error.retryAt)) yield* gate.shut(provider, error.retryAt.value)
      // a lease that cannot be given back runs out by itself
      yield* Effect.ignore(connections.release(id, me))
      return yield* error
    })

    const renewed = Effect.fnUntraced(function*(id: ConnectionId, refused: Option.Option<Token>) {
      for (;;) {
        const row = yield* read(id)
        const good = yield* usable(row, refused)
        if (Option.isSome(good)) return good.value
        const { provider } = row.connection
        if (isOnlyRead) return yield* notKept(provider)
        yield* gate.pass(provider, refreshOperation)
        const now = yield* DateTime.now
        const until = DateTime.addDuration(now, leaseLength)
        const leased = yield* Effect.mapError(connections.lease(row, { by: me, now, until }), storeFailure(provider))
        if (Option.isNone(leased)) {
          yield* Effect.sleep(glance)
          continue
        }
        const token = yield* toTheEnd(Effect.catch(refresh(leased.value), (error) => failed(leased.value, error)))
        if (Option.isSome(token)) return token.value
      }
    })

    /** Joins the refresh under way, or begins one; it goes on when its caller is interrupted. */
    const shared = (id: ConnectionId, refused: Option.Option<Token>) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.suspend(() => {
          const flying = flights.get(id)
          if (flying !== undefined) return restore(Deferred.await(flying))
          const flight = Deferred.makeUnsafe<Token, ProviderError>()
          flights.set(id, flight)
          return Effect.interruptible(renewed(id, refused)).pipe(
            Effect.onExit((exit) => {
              flights.delete(id)
              return Deferred.done(flight, exit)
            }),
            Effect.forkIn(scope, { uninterruptible: true }), // else an end of the scope could come before `onExit`
            Effect.andThen(restore(Deferred.await(flight)))
          )
        })
      )

    const get = Effect.fn("AccessTokens.get")(function*(id: ConnectionId) {
      const good = yield* usable(yield* read(id), Option.none())
      return Option.isSome(good) ? good.value : yield* shared(id, Option.none())
    })

    const renew = Effect.fn("AccessTokens.renew")(function*(id: ConnectionId, refused: Token) {
      const good = yield* usable(yield* read(id), Option.some(refused))
      if (Option.isSome(good)) return good.value
      const token = yield* shared(id, Option.some(refused))
      // the refresh that was joined may be the one that gave the refused token
      return Equal.equals(token, refused) ? yield* shared(id, Option.some(refused)) : token
    })

    return AccessTokens.of({ get, renew })
  })
).pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** As `OAuth.refresh` names it. */
const refreshOperation = "token refresh"

/** Runs to its end whatever becomes of the caller, its own time-outs in force. */
const toTheEnd = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptible(Effect.flatMap(Effect.forkDetach(effect), Fiber.join))

const failure = (provider: Provider, reason: ProviderError["reason"]): ProviderError =>
  new ProviderError({ provider, operation: "access token", reason })

const needsAuth = (provider: Provider, message: string): ProviderError => failure(provider, new NeedsAuth({ message }))

const notConnected = ({ name, provider }: Account): ProviderError =>
  needsAuth(provider, `${providerTitle[provider]} is not connected; run: ${signInCommand(provider, name)}`)

/** A provider may take the old token back when it gives a new one, which only a sound store keeps. */
const notKept = (provider: Provider): ProviderError => {
  const message = "the store is damaged, and only read: no new token is asked for, since it could not be kept"
  return failure(provider, new Unavailable({ status: Option.none(), message }))
}

const cipherFailure = ({ name, provider }: Account) => (error: CipherError): ProviderError =>
  needsAuth(provider, `${error.message} (${signInCommand(provider, name)})`)

const storeFailure = (provider: Provider) => ({ message }: SurrealError): ProviderError =>
  failure(provider, new Unavailable({ status: Option.none(), message }))

/** The provider is the first part of the id, by construction. */
const providerOf = (id: ConnectionId): Effect.Effect<Provider> =>
  Effect.orDie(Schema.decodeUnknownEffect(Provider)(id.slice(0, id.indexOf(":"))))
