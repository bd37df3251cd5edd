import { assert, describe, it, layer } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { parseKey } from "../../src/api/Idempotency.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { IdempotencyKeys } from "../../src/store/IdempotencyKeys.ts"
import { type Answer, handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const starts: Array<{ readonly id: Option.Option<string>; readonly input: unknown }> = []
const held = { entered: Deferred.makeUnsafe<void>(), go: Deferred.makeUnsafe<void>() }

/** A control that writes down what it is asked to start; the input "hold" waits. */
const control = Layer.mock(RunControl, {
  workflows: Effect.succeed([]),
  atWork: Option.none,
  start: (_, input, id) =>
    Effect.gen(function*() {
      starts.push({ id, input })
      if (input === "hold") {
        yield* Deferred.succeed(held.entered, undefined)
        yield* Deferred.await(held.go)
      }
      return Option.getOrElse(id, () => `own-${starts.length}`)
    })
})

const path = "/api/v0/workflows/diagnostics/runs"

/** Sends requests to one process. */
const poster = Effect.gen(function*() {
  const ask = yield* handler
  const token = yield* local
  return (key: string | undefined, input: unknown, more: { readonly [name: string]: string } = {}) =>
    ask(path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...token,
        ...key === undefined ? {} : { "idempotency-key": key },
        ...more
      },
      body: JSON.stringify({ input })
    })
})

/** Sends one to a process of its own. */
const post = (...request: Parameters<Effect.Success<typeof poster>>) =>
  Effect.flatMap(poster, (send) => send(...request))

const code = ({ body }: Answer) =>
  Effect.map(Schema.decodeEffect(Schema.fromJsonString(Problem))(body), (problem) => problem.code)

const replayed = ({ headers }: Answer) => headers.get("idempotency-replayed")

