import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { Connection, type ConnectionId, connectionId, ConnectionName, ConnectionState } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import { SurrealError, UnexpectedRow } from "../services/SurrealError.ts"
import { Instant, OptionalInstant, recordId } from "../services/SurrealValue.ts"
import { tellNeedsAuth } from "./ConnectionEvents.ts"
import { Outbox } from "./Outbox.ts"

/** The columns that hold ciphertexts. */
export type TokenField = "access_token" | "refresh_token"

/** A connection with what only the keeper of its tokens may see. */
export interface StoredConnection {
  readonly connection: Connection
  /** When the sign-in itself ends, where that is known. */
  readonly refreshExpiresAt: Option.Option<DateTime.Utc>
  /** Ciphertexts, each bound to this row, its column and `version`. */
  readonly tokens: { readonly [F in TokenField]: Option.Option<string> }
  /** Counts the writes of tokens; every change names the version it was made from. */
  readonly version: number
  /** Who is refreshing, and until when nobody else may. */
  readonly lease: Option.Option<{ readonly by: string; readonly until: DateTime.Utc }>
}

/** Tokens to be stored as the next version: both are encrypted for `version + 1`. */
export interface NewTokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expiresAt: DateTime.Utc
  readonly refreshExpiresAt: Option.Option<DateTime.Utc>
  readonly scopes: ReadonlyArray<string>
  readonly at: DateTime.Utc
}

/** Whose sign-in it is. */
export interface SignedIn {
  readonly id: ConnectionId
  readonly provider: Provider
  readonly userId: string
  readonly name?: Option.Option<ConnectionName>
  readonly version: number
}

/**
 * The table `connection`. Every change of tokens is a compare-and-set on the version: none means that another was faster
 * and nothing was written, so read again.
 */
export class Connections extends Context.Service<Connections, {
  readonly all: Effect.Effect<ReadonlyArray<StoredConnection>, SurrealError>
  readonly find: (id: ConnectionId) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** Every connection to the provider, also revoked ones. */
  readonly ofProvider: (provider: Provider) => Effect.Effect<ReadonlyArray<StoredConnection>, SurrealError>
  /** The first account of a provider, unless it is revoked: the one without a name. */
  readonly main: (provider: Provider) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** A sign-in: a new row (from version 0), or new tokens and a clean state for an old one. */
  readonly signIn: (who: SignedIn, tokens: NewTokens) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** The right to refresh, until then; none while another has it. */
  readonly lease: (
    row: StoredConnection,
    lease: { readonly by: string; readonly now: DateTime.Utc; readonly until: DateTime.Utc }
  ) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** Gives the right back without new tokens. */
  readonly release: (id: ConnectionId, by: string) => Effect.Effect<void, SurrealError>
  /** Ends the leases of all who are gone: for whoever knows that no other process has the store. */
  readonly releaseAll: Effect.Effect<void, SurrealError>
  /** New tokens for the row as it was read; ends the lease. */
  readonly refreshed: (
    row: StoredConnection,
    tokens: NewTokens
  ) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** Only a person can help. Keeps the tokens. */
  readonly needsAuth: (
    row: StoredConnection,
    problem: string
  ) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
  /** Forgets the tokens, whatever their version; the data of the connection stay. */
  readonly revoke: (id: ConnectionId) => Effect.Effect<Option.Option<StoredConnection>, SurrealError>
}>()("glider/store/Connections") {
  static readonly layer = Layer.effect(
    Connections,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const outbox = yield* Outbox
      const rows = Schema.Array(Row)

      /** One statement, and what goes with it, as a transaction: uninterruptible, and tried again when it conflicts with another. */
      const change = Effect.fnUntraced(function*(
        operation: string,
        sql: string,
        vars: Record<string, unknown>,
        after: ReadonlyArray<Statement> = []
      ) {
        const [result] = yield* surreal.transaction([{ sql, vars }, ...after])
        const [row] = yield* Schema.decodeUnknownEffect(rows)(result).pipe(
          Effect.mapError(({ message }) => new SurrealError({ operation, reason: new UnexpectedRow({ message }) }))
        )
        return Option.map(Option.fromUndefinedOr(row), stored)
      })

      const all = surreal.query(rows, "SELECT * FROM connection ORDER BY provider, user_id").pipe(
        Effect.map((found) => found.map(stored)),
        Effect.withSpan("Connections.all")
      )

      const find = Effect.fn("Connections.find")(function*(id: ConnectionId) {
        const [row] = yield* surreal.query(rows, "SELECT * FROM $id", { id: rowId(id) })
        return Option.map(Option.fromUndefinedOr(row), stored)
      })

      const ofProvider = Effect.fn("Connections.ofProvider")(function*(provider: Provider) {
        const found = yield* surreal.query(rows, "SELECT * FROM connection WHERE provider = $provider", { provider })
        return found.map(stored)
      })

      const main = Effect.fn("Connections.main")(function*(provider: Provider) {
        const rows = yield* ofProvider(provider)
        return Option.fromUndefinedOr(
          rows.find(({ connection: { name, state } }) => Option.isNone(name) && state !== "revoked")
        )
      })

      const signIn = Effect.fn("Connections.signIn")(
        function*({ id, name = Option.none(), provider, userId, version }: SignedIn, tokens: NewTokens) {
          return yield* change(
            "sign-in",
            version === 0
              ? `CREATE $id SET provider = $provider, user_id = $userId, name = $name, connected_at = $at, ${setTokens}`
              : `UPDATE $id SET name = $name, connected_at = $at, ${setTokens} WHERE token_version = $version RETURN AFTER`,
            { id: rowId(id), provider, userId, name, version, next: version + 1, ...tokens }
          ).pipe(
            Effect.catchIf(({ reason }) => reason._tag === "AlreadyExists", () => Effect.succeedNone)
          )
        }
      )

      const lease = Effect.fn("Connections.lease")(
        function*(
          { connection, version }: StoredConnection,
          { by, now, until }: { readonly by: string; readonly now: DateTime.Utc; readonly until: DateTime.Utc }
        ) {
          return yield* change(
            "lease",
            `UPDATE $id SET refresh_lease_until = $until, refresh_lease_by = $by
             WHERE token_version = $version AND state = 'connected'
               AND (refresh_lease_until = NONE OR refresh_lease_until <= $now)
             RETURN AFTER`,
            { id: rowId(connection.id), version, by, now, until }
          )
        }
      )

      const release = Effect.fn("Connections.release")(function*(id: ConnectionId, by: string) {
        yield* change(
          "release",
          `UPDATE $id SET ${endLease} WHERE refresh_lease_by = $by RETURN AFTER`,
          { id: rowId(id), by }
        )
      })

      const releaseAll = surreal.execute(
        `UPDATE connection SET ${endLease} WHERE refresh_lease_until != NONE RETURN NONE`
      )

      const refreshed = Effect.fn("Connections.refreshed")(
        function*({ connection, version }: StoredConnection, tokens: NewTokens) {
          return yield* change(
            "refresh",
            `UPDATE $id SET ${setTokens} WHERE token_version = $version AND state != 'revoked' RETURN AFTER`,
            { id: rowId(connection.id), version, next: version + 1, ...tokens }
          )
        }
      )

      const needsAuth = Effect.fn("Connections.needsAuth")(
        function*({ connection, version }: StoredConnection, problem: string) {
          const told = tellNeedsAuth(outbox, connection, version, problem, yield* DateTime.now)
          const changed = yield* change(
            "needs_auth",
            `UPDATE $id SET state = 'needs_auth', problem = $problem, ${endLease}
             WHERE token_version = $version AND state != 'revoked' RETURN AFTER`,
            { id: rowId(connection.id), version, problem },
            told
          )
          if (told.length > 0) yield* outbox.wake
          return changed
        }
      )

      const revoke = Effect.fn("Connections.revoke")(function*(id: ConnectionId) {
        return yield* change(
          "revoke",
          `UPDATE $id SET state = 'revoked', problem = NONE, access_token = NONE, refresh_token = NONE,
             expires_at = NONE, refresh_expires_at = NONE, token_version += 1, ${endLease} RETURN AFTER`,
          { id: rowId(id) }
        )
      })

      return Connections.of({
        all,
        find,
        ofProvider,
        main,
        signIn,
        lease,
        release,
        releaseAll,
        refreshed,
        needsAuth,
        revoke
      })
    })
  )
}

