import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect, Exit, FileSystem, Layer, Logger, Option } from "effect"
import { SystemdNotify, whileReloading } from "../../src/services/SystemdNotify.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** A service under a systemd of which the program that hands on what it is told is a script. */
const service = Effect.fnUntraced(function*(environment: { readonly [name: string]: string }, script?: string) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* temporaryFolder
  // what is told is written where the socket would be
  const socket = `${folder}/notify`
  if (script !== undefined) {
    yield* fs.writeFileString(`${folder}/systemd-notify`, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  const logged: Array<unknown> = []
  const provider = ConfigProvider.layer(
    ConfigProvider.fromUnknown({ PATH: folder, ...environment, ...script === "" ? {} : { NOTIFY_SOCKET: socket } })
  )
  const run = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.provide(
      effect,
      Layer.mergeAll(
        Layer.provide(SystemdNotify.layer, provider),
        Logger.layer([Logger.make(({ message }) => logged.push(message))])
      )
    )
  const told = Effect.map(fs.readFileString(socket), (text) => text.trimEnd().split("\n"))
  return { run, logged, told }
})

/** Writes down what it was told, a line each time. */
const scribe = "echo \"$*\" >> \"$NOTIFY_SOCKET\""

const tell = (...assignments: ReadonlyArray<string>) =>
  Effect.flatMap(SystemdNotify, (systemd) => systemd.tell(...assignments))

describe("systemd", () => {
  it.effect("is told what the service says, in order", () =>
    Effect.gen(function*() {
      const { logged, run, told } = yield* service({}, scribe)
      yield* run(Effect.andThen(tell("READY=1", "STATUS=serving"), tell("STOPPING=1")))
      assert.deepStrictEqual(yield* told, ["READY=1 STATUS=serving", "STOPPING=1"])
      assert.deepStrictEqual(logged, [])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("is told of a reload from its begin to its end, and that it is over when it has failed", () =>
    Effect.gen(function*() {
      const { run, told } = yield* service({}, scribe)
      const exit = yield* Effect.exit(run(whileReloading(Effect.fail("the config has a mistake"))))
      assert.deepStrictEqual(exit, Exit.fail("the config has a mistake"))
      yield* run(whileReloading(tell("STATUS=reading")))
      const [begin, end, , ...again] = yield* told
      assert.match(begin ?? "", /^RELOADING=1 MONOTONIC_USEC=\d+$/)
      assert.strictEqual(end, "READY=1")
      assert.deepStrictEqual(again, ["STATUS=reading", "READY=1"])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("is not looked for where none has started the process", () =>
    Effect.gen(function*() {
      const { logged, run } = yield* service({ WATCHDOG_USEC: "60000000" }, "")
      yield* run(tell("READY=1"))
      const { listens, watchdog } = yield* run(SystemdNotify)
      assert.isFalse(listens)
      assert.deepStrictEqual(watchdog, Option.none())
      assert.deepStrictEqual(logged, [])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("is done without where its program is missing or fails, which is told once", () =>
    Effect.gen(function*() {
      const missing = yield* service({})
      yield* missing.run(Effect.andThen(tell("READY=1"), tell("STOPPING=1")))
      assert.deepStrictEqual(missing.logged, [[
        "systemd is not told how this service does: systemd-notify is not installed"
      ]])
      const failing = yield* service({}, "exit 7")
      yield* failing.run(Effect.andThen(tell("READY=1"), tell("STOPPING=1")))
      assert.deepStrictEqual(failing.logged, [[
        "systemd is not told how this service does: systemd-notify ended with 7"
      ]])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("names the time within which it waits for signs of life, to the process that it means", () =>
    Effect.gen(function*() {
      const expected = (environment: { readonly [name: string]: string }) =>
        Effect.flatMap(
          service(environment, scribe),
          ({ run }) => run(Effect.map(SystemdNotify, ({ watchdog }) => watchdog))
        )
      assert.deepStrictEqual(
        Option.map(yield* expected({ WATCHDOG_USEC: "60000000" }), Duration.toMillis),
        Option.some(60_000)
      )
      const own = { WATCHDOG_USEC: "60000000", WATCHDOG_PID: String(process.pid) }
      assert.isTrue(Option.isSome(yield* expected(own)))
      assert.isTrue(Option.isNone(yield* expected({ ...own, WATCHDOG_PID: "1" })))
      for (const nonsense of ["", "0", "soon"]) {
        assert.isTrue(Option.isNone(yield* expected({ WATCHDOG_USEC: nonsense })), nonsense)
      }
    }).pipe(Effect.provide(NodeServices.layer)))
})
