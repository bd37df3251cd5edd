import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const json = { "content-type": "application/json", host: "127.0.0.1:4747" }
const code = (body: string) =>
  Effect.map(Schema.decodeEffect(Schema.fromJsonString(Problem))(body), (problem) => problem.code)

const cors = (headers: Headers) => [...headers].filter(([name]) => name.startsWith("access-control-"))

/** What pages from elsewhere send, with every trick that changes the form and not the origin. */
const foreign = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "" },
  { origin: "http://127.0.0.1:4747.evil.example" },
  { origin: "http://127.0.0.1:4748" },
  { origin: "http://localhost:4747" }, // another name than the one it asked under
  { origin: "http://127.0.0.1:4747/" },
  { origin: "http://127.0.0.1:4747, https://evil.example" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { origin: "https://evil.example", "sec-fetch-site": "same-origin" }
]

layer(behind({ requestsPerMinute: 0 }))("api/Origins", (it) => {
  it.effect("a change that a page from elsewhere asks for is refused, whoever it is", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const token = yield* local
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        for (const from of foreign) {
          const headers = { ...json, ...token, ...from }
          const refused = yield* ask("/api/v0/dead-letters/retry", { method, headers, body: "{}" })
          assert.strictEqual(refused.status, 403, JSON.stringify(from))
          assert.strictEqual(yield* code(refused.body), "origin_not_allowed")
          assert.deepStrictEqual(cors(refused.headers), [])
        }
      }
    }))

  it.effect("own pages and programs that are no browser may ask", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const token = yield* local
      for (
        const from of [
          {},
          { origin: "http://127.0.0.1:4747" },
          { origin: "https://127.0.0.1:4747" }, // behind a proxy
          { origin: "http://127.0.0.1:4747", "sec-fetch-site": "same-origin" },
          { "sec-fetch-site": "none" }
        ]
      ) {
        const headers = { ...json, ...token, ...from }
        const answer = yield* ask("/api/v0/dead-letters/drop", { method: "POST", headers, body: "{\"ids\":[\"a\"]}" })
        assert.strictEqual(answer.status, 200, JSON.stringify(from))
      }
    }))

  it.effect("without an allowed page no answer lets a page read it, preflights included", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const token = yield* local
      const origin = "https://evil.example"
      const read = yield* ask("/api/v0/schema", { headers: { ...json, ...token, origin } })
      assert.strictEqual(read.status, 200)
      assert.deepStrictEqual(cors(read.headers), [])
      const preflight = yield* ask("/api/v0/schema", {
        method: "OPTIONS",
        headers: { ...json, origin, "access-control-request-method": "DELETE" }
      })
      assert.strictEqual(preflight.status, 405)
      assert.deepStrictEqual(cors(preflight.headers), [])
    }))
})

const page = "https://dashboard.example"

layer(behind({ requestsPerMinute: 0, corsOrigins: [page, "http://localhost:3000"] }))("api/Origins: allowed", (it) => {
  it.effect("a preflight says what an allowed page may do, and needs no token", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const headers = {
        ...json,
        origin: page,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization"
      }
      const answer = yield* ask("/api/v0/schema", { method: "OPTIONS", headers })
      assert.strictEqual(answer.status, 204)
      assert.strictEqual(answer.headers.get("access-control-allow-origin"), page)
      assert.include(answer.headers.get("access-control-allow-methods") ?? "", "PATCH")
      assert.include(answer.headers.get("access-control-allow-headers") ?? "", "idempotency-key")
      assert.isNull(answer.headers.get("access-control-allow-credentials"))
      assert.include(answer.headers.get("vary") ?? "", "Origin")
    }))

  it.effect("an allowed page may read and change, refusals included, and another may not", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const token = yield* local
      const change = (origin: string) =>
        ask("/api/v0/dead-letters/drop", {
          method: "POST",
          headers: { ...json, ...token, origin, "sec-fetch-site": "cross-site" },
          body: "{\"ids\":[\"a\"]}"
        })
      const allowed = yield* change(page)
      assert.deepStrictEqual([allowed.status, allowed.headers.get("access-control-allow-origin")], [200, page])
      const refused = yield* ask("/api/v0/schema", { headers: { ...json, origin: page } })
      assert.deepStrictEqual([refused.status, refused.headers.get("access-control-allow-origin")], [401, page])
      const other = yield* change("https://evil.example")
      assert.deepStrictEqual([other.status, other.headers.get("access-control-allow-origin")], [403, null])
    }))
})