const rowId = (id: ConnectionId) => recordId("connection", [id])

const endLease = "refresh_lease_until = NONE, refresh_lease_by = NONE"

const setTokens = `state = 'connected', problem = NONE, access_token = $access_token, refresh_token = $refresh_token,
  expires_at = $expiresAt, refresh_expires_at = $refreshExpiresAt, refreshed_at = $at, scopes = $scopes,
  token_version = $next, ${endLease}`

const OptionalText = Schema.OptionFromOptionalNullOr(Schema.String)

const Row = Schema.Struct({
  provider: Provider,
  user_id: Schema.NonEmptyString,
  name: Schema.OptionFromOptionalNullOr(ConnectionName),
  state: ConnectionState,
  scopes: Schema.Array(Schema.String),
  connected_at: Instant,
  expires_at: OptionalInstant,
  refreshed_at: OptionalInstant,
  refresh_expires_at: OptionalInstant,
  problem: OptionalText,
  access_token: OptionalText,
  refresh_token: OptionalText,
  token_version: Schema.Int,
  refresh_lease_until: OptionalInstant,
  refresh_lease_by: OptionalText
})

const stored = (row: typeof Row.Type): StoredConnection => ({
  connection: new Connection({
    id: connectionId(row.provider, row.user_id),
    provider: row.provider,
    userId: row.user_id,
    name: row.name,
    state: row.state,
    scopes: row.scopes,
    connectedAt: row.connected_at,
    expiresAt: row.expires_at,
    refreshedAt: row.refreshed_at,
    problem: row.problem
  }),
  refreshExpiresAt: row.refresh_expires_at,
  tokens: { access_token: row.access_token, refresh_token: row.refresh_token },
  version: row.token_version,
  lease: Option.all({ by: row.refresh_lease_by, until: row.refresh_lease_until })
})
