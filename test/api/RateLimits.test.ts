import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const bearer = Effect.fnUntraced(function*(name: string) {
  const tokens = yield* ApiTokens
  const { secret } = yield* tokens.create({ name, scopes: ["system:read"], expiresAt: Option.none() })
  return { authorization: `Bearer ${Redacted.value(secret)}` }
})

const standing = (headers: Headers) =>
  ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"].map((name) => headers.get(name))

layer(behind())("api/RateLimits", (it) => {
  it.effect("the 101st request in a minute is refused, that of another client is not, and a minute later none is", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const one = yield* bearer("one")
      const other = yield* bearer("other")
      const first = yield* ask("/api/v0/schema", { headers: one })
      assert.strictEqual(first.status, 200)
      assert.deepStrictEqual(standing(first.headers), ["100", "99", "1", null])
      for (let count = 2; count < 100; count++) yield* ask("/api/v0/schema", { headers: one })
      const last = yield* ask("/api/v0/schema", { headers: one })
      assert.strictEqual(last.status, 200)
      assert.deepStrictEqual(standing(last.headers), ["100", "0", "60", null])
      yield* TestClock.adjust("20 seconds")
      const refused = yield* ask("/api/v0/schema", { headers: one })
      assert.strictEqual(refused.status, 429)
      assert.deepStrictEqual(standing(refused.headers), ["100", "0", "40", "40"])
      const problem = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(refused.body)
      assert.strictEqual(problem.code, "too_many_requests")
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: other })).status, 200)
      yield* TestClock.adjust("40 seconds")
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: one })).status, 200)
    }))

  it.effect("guesses at tokens are counted by address, and refused before the store is asked", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("2 minutes")
      const ask = yield* handler
      const one = yield* bearer("one")
      for (let guess = 0; guess < 100; guess++) {
        const headers = { authorization: `Bearer glider_${guess}` }
        assert.strictEqual((yield* ask("/api/v0/schema", { headers })).status, 401)
      }
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: { authorization: "Bearer x" } })).status, 429)
      assert.strictEqual((yield* ask("/nowhere")).status, 429)
      // a token that is new here is a guess until it is found, so it waits too; a token that is known does not
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: one })).status, 429)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: one })).status, 200)
      for (let guess = 0; guess < 100; guess++) yield* ask("/nowhere")
      assert.strictEqual((yield* ask("/nowhere")).status, 429)
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: one })).status, 200)
    }))

  it.effect("the local token and the probes are not counted", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      for (let count = 0; count < 110; count++) {
        const answer = yield* ask("/api/v0/schema", { headers })
        assert.deepStrictEqual([answer.status, ...standing(answer.headers)], [200, null, null, null, null])
        assert.strictEqual((yield* ask("/livez")).status, 200)
        assert.strictEqual((yield* ask("/readyz")).status, 200)
      }
    }))
})

layer(behind({ requestsPerMinute: 0 }))("api/RateLimits: none", (it) => {
  it.effect("any number is answered", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      for (let count = 0; count < 300; count++) assert.strictEqual((yield* ask("/nowhere")).status, 404)
    }))
})
