import { NodeHttpServer, NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Duration, Effect, FileSystem, Layer, Schema } from "effect"
import { McpProtocol, McpServer, Tool, Toolkit } from "effect/ai"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { CurrentConfig, type ToolServer } from "../../src/Config.ts"
import { McpServerError, McpToolError, McpToolRefused, ToolServers } from "../../src/services/ToolServers.ts"
import { configOf } from "../api/Served.ts"

const script = fileURLToPath(new URL("../support/ToolServer.mjs", import.meta.url))

const serversOf = (server: ToolServer) =>
  Effect.provide(
    ToolServers,
    ToolServers.layer.pipe(
      Layer.provide(Layer.succeed(CurrentConfig, {
        ...configOf({}),
        mcp: { enabled: true, writes: false, servers: [server] }
      })),
      Layer.provide(
        ConfigProvider.layer(ConfigProvider.fromUnknown({ PATH: "/usr/bin:/bin", GIVEN: "x", SECRET: "y" }))
      )
    )
  )

/** The scripted server in a folder of its own, as a table of the config has it. */
const scripted = Effect.fnUntraced(function*(table: Partial<ToolServer> = {}) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-tools-" })
  const server: ToolServer = {
    name: "scripted",
    at: { _tag: "Command", command: process.execPath, args: [script, folder], env: ["GIVEN"] },
    mode: "stateful",
    tools: ["note", "pay", "slow", "surroundings", "refuse", "crash"],
    timeout: Duration.seconds(20),
    concurrency: 2,
    restarts: 3,
    ...table
  }
  const { call, health, tools } = yield* serversOf(server)
  const lines = (file: string) =>
    fs.readFileString(`${folder}/${file}`).pipe(
      Effect.map((text) => text.trim().split("\n")),
      Effect.orElseSucceed(() => [])
    )
  return { call, health, tools, lines }
})

const Words = Toolkit.make(
  Tool.make("count_words", {
    parameters: Schema.Struct({ text: Schema.String }),
    success: Schema.Struct({ words: Schema.Natural })
  }),
  Tool.make("hidden", { success: Schema.Struct({}) })
)

/** A server that speaks these revisions of the protocol over HTTP, at a port of its own; gives its address. */
const reachable = Effect.fnUntraced(function*(protocol: typeof protocols[number]) {
  const registrations = McpServer.toolkit(Words).pipe(Layer.provide(Words.toLayer({
    count_words: ({ text }) => Effect.succeed({ words: text.split(" ").length }),
    hidden: () => Effect.succeed({})
  })))
  const endpoint = McpServer.layerHttp({
    name: "words",
    version: "1",
    path: "/mcp",
    protocols: [protocol],
    registrations
  })
  const services = yield* Layer.build(
    HttpRouter.serve(endpoint, { disableListenLog: true, disableLogger: true }).pipe(
      Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
    )
  )
  const { address } = Context.get(services, HttpServer.HttpServer)
  return "port" in address ? `http://127.0.0.1:${address.port}/mcp` : assert.fail(address._tag)
})

const protocols = [McpProtocol.v2025_11_25, McpProtocol.v2026_07_28] as const

const byUrl = (url: string, table: Partial<ToolServer> = {}): ToolServer => ({
  name: "words",
  at: { _tag: "Url", url },
  mode: "stateful",
  tools: ["count_words"],
  timeout: Duration.seconds(20),
  concurrency: 2,
  restarts: 3,
  ...table
})

const textOf = ({ content: [block] }: Effect.Success<ReturnType<ToolServers["Service"]["call"]>>) =>
  block?.type === "text" ? block.text : ""

