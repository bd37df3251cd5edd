import { DateTime, Effect, Layer, Option, Schema } from "effect"
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
import type { Position, Sync } from "../../src/syncs/Sync.ts"
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
  /** Where the streams stopped that did not come to their end. */
  readonly reached: ReadonlyArray<Position>
}

export interface Walk {
  /** Ends each stream after so many pages, as a process that is killed there. */
  readonly pages?: number | undefined
  /** Where the sync's only stream goes on. */
  readonly from?: Position | undefined
}

const Text = Schema.fromJsonString(Schema.Json)

/** A position as a later process finds it. */
export const reread = (position: Position) =>
  Schema.encodeEffect(Text)(position).pipe(Effect.flatMap(Schema.decodeEffect(Text)), Effect.orDie)

/**
 * Commits the pages of a sync one by one, as the engine does. Between two steps nothing is kept but the position, as text,
 * and the streams are asked for anew.
 */
export const runSync = Effect.fnUntraced(
  function*(sync: Sync, connection: Connection, { from, pages = Number.MAX_SAFE_INTEGER }: Walk = {}) {
    const commit = yield* Commit
    const counts: Record<string, StreamCounts> = {}
    const errors: Record<string, ProviderError["reason"]["_tag"]> = {}
    const committed: Array<Page> = []
    const reached: Array<Position> = []
    const streamAt = Effect.fnUntraced(function*(index: number) {
      const streams = yield* sync.streams(connection)
      return yield* Effect.fromOption(Option.fromUndefinedOr(streams[index])).pipe(Effect.orDie)
    })
    for (const [index, { begin, name }] of (yield* sync.streams(connection)).entries()) {
      let at = Option.none<Position>()
      const walk = Effect.gen(function*() {
        let left = pages
        at = Option.some(from === undefined ? yield* begin : from)
        while (Option.isSome(at) && left > 0) {
          const stream = yield* streamAt(index)
          const { next, page } = yield* stream.next(yield* reread(at.value))
          if (Option.isSome(page)) {
            counts[name] = (counts[name] ?? StreamCounts.none).plus(yield* commit.page(page.value))
            committed.push(page.value)
            left--
          }
          at = next
        }
      })
      yield* Effect.catchTag(walk, "ProviderError", ({ reason }) =>
        Effect.sync(() => {
          errors[name] = reason._tag
        }))
      reached.push(...Option.toArray(at))
    }
    return { counts, errors, pages: committed, reached } satisfies Outcome
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
