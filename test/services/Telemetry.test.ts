import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, ConfigProvider, Effect, Layer, Logger, References } from "effect"
import { createServer } from "node:http"
import * as Telemetry from "../../src/services/Telemetry.ts"

interface Received {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** An OTLP collector on loopback that keeps what it gets. */
const collector = Effect.gen(function*() {
  const received: Array<Received> = []
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { authorization } = request.headers
      received.push({ path: request.url ?? "", authorization, body: Buffer.concat(chunks).toString("utf8") })
      response.writeHead(200, { "content-type": "application/json" }).end("{}")
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  return { received, url: `http://127.0.0.1:${port}` }
})

/** Two spans, one in the other, the inner one failed, with the telemetry that the environment asks for. */
const traced = (environment: { readonly [name: string]: string }) => {
  const inner = Effect.fail("no answer").pipe(
    Effect.withSpan("sync_spotify", { attributes: { "glider.connector": "spotify" } })
  )
  const outer = Effect.ignore(inner).pipe(Effect.withSpan("sync_run", { attributes: { task: "spotify" } }))
  const provider = ConfigProvider.layer(ConfigProvider.fromUnknown(environment))
  return Effect.provide(
    outer,
    Telemetry.layer("1.2.3").pipe(Layer.provide([provider, NodeServices.layer]))
  )
}

interface Span {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceId: string
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: { readonly stringValue?: string } }>
  readonly status: { readonly code?: number }
  readonly events: ReadonlyArray<{ readonly name: string }>
}

interface Export {
  readonly resourceSpans: ReadonlyArray<{
    readonly resource: { readonly attributes: Span["attributes"] }
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Span> }>
  }>
}

const read = (received: ReadonlyArray<Received>) => {
  const exports = received.map(({ body }): Export => JSON.parse(body))
  const resources = exports.flatMap(({ resourceSpans }) => resourceSpans)
  return {
    resource: Object.fromEntries(
      resources.flatMap(({ resource }) => resource.attributes.map(({ key, value }) => [key, value.stringValue]))
    ),
    spans: resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  }
}

describe("services/Telemetry", () => {
  it.live("sends the tree of spans with their attributes and the resource to the collector", () =>
    Effect.gen(function*() {
      const { received, url } = yield* collector
      yield* traced({ OTEL_EXPORTER_OTLP_ENDPOINT: url, LOGFIRE_ENVIRONMENT: "test" })
      assert.deepStrictEqual([...new Set(received.map(({ path }) => path))], ["/v1/traces"])
      const { resource, spans } = read(received)
      assert.strictEqual(resource["service.name"], "glider")
      assert.strictEqual(resource["service.version"], "1.2.3")
      assert.strictEqual(resource["deployment.environment.name"], "test")
      const outer = spans.find(({ name }) => name === "sync_run")
      const inner = spans.find(({ name }) => name === "sync_spotify")
      assert.isDefined(outer)
      assert.strictEqual(inner?.parentSpanId, outer?.spanId)
      assert.strictEqual(inner?.traceId, outer?.traceId)
      assert.deepStrictEqual(outer?.attributes.find(({ key }) => key === "task")?.value, { stringValue: "spotify" })
      assert.strictEqual(inner?.status.code, 2)
      assert.isTrue(inner?.events.some(({ name }) => name === "exception"))
    }))

  it.live("sends to Logfire with its token, and the token stands in no span", () =>
    Effect.gen(function*() {
      const { received, url } = yield* collector
      yield* traced({ LOGFIRE_TOKEN: "planted-token", LOGFIRE_BASE_URL: url })
      assert.isAbove(received.length, 0)
      for (const { authorization, body } of received) {
        assert.strictEqual(authorization, "planted-token")
        assert.notInclude(body, "planted-token")
      }
    }))

  it.live("sends nothing when nothing asks for it, nor when the SDK is disabled", () =>
    Effect.gen(function*() {
      const { received, url } = yield* collector
      yield* traced({ LOGFIRE_BASE_URL: url })
      yield* traced({ OTEL_SERVICE_NAME: "x", OTEL_EXPORTER_OTLP_ENDPOINT: "" })
      yield* traced({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: "true" })
      yield* traced({ LOGFIRE_TOKEN: "t", LOGFIRE_BASE_URL: url, OTEL_TRACES_EXPORTER: "none" })
      assert.deepStrictEqual(received, [])
    }))

  it.live("delays a command by no more than a second when nobody answers, and says so", () =>
    Effect.gen(function*() {
      // accepts connections and never answers
      const silent = createServer(() => undefined)
      yield* Effect.acquireRelease(
        Effect.callback<void>((resume) => {
          silent.listen(0, "127.0.0.1", () => resume(Effect.void))
        }),
        () =>
          Effect.sync(() => {
            silent.closeAllConnections()
            silent.close()
          })
      )
      const address = silent.address()
      const port = address !== null && typeof address === "object" ? address.port : 0
      const lines: Array<string> = []
      const keep = Logger.make(({ message }) => {
        lines.push(String(message))
      })
      // the SDK is loaded by the first of these
      yield* traced({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" })
      const begin = yield* Clock.currentTimeMillis
      yield* traced({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }).pipe(
        Effect.provide(Logger.layer([keep])),
        Effect.provideService(References.MinimumLogLevel, "Warn")
      )
      const took = (yield* Clock.currentTimeMillis) - begin
      assert.isBelow(took, 1_000)
      assert.lengthOf(
        lines.filter((line) => line.includes(`no trace could be delivered to http://127.0.0.1:${port}`)),
        1
      )
    }))
})
