import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Duration, Effect, Fiber, Layer, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ApiToken } from "../../src/api/Caller.ts"
import { guarded, ServerError } from "../../src/api/Server.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Runs } from "../../src/store/Runs.ts"
import { handler, local, Problem } from "./Handled.ts"
import { problemOf, sendRaw } from "./Raw.ts"
import { behind, configOf, servedAs } from "./Served.ts"

const decode = Schema.decodeEffect(Schema.fromJsonString(Problem))

const entered = Deferred.makeUnsafe<void>()

/** A store that never gives a run. */
const stuck = Layer.effect(
  Runs,
  Effect.map(
    Runs,
    (runs) => Runs.of({ ...runs, get: () => Effect.andThen(Deferred.succeed(entered, undefined), Effect.never) })
  )
)

layer(stuck.pipe(Layer.provideMerge(behind())))("api/RequestLimits", (it) => {
  it.effect("an answer that does not begin in time is given up, with a problem that says so", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      const asked = yield* Effect.forkChild(ask("/api/v0/runs/a", { headers }))
      yield* Deferred.await(entered)
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(asked.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const answer = yield* Fiber.join(asked)
      assert.strictEqual(answer.status, 503)
      assert.strictEqual((yield* decode(answer.body)).code, "request_timed_out")
    }))

  it.effect("a body of the largest size is read, and one byte more is refused, whether or not its length is said", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = { ...yield* local, "content-type": "application/json" }
      const send = (body: RequestInit) => ask("/api/v0/dead-letters/drop", { method: "POST", headers, ...body })
      const text = (length: number) => JSON.stringify({ ids: ["a".repeat(length - 12)] })
      const whole = yield* send({ body: text(1_000_000) })
      assert.strictEqual(whole.status, 200, whole.body)
      const unsaid = { body: new Blob([text(1_000_001)]).stream(), duplex: "half" }
      for (const body of [{ body: text(1_000_001) }, unsaid]) {
        const refused = yield* send(body)
        assert.strictEqual(refused.status, 413)
        assert.strictEqual((yield* decode(refused.body)).code, "payload_too_large")
      }
    }))

  it.effect("an address that is too long, or no text, is refused", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = yield* local
      const long = yield* ask(`/api/v0/runs?query=${"a".repeat(9000)}`, { headers })
      assert.deepStrictEqual([long.status, (yield* decode(long.body)).code], [414, "uri_too_long"])
      for (const path of ["/api/v0/runs/%zz", "/api/v0/runs/%", "/%c3%28", "/api/v0/runs/%ff/history"]) {
        const refused = yield* ask(path, { headers })
        assert.deepStrictEqual([refused.status, (yield* decode(refused.body)).code], [400, "invalid_request"], path)
      }
      // ids that people may give are reached
      const id = encodeURIComponent("\u{1f600}".repeat(256))
      assert.strictEqual((yield* ask(`/api/v0/runs/${id}/history`, { headers })).status, 404)
    }))

  it.effect("other machines are served once somebody has a token that is still good", () =>
    Effect.gen(function*() {
      const start = (host: string) =>
        Layer.build(Layer.fresh(guarded).pipe(Layer.provide(Layer.succeed(CurrentConfig, configOf({ host })))))
      const tokens = yield* ApiTokens
      for (const host of ["127.0.0.1", "127.8.8.8", "::1", "localhost"]) yield* start(host)
      const refused = yield* Effect.flip(start("192.168.1.5"))
      assert.isTrue(Schema.is(ServerError)(refused))
      if (refused._tag === "ServerError") {
        assert.include(refused.fix, "glider token create")
        assert.include(refused.fix, "127.0.0.1")
      }
      const soon = DateTime.add(yield* DateTime.now, { hours: 1 })
      yield* tokens.create({ name: "for an hour", scopes: ["admin"], expiresAt: Option.some(soon) })
      yield* start("192.168.1.5")
      yield* TestClock.adjust("1 hour")
      yield* Effect.flip(start("192.168.1.5"))
      const { token } = yield* tokens.create({ name: "elsewhere", scopes: ["admin"], expiresAt: Option.none() })
      yield* start("192.168.1.5")
      yield* tokens.revoke(token.id)
      yield* Effect.flip(start("glider.lan"))
    }))
})

layer(servedAs({ requestTimeout: Duration.seconds(2) }), { excludeTestServices: true })(
  "api/RequestLimits: bytes",
  (it) => {
    it.effect("what is no request is answered with a problem, never with an empty 400", () =>
      Effect.gen(function*() {
        for (
          const bytes of [
            "nonsense\r\n\r\n",
            "GET\r\n\r\n",
            "GET /livez HTTP/9\r\n\r\n",
            "GET /livez HTTP/1.1\r\nno colon\r\n\r\n"
          ]
        ) {
          const refused = yield* sendRaw(bytes)
          assert.strictEqual(refused.status, 400, bytes)
          assert.include(refused.head, "application/problem+json")
          assert.strictEqual((yield* problemOf(refused)).code, "invalid_request")
        }
        const large = yield* sendRaw(`GET /livez HTTP/1.1\r\nx: ${"a".repeat(20_000)}\r\n\r\n`)
        assert.deepStrictEqual([large.status, (yield* problemOf(large)).code], [431, "headers_too_large"])
      }))

    it.effect("a request that does not arrive is given up, in its header as in its body", () =>
      Effect.gen(function*() {
        const { server: { port } } = yield* CurrentConfig
        const token = Redacted.value(yield* ApiToken)
        const body = [
          "POST /api/v0/dead-letters/drop HTTP/1.1",
          `Host: 127.0.0.1:${port}`,
          `Authorization: Bearer ${token}`,
          "Content-Type: application/json",
          "Content-Length: 100",
          "",
          "{"
        ].join("\r\n")
        const slowHeader = yield* sendRaw("GET /livez HTTP/1.1\r\nHo")
        assert.deepStrictEqual([slowHeader.status, (yield* problemOf(slowHeader)).code], [408, "request_too_slow"])
        const slowBody = yield* sendRaw(body)
        assert.deepStrictEqual([slowBody.status, (yield* problemOf(slowBody)).code], [408, "request_too_slow"])
      }))
  }
)
