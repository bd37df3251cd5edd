import { DateTime, Effect, Layer, Option, Schema, Stream } from "effect"
import { Connection, connectionId } from "../../src/domain/Connection.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import type { ProviderError } from "../../src/domain/ProviderError.ts"
import { StreamCounts } from "../../src/domain/Run.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { OuraRecords } from "../../src/store/OuraRecords.ts"
import { Plays } from "../../src/store/Plays.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import type { Page } from "../../src/store/Write.ts"
import type { Sync } from "../../src/syncs/Sync.ts"
import { storeTest } from "../support/StoreTest.ts"

/** The real store with everything that reads and writes synced tables. */
export const syncedStore = Layer.mergeAll(
  Commit.layer,
  SyncStates.layer,
  Plays.layer,
  GoogleEvents.layer,
  OuraRecords.layer
)
  .pipe(Layer.provideMerge(storeTest))

/** A connection of its own for each test, so that tests may share a store. */
export const connected = (provider: Provider, userId: string): Connection =>
  new Connection({
    id: connectionId(provider, userId),
    provider,
    userId,
    state: "connected",
    scopes: [],
    connectedAt: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
    expiresAt: Option.none(),
    refreshedAt: Option.none(),
    problem: Option.none()
  })

export interface Outcome {
  readonly counts: { readonly [stream: string]: StreamCounts }
  readonly pages: ReadonlyArray<Page>
  readonly errors: { readonly [stream: string]: ProviderError["reason"]["_tag"] }
}

/**
 * Commits the pages of a sync one by one, as the engine does. `pages` ends each stream after so many pages, as a process
 * that is killed there.
 */
export const runSync = Effect.fnUntraced(
  function*(sync: Sync, connection: Connection, pages = Number.MAX_SAFE_INTEGER) {
    const commit = yield* Commit
    const counts: Record<string, StreamCounts> = {}
    const errors: Record<string, ProviderError["reason"]["_tag"]> = {}
    const committed: Array<Page> = []
    for (const stream of yield* sync.streams(connection)) {
      yield* stream.pages.pipe(
        Stream.take(pages),
        Stream.runForEach(Effect.fnUntraced(function*(page) {
          const done = yield* commit.page(page)
          counts[stream.name] = (counts[stream.name] ?? StreamCounts.none).plus(done)
          committed.push(page)
        })),
        Effect.catchTag("ProviderError", ({ reason }) =>
          Effect.sync(() => {
            errors[stream.name] = reason._tag
          }))
      )
    }
    return { counts, errors, pages: committed } satisfies Outcome
  }
)

const Ids = Schema.Array(Schema.String)

/** The last parts of the ids of live rows. */
export const liveIds = Effect.fnUntraced(function*(table: string, connection: Connection) {
  const surreal = yield* Surreal
  return yield* surreal.query(
    Ids,
    `SELECT VALUE <string>array::last(record::id(id)) FROM ${table}:[$connection]..[$connection, ..] WHERE deleted_at = NONE`,
    { connection: connection.id }
  )
})

/** How many rows of a table belong to the connection. */
export const countOf = Effect.fnUntraced(function*(table: string, connection: Connection) {
  const surreal = yield* Surreal
  const rows = yield* surreal.query(
    Schema.Array(Schema.Boolean),
    `SELECT VALUE true FROM ${table} WHERE connection = $connection`,
    { connection: connection.id }
  )
  return rows.length
})
