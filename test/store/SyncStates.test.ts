import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Commit } from "../../src/store/Commit.ts"
import {
  googleCursor,
  type GoogleState,
  ouraCursor,
  type OuraState,
  spotifyCursor,
  type SpotifyState,
  SyncStates
} from "../../src/store/SyncStates.ts"
import type { Cursor } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const connection = connectionId("google", "o'brien \"x\"⟩`@example.com")
const calendar = "cs.czech#holiday@group.v.calendar.google.com"

const save = (cursor: Cursor) =>
  Effect.flatMap(
    Commit,
    (commit) =>
      commit.page({ stream: cursor.table, read: 0, writes: [], cursor: Option.some(cursor), fraction: Option.none() })
  )

layer(Layer.mergeAll(SyncStates.layer, Commit.layer).pipe(Layer.provideMerge(storeTest)))("store/SyncStates", (it) => {
  it.effect("has no state before the first sync", () =>
    Effect.gen(function*() {
      const states = yield* SyncStates
      const nobody = connectionId("spotify", "nobody")
      assert.deepStrictEqual(yield* states.spotify(nobody), Option.none())
      assert.deepStrictEqual(yield* states.google(nobody, "c"), Option.none())
      assert.deepStrictEqual(yield* states.oura(nobody, "sleep"), Option.none())
    }))

  it.effect("reads back what was committed, under ids of any characters", () =>
    Effect.gen(function*() {
      const states = yield* SyncStates
      const spotify: SpotifyState = {
        lastSyncAt: at("2026-11-20T12:00:00.123Z"),
        latestPlayedAt: Option.some(at("2026-11-20T11:59:59.999Z")),
        tracksFetched: 50
      }
      yield* save(spotifyCursor(connection, spotify))
      assert.deepStrictEqual(yield* states.spotify(connection), Option.some(spotify))
      const oura: OuraState = {
        lastSyncStart: at("2026-11-13T12:00:00Z"),
        lastSyncEnd: at("2026-11-20T12:00:00Z"),
        lastSyncAt: at("2026-11-20T12:00:01Z"),
        recordsFetched: 12,
        recordsStored: 10
      }
      yield* save(ouraCursor(connection, "daily_sleep", oura))
      assert.deepStrictEqual(yield* states.oura(connection, "daily_sleep"), Option.some(oura))
      assert.deepStrictEqual(yield* states.oura(connection, "sleep"), Option.none())
    }))

  it.effect("forgets the listing under way once a listing has ended", () =>
    Effect.gen(function*() {
      const states = yield* SyncStates
      const underWay: GoogleState = {
        syncToken: Option.none(),
        lastSync: Option.none(),
        coveredFrom: Option.none(),
        listings: 3,
        pageToken: Option.some("p2"),
        listing: Option.some({ number: 3, from: at("2026-10-21T12:00:00Z"), listed: 250 }),
        unreadable: ["a", "b"]
      }
      yield* save(googleCursor(connection, calendar, underWay))
      assert.deepStrictEqual(yield* states.google(connection, calendar), Option.some(underWay))
      const ended: GoogleState = {
        syncToken: Option.some("t1"),
        lastSync: Option.some(at("2026-11-20T12:00:00Z")),
        coveredFrom: Option.some(at("2026-10-21T12:00:00Z")),
        listings: 3,
        pageToken: Option.none(),
        listing: Option.none(),
        unreadable: []
      }
      yield* save(googleCursor(connection, calendar, ended))
      assert.deepStrictEqual(yield* states.google(connection, calendar), Option.some(ended))
    }))
})
