import { Cache, Context, DateTime, Duration, Effect, Exit, Layer, Option, Redacted, Schema, Scope } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { Base64Url, Hex } from "effect/encoding"
import { ApiScope, IssuedToken } from "../domain/IssuedToken.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, OptionalInstant, recordId } from "../services/SurrealValue.ts"

/** What a new token is to be. */
export interface TokenRequest {
  readonly name: string
  readonly scopes: ReadonlyArray<ApiScope>
  readonly expiresAt: Option.Option<DateTime.Utc>
}

/** Tokens that are held in memory at most. */
const capacity = 1000

/** How long a token is believed without asking the store: a revocation by another process takes that long. */
const believed = Duration.minutes(1)

/** A use is written down at most that often. */
const coarse = Duration.minutes(1)

/** How every token begins, so that a scanner for leaked secrets knows it. */
const prefix = "glider_"

/**
 * The table `api_token`. Of a token itself only the SHA-256 is kept: with 256 random bits there is nothing to guess, so
 * it needs no salt and no slow hash.
 */
export class ApiTokens extends Context.Service<ApiTokens, {
  /** A new token, and the only sight of it. */
  readonly create: (
    request: TokenRequest
  ) => Effect.Effect<{ readonly token: IssuedToken; readonly secret: Redacted.Redacted<string> }, SurrealError>
  /** All of them, the newest first. */
  readonly all: Effect.Effect<ReadonlyArray<IssuedToken>, SurrealError>
  /** Forgets a token at once, and says whether there was one. */
  readonly revoke: (id: string) => Effect.Effect<boolean, SurrealError>
  /**
   * The token that this is, expired or not, from memory when it was asked for lately. `beforeAsking` goes before a question to
   * the store, which a stranger could cause as often as they like.
   */
  readonly find: <E>(
    secret: Redacted.Redacted<string>,
    beforeAsking: Effect.Effect<void, E>
  ) => Effect.Effect<Option.Option<IssuedToken>, E | SurrealError>
}>()("glider/store/ApiTokens") {
  static readonly layer: Layer.Layer<ApiTokens, never, Surreal | Digest.Digest | SecureRandom.SecureRandom> = Layer
    .effect(
      ApiTokens,
      Effect.gen(function*() {
        const digest = yield* Digest.Digest
        const random = yield* SecureRandom.SecureRandom
        const scope = yield* Scope.Scope
        const surreal = yield* Surreal
        /** When the last use of each token was written down. */
        const written = new Map<string, number>()

        const hashOf = (secret: Redacted.Redacted<string>) =>
          digest.digestHex(Digest.sha256, utf8.encode(Redacted.value(secret)))

        const known = yield* Cache.makeWith(
          (hash: string) =>
            Effect.map(
              surreal.query(
                Schema.Array(Row),
                "SELECT *, record::id(id)[0] AS id FROM api_token WITH INDEX api_token_by_hash WHERE hash = $hash",
                { hash }
              ),
              ([row]) => Option.map(Option.fromUndefinedOr(row), tokenOf)
            ),
          {
            capacity,
            // another process may issue a token at any time, so an absence is never believed
            timeToLive: (exit) => Exit.isSuccess(exit) && Option.isSome(exit.value) ? believed : Duration.zero
          }
        )

        const create = Effect.fn("ApiTokens.create")(function*({ expiresAt, name, scopes }: TokenRequest) {
          const secret = Redacted.make(`${prefix}${Base64Url.encode(yield* random.randomBytes(32))}`, {
            label: "api token"
          })
          const id = Hex.encode(yield* random.randomBytes(6))
          const createdAt = yield* DateTime.now
          yield* surreal.execute("CREATE $record CONTENT $row RETURN NONE", {
            record: recordId("api_token", [id]),
            row: {
              hash: yield* hashOf(secret),
              name,
              scopes,
              created_at: createdAt,
              expires_at: expiresAt
            }
          })
          const token = new IssuedToken({ id, name, scopes, createdAt, expiresAt, lastUsedAt: Option.none() })
          return { token, secret }
        })

        const all = surreal.query(
          Schema.Array(Row),
          "SELECT *, record::id(id)[0] AS id FROM api_token ORDER BY created_at DESC"
        ).pipe(Effect.map((rows) => rows.map(tokenOf)), Effect.withSpan("ApiTokens.all"))

        const revoke = Effect.fn("ApiTokens.revoke")(function*(id: string) {
          const hashes = yield* surreal.query(
            Schema.Array(Schema.Struct({ hash: Schema.String })),
            "DELETE $record RETURN BEFORE",
            { record: recordId("api_token", [id]) }
          )
          yield* Effect.forEach(hashes, ({ hash }) => Cache.invalidate(known, hash), { discard: true })
          written.delete(id)
          return hashes.length > 0
        })

        /** Writes the use down beside the request, which does not wait for it. */
        const used = Effect.fnUntraced(function*({ id }: IssuedToken) {
          const now = yield* DateTime.now
          const at = now.epochMilliseconds
          if (at - (written.get(id) ?? Number.NEGATIVE_INFINITY) < Duration.toMillis(coarse)) return
          written.set(id, at)
          yield* surreal.execute("UPDATE $record SET last_used_at = $now RETURN NONE", {
            record: recordId("api_token", [id]),
            now
          }).pipe(
            Effect.catch(({ message }) =>
              Effect.logWarning(`the use of an API token could not be written down: ${message}`)
            ),
            Effect.forkIn(scope)
          )
        })

        const find = Effect.fnUntraced(function*<E>(
          secret: Redacted.Redacted<string>,
          beforeAsking: Effect.Effect<void, E>
        ) {
          const hash = yield* hashOf(secret)
          if (!(yield* Cache.has(known, hash))) yield* beforeAsking
          const found = yield* Cache.get(known, hash)
          if (Option.isSome(found)) yield* used(found.value)
          return found
        })

        return ApiTokens.of({ create, all, revoke, find })
      })
    )
}

const utf8 = new TextEncoder()

const Row = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(Schema.String),
  created_at: Instant,
  expires_at: OptionalInstant,
  last_used_at: OptionalInstant
})

const isScope = Schema.is(ApiScope)

const tokenOf = (row: typeof Row.Type): IssuedToken =>
  new IssuedToken({
    id: row.id,
    name: row.name,
    // a scope of another version gives nothing
    scopes: row.scopes.filter(isScope),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at
  })
