import { assert, layer } from "@effect/vitest"
import { Clock, DateTime, Effect, Layer, Option, Queue, Redacted, Ref, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import { Surreal } from "../../src/services/Surreal.ts"
import { Instant } from "../../src/services/SurrealValue.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { storeTest } from "../support/StoreTest.ts"

const crypto = Layer.mergeAll(Digest.layerWebCrypto, SecureRandom.layerWebCrypto)

/** The store of one process over the shared database, and how often it asked there. */
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
        sql.startsWith("SELECT *") ? Ref.update(asked, (count) => count + 1) : Effect.void,
        surreal.query(result, sql, vars)
      )
  })
  const context = yield* Layer.build(
    Layer.fresh(ApiTokens.layer).pipe(Layer.provide([Layer.succeed(Surreal, counting), crypto]))
  )
  return { tokens: yield* Effect.provideContext(ApiTokens, context), asked: Ref.get(asked), uses }
})

const request = { name: "dashboard", scopes: ["workflow.run:read"], expiresAt: Option.none() } as const

const lastUse = (id: string) =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const rows = yield* surreal.query(
      Schema.Array(Schema.Struct({ last_used_at: Schema.OptionFromOptional(Instant) })),
      "SELECT last_used_at FROM api_token WHERE record::id(id)[0] = $id",
      { id }
    )
    return Option.flatMap(Option.fromUndefinedOr(rows[0]), (row) =>
      Option.map(row.last_used_at, (at) => at.epochMilliseconds))
  })

layer(storeTest)("store/ApiTokens", (it) => {
  it.effect("a token is found by its secret alone, which the store does not have", () =>
    Effect.gen(function*() {
      const { tokens } = yield* process
      const { secret, token } = yield* tokens.create(request)
      const text = Redacted.value(secret)
      assert.match(text, /^glider_[\w-]{43}$/)
      assert.notInclude(JSON.stringify(token), text.slice(7))
      const found = yield* tokens.find(secret, Effect.void)
      assert.deepStrictEqual(Option.map(found, ({ id, name }) => [id, name]), Option.some([token.id, "dashboard"]))
      const surreal = yield* Surreal
      const rows = yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM api_token")
      assert.notInclude(JSON.stringify(rows), text.slice(7))
      for (const wrong of [text.slice(0, -1), `${text}A`, text.toUpperCase(), ""]) {
        assert.isTrue(Option.isNone(yield* tokens.find(Redacted.make(wrong), Effect.void)), wrong)
      }
    }))

  it.effect("a token that was asked for costs no query, and one that another process made is found", () =>
    Effect.gen(function*() {
      const one = yield* process
      const other = yield* process
      const before = yield* Ref.make(0)
      const count = Ref.update(before, (asked) => asked + 1)
      const { secret } = yield* one.tokens.create(request)
      for (let turn = 0; turn < 5; turn++) assert.isTrue(Option.isSome(yield* other.tokens.find(secret, count)))
      assert.deepStrictEqual([yield* other.asked, yield* Ref.get(before)], [1, 1])
      // an absence is never believed
      const unknown = Redacted.make("glider_unknown")
      for (let turn = 0; turn < 3; turn++) assert.isTrue(Option.isNone(yield* other.tokens.find(unknown, count)))
      assert.deepStrictEqual([yield* other.asked, yield* Ref.get(before)], [4, 4])
      yield* TestClock.adjust("1 minute")
      yield* other.tokens.find(secret, count)
      assert.strictEqual(yield* other.asked, 5)
    }))

  it.effect("a revoked token is gone at once here, and within a minute elsewhere", () =>
    Effect.gen(function*() {
      const one = yield* process
      const other = yield* process
      const { secret, token } = yield* one.tokens.create(request)
      assert.isTrue(Option.isSome(yield* one.tokens.find(secret, Effect.void)))
      assert.isTrue(Option.isSome(yield* other.tokens.find(secret, Effect.void)))
      assert.isTrue(yield* one.tokens.revoke(token.id))
      assert.isFalse(yield* one.tokens.revoke(token.id))
      assert.isTrue(Option.isNone(yield* one.tokens.find(secret, Effect.void)))
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Option.isNone(yield* other.tokens.find(secret, Effect.void)))
    }))

  it.effect("the last use is written down once a minute at most", () =>
    Effect.gen(function*() {
      const { tokens, uses } = yield* process
      yield* TestClock.setTime(DateTime.makeUnsafe("2026-03-29T01:30:00Z").epochMilliseconds)
      const { secret, token } = yield* tokens.create(request)
      assert.isTrue(Option.isNone(yield* lastUse(token.id)))
      const use = tokens.find(secret, Effect.void)
      const start = yield* Clock.currentTimeMillis
      yield* use
      yield* Queue.take(uses)
      assert.deepStrictEqual(yield* lastUse(token.id), Option.some(start))
      yield* TestClock.adjust("59 seconds")
      yield* use
      yield* TestClock.adjust("1 second")
      yield* use
      yield* Queue.take(uses)
      assert.deepStrictEqual(yield* lastUse(token.id), Option.some(start + 60_000))
      assert.strictEqual(yield* Queue.size(uses), 0)
    }))

  it.effect("a token says when it has expired, and lists show it still", () =>
    Effect.gen(function*() {
      const { tokens } = yield* process
      yield* TestClock.setTime(DateTime.makeUnsafe("2027-01-01T00:00:00Z").epochMilliseconds)
      const end = DateTime.add(yield* DateTime.now, { days: 90 })
      const { secret, token } = yield* tokens.create({ ...request, expiresAt: Option.some(end) })
      const isExpired = Effect.gen(function*() {
        const now = yield* DateTime.now
        return Option.map(yield* tokens.find(secret, Effect.void), (found) => found.isExpired(now))
      })
      assert.deepStrictEqual(yield* isExpired, Option.some(false))
      yield* TestClock.setTime(end.epochMilliseconds - 1)
      assert.deepStrictEqual(yield* isExpired, Option.some(false))
      yield* TestClock.setTime(end.epochMilliseconds)
      assert.deepStrictEqual(yield* isExpired, Option.some(true))
      assert.strictEqual((yield* tokens.all)[0]?.id, token.id)
    }))
})
