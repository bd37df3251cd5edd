import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { document } from "../../src/api/Document.ts"
import { handler } from "./Handled.ts"
import { behind } from "./Served.ts"

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
    const operation = item[method]
    return operation === undefined ? [] : [{ name: `${method} ${path}`, operation }]
  })
)

describe("the OpenAPI document", () => {
  it("says of every operation what it does, who may, and how it fails", () => {
    assert.isAbove(operations.length, 20)
    for (const { name, operation } of operations) {
      assert.isString(operation.summary, name)
      assert.isString(operation.description, name)
      const statuses = Object.keys(operation.responses)
      assert.isTrue(statuses.some((status) => status.startsWith("2")), name)
      assert.isTrue(statuses.some((status) => status.startsWith("4")), name)
    }
  })

  it("gives every failure as a problem document", () => {
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue
        assert.deepStrictEqual(Object.keys(response.content ?? {}), ["application/problem+json"], `${name} ${status}`)
      }
    }
  })

  it("describes every group", () => {
    for (const tag of document.tags) assert.isString(tag.description, tag.name)
  })
})

layer(behind())("api/Docs", (it) => {
  it.effect("the document is served to everybody", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const answer = yield* ask("/openapi.json")
      assert.deepStrictEqual([answer.status, answer.headers.get("content-type")], [200, "application/json"])
      const read = yield* Schema.decodeEffect(Schema.fromJsonString(Schema.Struct({ openapi: Schema.String })))(
        answer.body
      )
      assert.strictEqual(read.openapi, "3.1.0")
      assert.strictEqual((yield* ask("/openapi.json", { method: "HEAD" })).status, 200)
    }))

  it.effect("the page of the document has all it needs in itself, and may load nothing from elsewhere", () =>
    Effect.gen(function*() {
      const ask = yield* handler
      const { body, headers, status } = yield* ask("/docs")
      assert.strictEqual(status, 200)
      assert.include(headers.get("content-type") ?? "", "text/html")
      const policy = headers.get("content-security-policy") ?? ""
      assert.include(policy, "default-src 'none'")
      assert.notMatch(policy, /https?:|\*|unsafe-eval/)
      // what the page itself names; its script is text that only the policy can bind
      const page = body.replaceAll(/<script>[\s\S]*?<\/script>/g, "")
      assert.notMatch(page, /https?:\/\//)
      assert.notMatch(page, /<(link|iframe|img|base)\b/)
      assert.notMatch(body, /<script[^>]+src=/)
      assert.include(body, "\"withDefaultFonts\":false")
      assert.include(body, "x-required-scope")
    }))
})
