import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import { McpClient, McpProtocol } from "effect/ai"
import { ChildProcess } from "effect/process"
import { createServer } from "node:net"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"

const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

describe("mcp: glider mcp", () => {
  it.live("is there before and after the daemon, and says when there is none", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-mcp-" })
      yield* fs.writeFileString(
        `${folder}/config.toml`,
        `[server]\nport = ${yield* freePort}\n[sync.oura]\ninterval_seconds = 3600\n`
      )
      const command = (...args: ReadonlyArray<string>) =>
        ChildProcess.make(
          process.execPath,
          [builtGlider, ...args, "--config", `${folder}/config.toml`, "--data-dir", `${folder}/data`],
          { env: { HOME: folder, PATH: "/usr/bin:/bin", NODE_COMPILE_CACHE: compileCache }, extendEnv: false }
        )
      const transport = yield* McpClient.stdio({ command: command("mcp"), protocol: McpProtocol.v2025_11_25 })
      const client = yield* McpClient.make({ name: "test", version: "1" }).pipe(
        Effect.provideService(McpClient.Transport, transport)
      )
      const tool = yield* Effect.flatMap(client.listTools(), (tools) =>
        Effect.fromNullishOr(tools.find(({ name }) => name === "get_status")))
      const status = Effect.map(client.callTool({ tool, arguments: {} }), ({ content, isError = false }) => ({
        isError,
        text: JSON.stringify(content)
      }))
      const before = yield* status
      assert.isTrue(before.isError)
      assert.include(before.text, "not_running")
      assert.include(before.text, "glider run")

      const daemon = yield* command("run")
      yield* daemon.stderr.pipe(
        Stream.decodeText(),
        Stream.splitLines,
        Stream.takeUntil((line) =>
          line.includes("serving on")
        ),
        Stream.runDrain
      )
      const during = yield* status
      assert.isFalse(during.isError, during.text)
      yield* daemon.kill({ killSignal: "SIGTERM" })
      yield* daemon.exitCode
      assert.isTrue((yield* status).isError)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("ends with its input, after it has answered, and writes nothing but messages", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-mcp-" })
      const line = JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } }
      })
      const child = yield* ChildProcess.make(process.execPath, [builtGlider, "mcp", "--data-dir", `${folder}/data`], {
        env: { HOME: folder, PATH: "/usr/bin:/bin", NODE_COMPILE_CACHE: compileCache },
        extendEnv: false,
        stdin: Stream.encodeText(Stream.make(`${line}\n`))
      })
      const out = yield* Stream.runFold(Stream.decodeText(child.stdout), () => "", (all, part) => all + part)
      assert.strictEqual(Number(yield* child.exitCode), 0)
      const lines = out.trim().split("\n")
      assert.lengthOf(lines, 1)
      assert.include(out, "\"protocolVersion\":\"2025-11-25\"")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
