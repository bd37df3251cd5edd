import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted, Schema } from "effect"
import { McpClient, McpProtocol } from "effect/ai"
import { FetchHttpClient } from "effect/http"
import { ApiToken } from "../../src/api/Caller.ts"
import { CurrentConfig } from "../../src/Config.ts"
import type { ApiScope } from "../../src/domain/IssuedToken.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { problemOf, sendRaw } from "../api/Raw.ts"
import { servedAs } from "../api/Served.ts"

const writable = servedAs({ requestsPerMinute: 0, maxBodyBytes: 20_000 }, { enabled: true, writes: true, servers: [] })
const readable = servedAs({ requestsPerMinute: 8, allowedHosts: ["glider.lan"] })

/** A token with the scopes. */
const tokenOf = Effect.fnUntraced(function*(...scopes: ReadonlyArray<ApiScope>) {
  const { create } = yield* ApiTokens
  return (yield* create({ name: "a model", scopes, expiresAt: Option.none() })).secret
})

/** A program that uses the server over the network. */
const connected = Effect.fnUntraced(function*(
  token: Redacted.Redacted<string>,
  protocol: Parameters<typeof McpClient.http>[0]["protocol"] = McpProtocol.v2026_07_28
) {
  const { server: { port } } = yield* CurrentConfig
  const transport = yield* McpClient.http({
    url: `http://127.0.0.1:${port}/mcp`,
    protocol,
    headers: { authorization: `Bearer ${Redacted.value(token)}` }
  }).pipe(Effect.provide(FetchHttpClient.layer))
  const client = yield* McpClient.make({ name: "test", version: "1" }).pipe(
    Effect.provideService(McpClient.Transport, transport)
  )
  const names = Effect.map(client.listTools(), (tools) => tools.map(({ name }) => name))
  return { client, names }
})

const message = (method: string, params: object = {}) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method,
    params: {
      ...params,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {}
      }
    }
  })

/** A request by hand; fields given here stand in place of the usual ones. */
const posted = Effect.fnUntraced(function*(
  fields: { readonly [name: string]: string | undefined } = {},
  body = message("tools/list"),
  method = "POST",
  path = "/mcp"
) {
  const { server: { port } } = yield* CurrentConfig
  const token = yield* ApiToken
  const all = {
    host: `127.0.0.1:${port}`,
    authorization: `Bearer ${Redacted.value(token)}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/list",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    ...fields
  }
  const lines = Object.entries(all).flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${value}`])
  return yield* sendRaw([`${method} ${path} HTTP/1.1`, ...lines, "", body].join("\r\n"))
})

const Metadata = Schema.fromJsonString(Schema.Struct({
  resource: Schema.String,
  bearer_methods_supported: Schema.Array(Schema.String),
  scopes_supported: Schema.Array(Schema.String)
}))
const Health = Schema.fromJsonString(
  Schema.Struct({ ok: Schema.Boolean, latency_ms: Schema.Finite, tools: Schema.Natural })
)