describe("services/ToolServers", () => {
  it.live("offers the tools that are allowed, by constant names, and refuses all others", () =>
    Effect.gen(function*() {
      const { call, tools } = yield* scripted()
      assert.deepStrictEqual((yield* tools).map(({ name }) => name), [
        "scripted__crash",
        "scripted__note",
        "scripted__pay",
        "scripted__refuse",
        "scripted__slow",
        "scripted__surroundings"
      ])
      for (const name of ["scripted__hidden", "other__note", "note", ""]) {
        assert.instanceOf(yield* Effect.flip(call(name, {})), McpToolRefused)
      }
      const refused = yield* Effect.flip(call("scripted__refuse", {}))
      assert.instanceOf(refused, McpToolError)
      assert.strictEqual(refused.message, "no")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  for (const mode of ["stateful", "stateless"] as const) {
    it.live(`a ${mode} server that dies in the middle is begun again, and does what it was asked to once`, () =>
      Effect.gen(function*() {
        const { call, lines } = yield* scripted({ mode })
        assert.strictEqual(textOf(yield* call("scripted__note", {})), "noted")
        assert.deepStrictEqual(yield* lines("deeds"), ["noted"])
        // paying twice is not as good as once
        const error = yield* Effect.flip(call("scripted__pay", {}))
        assert.instanceOf(error, McpServerError)
        assert.isTrue(error.maybeDone)
        assert.deepStrictEqual(yield* lines("deeds"), ["noted", "paid"])
        yield* call("scripted__pay", {})
        assert.deepStrictEqual(yield* lines("deeds"), ["noted", "paid", "paid"])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
  }

  it.live("who only reads is refused a tool that does not say that it changes nothing, and it is not called", () =>
    Effect.gen(function*() {
      const { call, lines } = yield* scripted()
      for (const name of ["scripted__pay", "scripted__note"]) {
        assert.instanceOf(yield* Effect.flip(call(name, {}, { readOnly: true })), McpToolRefused)
      }
      assert.deepStrictEqual(yield* lines("deeds"), [])
      assert.strictEqual(textOf(yield* call("scripted__surroundings", {}, { readOnly: true })), "GIVEN,PATH")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("a process gets the variables that it needs, and no others", () =>
    Effect.gen(function*() {
      const { call } = yield* scripted()
      assert.strictEqual(textOf(yield* call("scripted__surroundings", {})), "GIVEN,PATH")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("a call that takes too long is given up, and the next one has a server", () =>
    Effect.gen(function*() {
      const { call, health } = yield* scripted({ timeout: Duration.seconds(2) })
      const error = yield* Effect.flip(call("scripted__slow", {}))
      assert.instanceOf(error, McpServerError)
      assert.isTrue(error.maybeDone)
      const [{ message = "", ok } = { ok: false }] = yield* health
      assert.isTrue(ok, message)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("a server that ends again and again is left alone for a while", () =>
    Effect.gen(function*() {
      const { call, lines } = yield* scripted({ restarts: 1 })
      yield* Effect.flip(call("scripted__crash", {}))
      yield* Effect.flip(call("scripted__crash", {}))
      yield* Effect.flip(call("scripted__crash", {}))
      const starts = (yield* lines("starts")).length
      const error = yield* Effect.flip(call("scripted__crash", {}))
      assert.include(error.message, "rests for a minute")
      assert.lengthOf(yield* lines("starts"), starts)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  for (const mode of ["stateful", "stateless"] as const) {
    for (const [index, revision] of ["older", "newest"].entries()) {
      it.live(`a ${mode} server at an address is asked over HTTP, in the ${revision} revision that it speaks`, () =>
        Effect.gen(function*() {
          const url = yield* reachable(protocols[index] ?? protocols[0])
          const { call, health, tools } = yield* serversOf(byUrl(url, { mode }))
          assert.deepStrictEqual((yield* tools).map(({ name }) => name), ["words__count_words"])
          const answers = yield* Effect.forEach(
            ["one", "two words", "and three words"],
            (text) => call("words__count_words", { text }),
            { concurrency: "unbounded" }
          )
          assert.deepStrictEqual(answers.map(({ structuredContent }) => structuredContent), [
            { words: 1 },
            { words: 2 },
            { words: 3 }
          ])
          assert.instanceOf(yield* Effect.flip(call("words__hidden", {})), McpToolRefused)
          const [{ message = "", ok } = { ok: false }] = yield* health
          assert.deepStrictEqual([ok, message], [true, "has 1 tools that may be called"])
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
    }
  }

  it.live("an address at which nobody answers is told as such, and offers nothing", () =>
    Effect.gen(function*() {
      const url = yield* Effect.scoped(reachable(protocols[0]))
      const { call, health, tools } = yield* serversOf(byUrl(url))
      assert.deepStrictEqual(yield* tools, [])
      const error = yield* Effect.flip(call("words__count_words", { text: "one" }))
      assert.instanceOf(error, McpServerError)
      assert.isFalse(error.maybeDone) // the list of tools was asked for first
      const [{ ok } = { ok: true }] = yield* health
      assert.isFalse(ok)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
