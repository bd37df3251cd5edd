import { Cache, Context, DateTime, Duration, Effect, Exit, Layer, Option, Redacted, Schema, Scope } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { Base64Url, Hex } from "effect/encoding"
import { Session } from "../domain/Session.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"

/** A session that is not used for so long is over. */
const idle = Duration.days(30)

/** However much it is used, a session is over then. */
export const longest = Duration.days(365)

/** Sessions that are held in memory at most. */
const capacity = 1000

/** How long a session is believed without asking the store: its end by another process takes that long. */
const believed = Duration.minutes(1)

/** A use is written down at most that often. */
const coarse = Duration.minutes(1)

/**
 * The table `session`: browsers that have signed in to the web page. As of a token, only the SHA-256 of the secret is kept.
 * One that is over is found no more, and its row goes when the next one is made.
 */
export class Sessions extends Context.Service<Sessions, {
  /** A new session, and the only sight of its secret. */
  readonly create: (
    userAgent: string
  ) => Effect.Effect<{ readonly session: Session; readonly secret: Redacted.Redacted<string> }, SurrealError>
  /** Those that are not over, the one that was used last first. */
  readonly all: Effect.Effect<ReadonlyArray<Session>, SurrealError>
  /** Forgets a session at once, and says whether there was one. */
  readonly end: (id: string) => Effect.Effect<boolean, SurrealError>
  /**
   * The session with that secret, unless it is over; from memory when it was asked for lately. `beforeAsking` goes before a
   * question to the store, which a stranger could cause as often as they like.
   */
  readonly find: <E>(
    secret: Redacted.Redacted<string>,
    beforeAsking: Effect.Effect<void, E>
  ) => Effect.Effect<Option.Option<Session>, E | SurrealError>
}>()("glider/store/Sessions") {
  static readonly layer: Layer.Layer<Sessions, never, Surreal | Digest.Digest | SecureRandom.SecureRandom> = Layer
    .effect(
      Sessions,
      Effect.gen(function*() {
        const digest = yield* Digest.Digest
        const random = yield* SecureRandom.SecureRandom
        const scope = yield* Scope.Scope
        const surreal = yield* Surreal
        /** When the last use of each session was written down. */
        const written = new Map<string, number>()

        const hashOf = (secret: Redacted.Redacted<string>) =>
          digest.digestHex(Digest.sha256, utf8.encode(Redacted.value(secret)))

        const known = yield* Cache.makeWith(
          (hash: string) =>
            Effect.map(
              surreal.query(
                Schema.Array(Row),
                "SELECT *, record::id(id)[0] AS id FROM session WITH INDEX session_by_hash WHERE hash = $hash",
                { hash }
              ),
              ([row]) => Option.map(Option.fromUndefinedOr(row), sessionOf)
            ),
          {
            capacity,
            // another process may begin a session at any time, so an absence is never believed
            timeToLive: (exit) => Exit.isSuccess(exit) && Option.isSome(exit.value) ? believed : Duration.zero
          }
        )

        const create = Effect.fn("Sessions.create")(function*(userAgent: string) {
          const secret = Redacted.make(Base64Url.encode(yield* random.randomBytes(32)), { label: "session" })
          const id = Hex.encode(yield* random.randomBytes(6))
          const now = yield* DateTime.now
          const session = new Session({
            id,
            createdAt: now,
            lastUsedAt: now,
            expiresAt: DateTime.addDuration(now, idle),
            userAgent
          })
          yield* surreal.execute("DELETE session WHERE expires_at <= $now RETURN NONE", { now })
          yield* surreal.execute("CREATE $record CONTENT $row RETURN NONE", {
            record: recordId("session", [id]),
            row: {
              hash: yield* hashOf(secret),
              created_at: session.createdAt,
              last_used_at: session.lastUsedAt,
              expires_at: session.expiresAt,
              user_agent: userAgent
            }
          })
          written.set(id, now.epochMilliseconds)
          return { session, secret }
        })

        const all = Effect.gen(function*() {
          const rows = yield* surreal.query(
            Schema.Array(Row),
            "SELECT *, record::id(id)[0] AS id FROM session WHERE expires_at > $now ORDER BY last_used_at DESC",
            { now: yield* DateTime.now }
          )
          return rows.map(sessionOf)
        }).pipe(Effect.withSpan("Sessions.all"))

        const end = Effect.fn("Sessions.end")(function*(id: string) {
          const hashes = yield* surreal.query(
            Schema.Array(Schema.Struct({ hash: Schema.String })),
            "DELETE $record RETURN BEFORE",
            { record: recordId("session", [id]) }
          )
          yield* Effect.forEach(hashes, ({ hash }) => Cache.invalidate(known, hash), { discard: true })
          written.delete(id)
          return hashes.length > 0
        })

        /** Writes the use down, with the end that it puts off, beside the request, which does not wait for it. */
        const used = Effect.fnUntraced(function*({ createdAt, id }: Session, now: DateTime.Utc) {
          const at = now.epochMilliseconds
          if (at - (written.get(id) ?? Number.NEGATIVE_INFINITY) < Duration.toMillis(coarse)) return
          written.set(id, at)
          const expiresAt = DateTime.min(DateTime.addDuration(now, idle), DateTime.addDuration(createdAt, longest))
          yield* surreal.execute("UPDATE $record SET last_used_at = $now, expires_at = $expiresAt RETURN NONE", {
            record: recordId("session", [id]),
            now,
            expiresAt
          }).pipe(
            Effect.catch(({ message }) =>
              Effect.logWarning(`the use of a session could not be written down: ${message}`)
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
          const now = yield* DateTime.now
          const found = Option.filter(yield* Cache.get(known, hash), (session) => !session.isExpired(now))
          if (Option.isSome(found)) yield* used(found.value, now)
          return found
        })

        return Sessions.of({ create, all, end, find })
      })
    )
}

const utf8 = new TextEncoder()

const Row = Schema.Struct({
  id: Schema.String,
  created_at: Instant,
  last_used_at: Instant,
  expires_at: Instant,
  user_agent: Schema.String
})

const sessionOf = (row: typeof Row.Type): Session =>
  new Session({
    id: row.id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    userAgent: row.user_agent
  })
