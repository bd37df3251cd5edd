/** `/health/mcp`: how long the server takes to tell its tools, asked as any other program asks it; and its servers elsewhere. */
import { Clock, Effect, Layer, Schema } from "effect"
import { McpClient, McpProtocol } from "effect/ai"
import { HttpClient, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { withinProcess } from "../api/WithinProcess.ts"
import { ToolServers } from "../services/ToolServers.ts"
import { path, resourceOf, tokenOnly, withScope } from "./Guard.ts"

const patience = "10 seconds"

/** What is told. */
export const McpHealth = Schema.Struct({
  ok: Schema.Boolean,
  /** From the question to the whole list of tools. */
  latency_ms: Schema.Finite,
  /** As many as the token may see. */
  tools: Schema.Natural,
  message: Schema.String,
  /** Those of `[mcp.server.*]`. */
  servers: Schema.Array(
    Schema.Struct({ server: Schema.String, ok: Schema.Boolean, latency_ms: Schema.Finite, message: Schema.String })
  )
})

const encode = Schema.encodeEffect(McpHealth)

/** Lists the tools through the endpoint itself, with the token that asks. */
const listed = Effect.fnUntraced(function*(version: string) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const { authorization = "", host = "127.0.0.1" } = request.headers
  const transport = yield* McpClient.http({
    url: resourceOf(request),
    protocol: McpProtocol.v2026_07_28,
    headers: { authorization, host }
  })
  const client = yield* McpClient.make({ name: "glider", version, timeout: patience }).pipe(
    Effect.provideService(McpClient.Transport, transport)
  )
  return (yield* client.listTools()).length
}, Effect.scoped)

export const selfCheck = (version: string) =>
  HttpRouter.use(Effect.fnUntraced(function*(router) {
    const http = yield* HttpClient.HttpClient
    const elsewhere = yield* ToolServers
    const measured = Effect.gen(function*() {
      const start = yield* Clock.currentTimeMillis
      const answer = yield* listed(version).pipe(
        Effect.provideService(HttpClient.HttpClient, http),
        Effect.match({
          onFailure: ({ message }) => ({ ok: false, tools: 0, message }),
          onSuccess: (tools) => ({ ok: true, tools, message: `answers at ${path}` })
        })
      )
      const latency_ms = (yield* Clock.currentTimeMillis) - start
      const servers = (yield* elsewhere.health).map(({ latencyMillis, ...rest }) => ({
        ...rest,
        latency_ms: latencyMillis
      }))
      const health = { ...answer, latency_ms, servers }
      return HttpServerResponse.jsonUnsafe(yield* Effect.orDie(encode(health)), { status: health.ok ? 200 : 503 })
    })
    yield* router.add("GET", `/health${path}`, withScope("system:read", measured))
  })).pipe(Layer.provide(withinProcess), Layer.provide(tokenOnly.layer))