layer(writable, { excludeTestServices: true })("mcp/HttpServer", (it) => {
  it.effect("shows each token what its scopes allow, over every revision of the protocol", () =>
    Effect.gen(function*() {
      for (const protocol of [McpProtocol.v2026_07_28, McpProtocol.v2025_11_25]) {
        const data = yield* connected(yield* tokenOf("data:read"), protocol)
        const names = yield* data.names
        assert.include(names, "list_plays")
        assert.isTrue(names.every((name) => !/run|schedule|track|status/.test(name)), names.join())
        assert.lengthOf((yield* data.client.listResources()).map(({ uri }) => uri), 1)
        const runs = yield* connected(yield* tokenOf("workflow.run:read"), protocol)
        assert.sameMembers(yield* runs.names, [
          "get_run",
          "list_runs",
          "get_run_history",
          "list_workflows",
          "list_dead_letters",
          "get_dead_letter"
        ])
        assert.lengthOf(yield* runs.client.listResources(), 0)
        const writes = yield* connected(yield* tokenOf("music:write"), protocol)
        assert.include(yield* writes.names, "add_track_to_playlist")
      }
    }).pipe(Effect.scoped))

  it.effect("calls a tool as the one who asks, and refuses one that the token does not show", () =>
    Effect.gen(function*() {
      const { client } = yield* connected(yield* tokenOf("data:read", "music:read"))
      const tools = yield* client.listTools()
      const named = (name: string) => Effect.fromNullishOr(tools.find((tool) => tool.name === name))
      const owner = yield* client.callTool({ tool: yield* named("get_owner"), arguments: {} })
      assert.isNotTrue(owner.isError)
      const lists = yield* client.callTool({ tool: yield* named("get_user_playlists"), arguments: {} })
      assert.isTrue(lists.isError)
      assert.include(JSON.stringify(lists.content), "sign_in_needed")
      const hidden = { ...(yield* named("get_owner")), name: "trigger_sync" }
      const refused = yield* Effect.flip(client.callTool({ tool: hidden, arguments: { task: "spotify" } }))
      assert.include(refused.message, "trigger_sync")
    }).pipe(Effect.scoped))

  it.effect("asks for a token, and says where is told which", () =>
    Effect.gen(function*() {
      const refused = yield* posted({ authorization: undefined })
      assert.strictEqual(refused.status, 401)
      assert.strictEqual((yield* problemOf(refused)).code, "unauthorized")
      const [, address = ""] = /resource_metadata="http:\/\/[^/]+([^"]+)"/.exec(refused.head) ?? []
      const told = yield* posted({ authorization: undefined }, "", "GET", address)
      assert.strictEqual(told.status, 200)
      const { resource, scopes_supported } = yield* Schema.decodeEffect(Metadata)(told.body)
      assert.match(resource, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
      assert.include(scopes_supported, "data:read")
      const wrong = yield* posted({ authorization: "Bearer nothing" })
      assert.strictEqual(wrong.status, 401)
      assert.include(wrong.head, "error=\"invalid_token\"")
    }))

  it.effect("answers neither to other names nor to pages from elsewhere", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      assert.strictEqual((yield* posted()).status, 200)
      assert.strictEqual((yield* posted({ host: `evil.example:${port}` })).status, 421)
      const foreign = yield* posted({ origin: "http://evil.example" })
      assert.strictEqual(foreign.status, 403)
      assert.strictEqual((yield* problemOf(foreign)).code, "origin_not_allowed")
      for (const name of ["127.0.0.1", "localhost", "[::1]"]) {
        const fields = { host: `${name}:${port}`, origin: `http://${name}:${port}` }
        assert.strictEqual((yield* posted(fields)).status, 200, name)
      }
    }))

  it.effect("refuses what is no message, in words", () =>
    Effect.gen(function*() {
      const codes: ReadonlyArray<readonly [number, Effect.Success<ReturnType<typeof posted>>]> = [
        [405, yield* posted({}, "", "GET")],
        [405, yield* posted({}, "", "PUT")],
        [406, yield* posted({ accept: "application/json" })],
        [415, yield* posted({ "content-type": "text/plain" })],
        [413, yield* posted({}, message("tools/list", { cursor: "x".repeat(30_000) }))]
      ]
      for (const [status, answer] of codes) {
        assert.strictEqual(answer.status, status)
        assert.include(answer.head.toLowerCase(), "application/problem+json")
      }
      for (const body of ["", "{", "[]", "{\"jsonrpc\":\"2.0\"}", "\"\\ud800\"", "[1,2,3]", "{\"a\":".repeat(3000)]) {
        const { body: answer, status } = yield* posted({}, body)
        assert.isBelow(status, 500)
        assert.match(answer, /"error":\{"code":-32|"code":"invalid_request"/, body.slice(0, 20))
      }
    }))

  it.effect("/health/mcp says how long it takes to list the tools, to those who may see how parts stand", () =>
    Effect.gen(function*() {
      const answer = yield* posted({}, "", "GET", "/health/mcp")
      assert.strictEqual(answer.status, 200)
      const { latency_ms, ok, tools } = yield* Schema.decodeEffect(Health)(answer.body)
      assert.isTrue(ok)
      assert.isAtLeast(tools, 30)
      assert.isAtLeast(latency_ms, 0)
      const data = Redacted.value(yield* tokenOf("data:read"))
      assert.strictEqual((yield* posted({ authorization: `Bearer ${data}` }, "", "GET", "/health/mcp")).status, 403)
      assert.strictEqual((yield* posted({ authorization: undefined }, "", "GET", "/health/mcp")).status, 401)
    }))
})

layer(readable, { excludeTestServices: true })("mcp/HttpServer, as without a table of its own", (it) => {
  it.effect("offers nothing that changes something, whatever the token may", () =>
    Effect.gen(function*() {
      const { client } = yield* connected(yield* tokenOf("admin"))
      const tools = yield* client.listTools()
      assert.isTrue(tools.every(({ annotations }) => annotations?.readOnlyHint === true))
      assert.isAtLeast(tools.length, 20)
    }).pipe(Effect.scoped))

  it.effect("counts requests by token", () =>
    Effect.gen(function*() {
      const { names } = yield* connected(yield* tokenOf("data:read"))
      const refused = yield* Effect.flip(Effect.forEach([1, 2, 3, 4, 5, 6, 7, 8, 9], () => names))
      assert.include(refused.message, "429")
    }).pipe(Effect.scoped))
})
