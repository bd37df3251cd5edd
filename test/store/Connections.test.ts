import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Connections, type NewTokens } from "../../src/store/Connections.ts"
import * as FastClock from "../support/FastClock.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const start = DateTime.makeUnsafe("2026-11-20T12:00:00Z")
const id = connectionId("oura", "4:2/ü'`⟩")
const who = { id, provider: "oura", userId: "4:2/ü'`⟩" } as const

const tokens = (name: string): NewTokens => ({
  access_token: `access of ${name}`,
  refresh_token: `refresh of ${name}`,
  expiresAt: DateTime.add(start, { hours: 24 }),
  refreshExpiresAt: Option.none(),
  scopes: ["personal", "daily"],
  at: start
})

const lease = (by: string, seconds: number) => ({
  by,
  now: DateTime.add(start, { seconds }),
  until: DateTime.add(start, { seconds: seconds + 30 })
})

const signedIn = Effect.gen(function*() {
  const connections = yield* Connections
  const row = yield* connections.signIn({ ...who, version: 0 }, tokens("sign-in"))
  return Option.getOrThrow(row)
})

describe("store/Connections", () => {
  // transactions that conflict wait a moment before they try again
  const store = Connections.layer.pipe(Layer.provideMerge(FastClock.layer(start)), Layer.provide(memoryStoreTest))

  it.effect("keeps a sign-in whole, whatever stands in the user id", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      yield* signedIn
      const row = Option.getOrThrow(yield* connections.find(id))
      assert.strictEqual(row.connection.id, id)
      assert.strictEqual(row.connection.userId, who.userId)
      assert.strictEqual(row.connection.state, "connected")
      assert.deepStrictEqual(row.connection.scopes, ["personal", "daily"])
      assert.deepStrictEqual(row.connection.expiresAt, Option.some(DateTime.add(start, { hours: 24 })))
      assert.deepStrictEqual(row.tokens, {
        access_token: Option.some("access of sign-in"),
        refresh_token: Option.some("refresh of sign-in")
      })
      assert.deepStrictEqual([row.version, row.lease], [1, Option.none()])
      assert.deepStrictEqual(yield* connections.ofProvider("oura"), [row])
      assert.deepStrictEqual(yield* connections.ofProvider("google"), [])
      assert.deepStrictEqual(yield* connections.all, [row])
    }).pipe(Effect.provide(store)))

  it.effect("makes a row once when two sign in at the same moment", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const rows = yield* Effect.all(
        ["a", "b", "c", "d"].map((name) => connections.signIn({ ...who, version: 0 }, tokens(name))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(rows.filter(Option.isSome), 1)
    }).pipe(Effect.provide(store)))

  it.effect("gives the lease to one of many, and to another only when it has run out or was given back", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const row = yield* signedIn
      const names = Array.from({ length: 12 }, (_, n) => `process ${n}`)
      const leased = yield* Effect.all(names.map((by) => connections.lease(row, lease(by, 0))), {
        concurrency: "unbounded"
      })
      const [winner] = leased.flatMap(Option.toArray)
      assert.lengthOf(leased.filter(Option.isSome), 1)
      assert.isTrue(Option.isNone(yield* connections.lease(row, lease("late", 29))))
      assert.isTrue(Option.isSome(yield* connections.lease(row, lease("next", 30))))
      const first = winner === undefined ? "nobody" : Option.getOrThrow(winner.lease).by
      yield* connections.release(id, first) // its lease has passed to another, so nothing happens
      assert.isTrue(Option.isNone(yield* connections.lease(row, lease("last", 31))))
      yield* connections.release(id, "next")
      assert.isTrue(Option.isSome(yield* connections.lease(row, lease("last", 31))))
    }).pipe(Effect.provide(store)))

  it.effect("ends all leases for whoever has the store alone", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const row = yield* signedIn
      yield* connections.lease(row, lease("killed", 0))
      yield* connections.releaseAll
      assert.isTrue(Option.isSome(yield* connections.lease(row, lease("next", 1))))
    }).pipe(Effect.provide(store)))

  it.effect("stores refreshed tokens only over the version they were made from, and ends the lease", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const row = yield* signedIn
      yield* connections.lease(row, lease("me", 0))
      const fresh = Option.getOrThrow(yield* connections.refreshed(row, tokens("refresh")))
      assert.deepStrictEqual([fresh.version, fresh.lease], [2, Option.none()])
      assert.isTrue(Option.isNone(yield* connections.refreshed(row, tokens("late"))))
      assert.isTrue(Option.isNone(yield* connections.needsAuth(row, "late")))
      assert.deepStrictEqual(yield* connections.find(id), Option.some(fresh))
    }).pipe(Effect.provide(store)))

  it.effect("keeps the tokens of a connection that needs a new sign-in, and leases it to nobody", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const row = yield* signedIn
      const ill = Option.getOrThrow(yield* connections.needsAuth(row, "run: glider auth oura"))
      assert.strictEqual(ill.connection.state, "needs_auth")
      assert.deepStrictEqual(ill.connection.problem, Option.some("run: glider auth oura"))
      assert.deepStrictEqual(ill.tokens, row.tokens)
      assert.isTrue(Option.isNone(yield* connections.lease(ill, lease("me", 0))))
      const well = Option.getOrThrow(yield* connections.signIn({ ...who, version: ill.version }, tokens("again")))
      assert.deepStrictEqual([well.connection.state, well.connection.problem], ["connected", Option.none()])
    }).pipe(Effect.provide(store)))

  it.effect("forgets the tokens at a revocation, and does not take late ones", () =>
    Effect.gen(function*() {
      const connections = yield* Connections
      const row = yield* signedIn
      const gone = Option.getOrThrow(yield* connections.revoke(id))
      assert.strictEqual(gone.connection.state, "revoked")
      assert.deepStrictEqual(gone.tokens, { access_token: Option.none(), refresh_token: Option.none() })
      assert.isTrue(Option.isNone(yield* connections.refreshed(row, tokens("late"))))
      assert.isTrue(Option.isNone(yield* connections.needsAuth(gone, "late")))
      assert.isTrue(Option.isNone(yield* connections.revoke(connectionId("oura", "nobody"))))
    }).pipe(Effect.provide(store)))
})
