import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Queue, Redacted, Ref, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import { Surreal } from "../../src/services/Surreal.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { storeTest } from "../support/StoreTest.ts"

const crypto = Layer.mergeAll(Digest.layerWebCrypto, SecureRandom.layerWebCrypto)

/** The store of one process over the shared database, how often it asked there, and each use that it wrote down. */
const process = Effect.gen(function*() {
  const surreal = yield* Surreal
  const asked = yield* Ref.make(0)
  const uses = yield* Queue.unbounded<void>()
  const counting = Surreal.of({
    ...surreal,
    execute: (sql, vars) =>
      Effect.andThen(
        surreal.execute(sql, vars),
        sql.startsWith("UPDATE") ? Effect.asVoid(Queue.offer(uses, undefined)) : Effect.void
      ),
    query: (result, sql, vars) =>
      Effect.andThen(
        sql.includes("session_by_hash") ? Ref.update(asked, (count) => count + 1) : Effect.void,
        surreal.query(result, sql, vars)
      )
  })
  const context = yield* Layer.build(
    Layer.fresh(Sessions.layer).pipe(Layer.provide([Layer.succeed(Surreal, counting), crypto]))
  )
  return { sessions: yield* Effect.provideContext(Sessions, context), asked: Ref.get(asked), uses }
})

const at = (instant: string) => TestClock.setTime(DateTime.makeUnsafe(instant).epochMilliseconds)

const rows = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM session")
)

layer(storeTest)("store/Sessions", (it) => {
  it.effect("a session is found by its secret alone, which the store does not have", () =>
    Effect.gen(function*() {
      yield* at("2026-03-01T00:00:00Z")
      const { sessions } = yield* process
      const { secret, session } = yield* sessions.create("Firefox on Linux")
      const text = Redacted.value(secret)
      assert.match(text, /^[\w-]{43}$/)
      const found = yield* sessions.find(secret, Effect.void)
      assert.deepStrictEqual(
        Option.map(found, ({ id, userAgent }) => [id, userAgent]),
        Option.some([session.id, "Firefox on Linux"])
      )
      assert.notInclude(JSON.stringify([session, yield* rows]), text)
      for (const wrong of [text.slice(0, -1), `${text}A`, text.toUpperCase(), ""]) {
        assert.isTrue(Option.isNone(yield* sessions.find(Redacted.make(wrong), Effect.void)), wrong)
      }
    }))

  it.effect("a session that was asked for costs no query, and one that is unknown costs one each time", () =>
    Effect.gen(function*() {
      const one = yield* process
      const other = yield* process
      const before = yield* Ref.make(0)
      const count = Ref.update(before, (asked) => asked + 1)
      const { secret } = yield* one.sessions.create("a test")
      for (let turn = 0; turn < 5; turn++) assert.isTrue(Option.isSome(yield* other.sessions.find(secret, count)))
      assert.deepStrictEqual([yield* other.asked, yield* Ref.get(before)], [1, 1])
      const unknown = Redacted.make("unknown")
      for (let turn = 0; turn < 3; turn++) assert.isTrue(Option.isNone(yield* other.sessions.find(unknown, count)))
      assert.deepStrictEqual([yield* other.asked, yield* Ref.get(before)], [4, 4])
    }))

  it.effect("a session that was ended is gone at once here, and within a minute elsewhere", () =>
    Effect.gen(function*() {
      const one = yield* process
      const other = yield* process
      const { secret, session } = yield* one.sessions.create("a test")
      assert.isTrue(Option.isSome(yield* one.sessions.find(secret, Effect.void)))
      assert.isTrue(Option.isSome(yield* other.sessions.find(secret, Effect.void)))
      assert.isTrue(yield* one.sessions.end(session.id))
      assert.isFalse(yield* one.sessions.end(session.id))
      assert.isTrue(Option.isNone(yield* one.sessions.find(secret, Effect.void)))
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Option.isNone(yield* other.sessions.find(secret, Effect.void)))
    }))

  it.effect("a session ends 30 days after its last use, which is written down once a minute at most", () =>
    Effect.gen(function*() {
      yield* at("2026-05-01T00:00:00Z")
      const { sessions, uses } = yield* process
      const { secret } = yield* sessions.create("a test")
      const use = Effect.map(sessions.find(secret, Effect.void), Option.isSome)
      yield* at("2026-05-01T00:00:59Z")
      assert.isTrue(yield* use)
      assert.strictEqual(yield* Queue.size(uses), 0)
      yield* at("2026-05-01T00:01:00Z")
      assert.isTrue(yield* use)
      yield* Queue.take(uses)
      yield* at("2026-05-30T23:59:59Z")
      assert.isTrue(yield* use)
      yield* Queue.take(uses)
      yield* at("2026-06-29T23:59:58Z")
      assert.isTrue(yield* use)
      yield* Queue.take(uses)
      yield* at("2026-07-29T23:59:58Z")
      assert.isFalse(yield* use)
    }))

  it.effect("a session ends a year after it began, however much it is used", () =>
    Effect.gen(function*() {
      yield* at("2027-01-01T00:00:00Z")
      const { sessions, uses } = yield* process
      const { secret } = yield* sessions.create("a test")
      const use = Effect.map(sessions.find(secret, Effect.void), Option.isSome)
      for (let day = 20; day < 365; day += 20) {
        yield* TestClock.adjust("20 days")
        assert.isTrue(yield* use, `${day}`)
        yield* Queue.take(uses)
      }
      yield* at("2027-12-31T23:59:59Z")
      assert.isTrue(yield* use)
      yield* Queue.take(uses)
      yield* at("2028-01-01T00:00:00Z")
      assert.isFalse(yield* use)
    }))

  it.effect("lists do not show what is over, and its row goes with the next sign-in", () =>
    Effect.gen(function*() {
      yield* at("2029-01-01T00:00:00Z")
      const { sessions, uses } = yield* process
      const { session: idle } = yield* sessions.create("idle")
      const { secret, session: busy } = yield* sessions.create("busy")
      yield* at("2029-01-31T00:00:00Z")
      assert.deepStrictEqual(yield* sessions.all, [])
      yield* at("2029-01-20T00:00:00Z")
      yield* sessions.find(secret, Effect.void)
      yield* Queue.take(uses)
      assert.deepStrictEqual((yield* sessions.all).map(({ id }) => id), [busy.id, idle.id])
      yield* at("2029-02-01T00:00:00Z")
      assert.deepStrictEqual((yield* sessions.all).map(({ id }) => id), [busy.id])
      yield* sessions.create("new")
      assert.lengthOf(yield* rows, 2)
    }))
})