layer(Layer.provideMerge(control, behind()))("api/Idempotency", (it) => {
  it.effect("the same request with the same key is done once, and answered the same", () =>
    Effect.gen(function*() {
      const before = starts.length
      const first = yield* post("a", 1)
      const again = yield* post("\"a\"", 1)
      assert.deepStrictEqual([first.status, replayed(first)], [200, null])
      assert.deepStrictEqual([again.status, again.body, replayed(again)], [200, first.body, "true"])
      assert.strictEqual(again.headers.get("content-type"), first.headers.get("content-type"))
      assert.lengthOf(starts, before + 1)
    }))

  it.effect("another request with the same key is refused, that of another client is not", () =>
    Effect.gen(function*() {
      yield* post("b", 1)
      const refused = yield* post("b", 2)
      assert.deepStrictEqual([refused.status, yield* code(refused)], [422, "idempotency_key_reused"])
      const tokens = yield* ApiTokens
      const { secret } = yield* tokens.create({ name: "x", scopes: ["workflow.run:write"], expiresAt: Option.none() })
      const other = yield* post("b", 2, { authorization: `Bearer ${Redacted.value(secret)}` })
      assert.deepStrictEqual([other.status, replayed(other)], [200, null])
    }))

  it.effect("without a key, and with a new one, each request is done", () =>
    Effect.gen(function*() {
      const before = starts.length
      yield* post(undefined, 1)
      yield* post(undefined, 1)
      yield* post("c", 1)
      yield* post("d", 1)
      assert.lengthOf(starts, before + 4)
      assert.deepStrictEqual(starts.slice(before).map(({ id }) => Option.isSome(id)), [false, false, true, true])
    }))

  it.effect("a request whose first sending has no answer yet is refused", () =>
    Effect.gen(function*() {
      const send = yield* poster
      const first = yield* Effect.forkChild(send("held", "hold"))
      yield* Deferred.await(held.entered)
      const second = yield* send("held", "hold")
      assert.deepStrictEqual([second.status, yield* code(second)], [409, "idempotency_key_in_flight"])
      assert.strictEqual((yield* send("held", "other")).status, 422)
      yield* Deferred.succeed(held.go, undefined)
      assert.strictEqual((yield* Fiber.join(first)).status, 200)
      assert.strictEqual(replayed(yield* send("held", "hold")), "true")
    }))

  it.effect("a request that was begun by a process that is gone starts the same run", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      yield* post("gone", 1)
      const id = starts.at(-1)?.id
      yield* surreal.execute("UPDATE idempotency_key SET status = NONE, type = NONE, body = NONE")
      const again = yield* post("gone", 1)
      assert.deepStrictEqual([again.status, replayed(again)], [200, null])
      assert.isTrue(Option.isSome(id ?? Option.none()))
      assert.deepStrictEqual(starts.at(-1)?.id, id)
      assert.strictEqual((yield* post("gone", 2)).status, 422)
    }))

  it.effect("a key is kept for a day, and then removed", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const rows = surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM idempotency_key")
      yield* post("day", 1)
      yield* TestClock.adjust("23 hours")
      assert.strictEqual(replayed(yield* post("day", 1)), "true")
      yield* TestClock.adjust("1 hour")
      assert.isNull(replayed(yield* post("day", 2)))
      yield* TestClock.adjust("24 hours")
      const { prune } = Context.get(yield* Layer.build(IdempotencyKeys.layer), IdempotencyKeys)
      yield* prune
      assert.lengthOf(yield* rows, 0)
    }))

  it.effect("a refusal of the token is not remembered, one of the request is", () =>
    Effect.gen(function*() {
      const tokens = yield* ApiTokens
      const { secret } = yield* tokens.create({ name: "x", scopes: ["workflow.run:read"], expiresAt: Option.none() })
      const bearer = { authorization: `Bearer ${Redacted.value(secret)}` }
      for (const headers of [bearer, { authorization: "Bearer nobody" }]) {
        const first = yield* post("refused", 1, headers)
        const again = yield* post("refused", 1, headers)
        assert.deepStrictEqual([first.status, replayed(again)], [first.status, null])
        assert.include([401, 403], first.status)
      }
      const ask = yield* handler
      const headers = { ...yield* local, "content-type": "application/json", "idempotency-key": "bad" }
      const send = ask(path, { method: "POST", headers, body: "{" })
      assert.strictEqual((yield* send).status, 400)
      const again = yield* send
      assert.deepStrictEqual([again.status, replayed(again), yield* code(again)], [400, "true", "invalid_request"])
    }))

  it.effect("what holds a secret, and what is no POST, is answered anew", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = { ...yield* local, "content-type": "application/json", "idempotency-key": "secret" }
      const body = JSON.stringify({ name: "twice", scopes: ["admin"] })
      const make = ask("/api/v0/tokens", { method: "POST", headers, body })
      const first = yield* make
      const again = yield* make
      assert.deepStrictEqual([first.status, again.status, replayed(again)], [200, 200, null])
      assert.notStrictEqual(first.body, again.body)
      const begun = yield* ask("/api/v0/connections/spotify/sign-in", { method: "POST", headers })
      assert.deepStrictEqual([begun.status, replayed(begun)], [200, null])
      const surreal = yield* Surreal
      const stored = JSON.stringify(yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM idempotency_key"))
      assert.notInclude(stored, "glider_")
      assert.strictEqual((yield* ask("/api/v0/schema", { headers: { ...headers, "idempotency-key": "" } })).status, 200)
    }))

  it.effect("a key that is none is refused", () =>
    Effect.gen(function*() {
      for (const key of ["", "\"\"", "a b", "a".repeat(256), "\"a", "\"a\\b\"", "a, a"]) {
        const refused = yield* post(key, 1)
        assert.deepStrictEqual([refused.status, yield* code(refused)], [400, "invalid_request"], key)
      }
    }))
})

describe("parseKey", () => {
  it("takes a structured string, or what stands there", () => {
    const uuid = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    assert.deepStrictEqual([uuid, `"${uuid}"`, ` ${uuid} `].map(parseKey), [uuid, uuid, uuid].map(Option.some))
    assert.deepStrictEqual(parseKey("\"a \\\"b\\\" \\\\\""), Option.some("a \"b\" \\"))
    assert.isTrue(Option.isSome(parseKey("a".repeat(255))))
    for (const text of ["a\u0007", "\u00e4", "\"a\u0000\"", `"${"a".repeat(256)}"`]) {
      assert.isTrue(Option.isNone(parseKey(text)), text)
    }
  })
})
