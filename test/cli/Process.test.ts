import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, FileSystem, type PlatformError, Schema, Stream } from "effect"
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

/** A folder of config and data, and the program as a process of its own on it. */
const installation = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-cli-" })
  yield* fs.writeFileString(
    `${folder}/config.toml`,
    `[server]\nport = ${yield* freePort}\n[sync.spotify]\nenabled = false\ninterval_seconds = 120\n` +
      `[sync.oura]\ninterval_seconds = 3600\n`
  )
  // in place of systemd's own, it writes down what it is told
  yield* fs.makeDirectory(`${folder}/bin`)
  yield* fs.writeFileString(`${folder}/bin/systemd-notify`, "#!/bin/sh\necho \"$*\" >> \"$NOTIFY_SOCKET\"\n", {
    mode: 0o755
  })
  const command = (args: ReadonlyArray<string>) =>
    ChildProcess.make(
      process.execPath,
      [builtGlider, ...args, "--config", `${folder}/config.toml`, "--data-dir", `${folder}/data`],
      {
        env: {
          HOME: folder,
          PATH: `${folder}/bin:/usr/bin:/bin`,
          NODE_COMPILE_CACHE: compileCache,
          ...args[0] === "run" ? { NOTIFY_SOCKET: `${folder}/told` } : {}
        },
        extendEnv: false,
        stdin: "ignore"
      }
    )
  const text = (stream: Stream.Stream<Uint8Array, PlatformError.PlatformError>) =>
    Effect.orDie(Stream.runFold(Stream.decodeText(stream), () => "", (all, part) => all + part))
  const run = Effect.fnUntraced(function*(args: ReadonlyArray<string>) {
    const child = yield* command(args)
    const [out, err, code] = yield* Effect.all([text(child.stdout), text(child.stderr), child.exitCode], {
      concurrency: "unbounded"
    })
    return { out, err, code: Number(code) }
  }, Effect.scoped)
  return { folder, command, run }
})

const Status = Schema.fromJsonString(Schema.Struct({
  running: Schema.Boolean,
  tasks: Schema.Array(
    Schema.Struct({ task: Schema.String, lastRun: Schema.NullOr(Schema.Struct({ status: Schema.String })) })
  )
}))
const Health = Schema.fromJsonString(Schema.Struct({
  ok: Schema.Boolean,
  parts: Schema.Struct({ schedules: Schema.Struct({ message: Schema.String }) })
}))
const DaemonFile = Schema.fromJsonString(Schema.Struct({ pid: Schema.Int }))

describe("cli: processes", () => {
  it.live("one daemon a data folder, which serves the commands, drains at SIGTERM and ends with 0", () =>
    Effect.gen(function*() {
      const { command, folder, run } = yield* installation
      const fs = yield* FileSystem.FileSystem
      const daemon = yield* command(["run"])
      const ready = yield* Deferred.make<void>()
      const ran = yield* Deferred.make<void>()
      yield* daemon.stderr.pipe(
        Stream.decodeText(),
        Stream.splitLines,
        Stream.runForEach((line) =>
          Effect.all([
            line.includes("serving on") ? Deferred.succeed(ready, undefined) : Effect.void,
            line.includes("oura needs_auth") ? Deferred.succeed(ran, undefined) : Effect.void
          ], { discard: true })
        ),
        Effect.forkScoped
      )
      yield* Effect.all([Deferred.await(ready), Deferred.await(ran)])
      const { pid } = yield* Schema.decodeUnknownEffect(DaemonFile)(
        yield* fs.readFileString(`${folder}/data/daemon.json`)
      )

      const [second, health, sync, status] = yield* Effect.all([
        run(["run"]),
        run(["health", "--output", "json"]),
        run(["sync", "spotify", "--output", "json"]),
        run(["status", "--output", "json"])
      ], { concurrency: 2 })
      assert.strictEqual(second.code, 1)
      assert.include(second.err, `another glider run (pid ${pid}`)
      assert.strictEqual(sync.code, 3)
      assert.include(sync.out, "\"status\": \"needs_auth\"")
      assert.include(sync.err, "glider auth spotify")
      assert.isTrue((yield* Schema.decodeUnknownEffect(Status)(status.out)).running)

      assert.strictEqual(health.code, 0, health.err)
      const { ok, parts } = yield* Schema.decodeUnknownEffect(Health)(health.out)
      assert.isTrue(ok)
      assert.strictEqual(parts.schedules.message, "schedules: 3 supervised")

      yield* daemon.kill({ killSignal: "SIGTERM" })
      assert.strictEqual(Number(yield* daemon.exitCode), 0)
      const told = (yield* fs.readFileString(`${folder}/told`)).trimEnd().split("\n")
      assert.match(told[0] ?? "", /^READY=1 STATUS=serving on http:\S+; schedules: 3 supervised$/)
      assert.deepStrictEqual(told.slice(1), ["STOPPING=1 STATUS=runs under way come to a safe point"])
      assert.isFalse(yield* fs.exists(`${folder}/data/daemon.json`))

      const after = yield* run(["status", "--output", "json"])
      assert.strictEqual(after.code, 0, after.err)
      const { running, tasks } = yield* Schema.decodeUnknownEffect(Status)(after.out)
      assert.isFalse(running)
      assert.deepStrictEqual(tasks.map(({ lastRun, task }) => [task, lastRun?.status]), [
        ["spotify", "needs_auth"],
        ["oura", "needs_auth"]
      ])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("a data folder whose daemon has died is opened by the command itself", () =>
    Effect.gen(function*() {
      const { folder, run } = yield* installation
      const fs = yield* FileSystem.FileSystem
      yield* fs.makeDirectory(`${folder}/data`, { mode: 0o700 })
      // a process id beyond what Linux gives out
      yield* fs.writeFileString(
        `${folder}/data/daemon.json`,
        "{\"pid\":4194999,\"address\":\"http://127.0.0.1:1\",\"token\":\"x\"}",
        { mode: 0o600 }
      )
      yield* fs.makeDirectory(`${folder}/data/store`, { mode: 0o700 })
      const { code, err, out } = yield* run(["db", "migrate", "--output", "json"])
      assert.strictEqual(code, 0, err)
      assert.include(out, "\"version\"")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
