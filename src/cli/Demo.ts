/** `glider run --demo`: the whole program against the built-in stand-ins of the providers. */
import {
  Clock,
  ConfigProvider,
  Context,
  DateTime,
  Effect,
  FileSystem,
  Layer,
  Logger,
  LogLevel,
  Option,
  Schedule
} from "effect"
import { createServer } from "node:net"
import { Sandbox } from "../sandbox/Sandbox.ts"
import { configText } from "../sandbox/Standalone.ts"
import { runDaemon } from "./DaemonProcess.ts"
import { demoDays, replay } from "./DemoReplay.ts"
import type { Where } from "./Layers.ts"
import { say } from "./Print.ts"

/** A port of this machine that nobody uses. */
const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** The surrounding clock, set to the time of the sandbox. Waits last as long as they do. */
const demoClock = (surrounding: Clock.Clock, sandbox: Sandbox["Service"]) => {
  let ahead = 0
  const millis = () => surrounding.currentTimeMillisUnsafe() + ahead
  const nanos = () => surrounding.currentTimeNanosUnsafe() + BigInt(ahead) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => surrounding.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: surrounding.monotonicTimeNanos,
    sleep: (duration) => surrounding.sleep(duration)
  }
  const follow = Effect.map(sandbox.clock.now, (now) => {
    ahead = Math.round(now.epochMilliseconds - surrounding.currentTimeMillisUnsafe())
  })
  return { clock, follow }
}

const config = Effect.fnUntraced(function*(sandbox: Sandbox["Service"]) {
  const ports = yield* Effect.replicateEffect(freePort, 4)
  const [server, ...callbacks] = ports
  const providers = configText(sandbox).replaceAll(
    /^\[provider\.\w+\]$/gm,
    (heading) => `${heading}\nredirect_uri = "http://127.0.0.1:${callbacks.shift() ?? 0}/callback"`
  )
  return `[scheduler]
timezone = "${sandbox.year.timeZone}"

[server]
port = ${server}

[music]
enabled = true

[sync.google_calendar]
interval_seconds = 1800

[sync.spotify]
interval_seconds = 120

[sync.oura]
interval_seconds = 3600
lookback_days = 3

${providers}`
})

/** The client ids and secrets, and the key of the model, that the sandbox knows, before those of the environment. */
const environment = ({ credentials, model }: Sandbox["Service"]) =>
  Layer.effect(
    ConfigProvider.ConfigProvider,
    Effect.map(ConfigProvider.ConfigProvider, (surrounding) =>
      ConfigProvider.fromUnknown(Object.fromEntries([
        ...Object.entries(credentials).flatMap(([provider, { id, secret }]) => [
          [`${provider.toUpperCase()}_CLIENT_ID`, id],
          [`${provider.toUpperCase()}_CLIENT_SECRET`, secret]
        ]),
        ["GLIDER_AI_API_KEY", model.key]
      ])).pipe(ConfigProvider.orElse(surrounding)))
  )

/**
 * Loggers that say nothing below a warning until they are told to be loud: hundreds of runs that say they are completed
 * would hide what matters. A level would not do, since runs have that of the engine.
 */
const hushed = (loggers: ReadonlySet<Logger.Logger<unknown, unknown>>) => {
  let isLoud = false
  const hush = (logger: Logger.Logger<unknown, unknown>) =>
    Logger.make((options) =>
      isLoud || LogLevel.isGreaterThanOrEqualTo(options.logLevel, "Warn") ? logger.log(options) : undefined
    )
  return {
    loggers: new Set(Array.from(loggers, hush)),
    loud: () => {
      isLoud = true
    }
  }
}

/** The engine's own threads may still write for a moment after the store is closed. */
const removed = (fs: FileSystem.FileSystem, folder: string) =>
  fs.remove(folder, { recursive: true }).pipe(
    Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 20 }),
    Effect.catch(({ message }) => Effect.logWarning(`the demo's folder ${folder} is left behind: ${message}`))
  )

/** Starts the stand-ins, plays their last two months, prints what arrived and stays up until stopped. */
export const runDemo = Effect.fn("cli.demo")(
  function*(where: Where) {
    const fs = yield* FileSystem.FileSystem
    const folder = Option.isSome(where.dataDir)
      ? where.dataDir.value
      : yield* Effect.acquireRelease(fs.makeTempDirectory({ prefix: "glider-demo-" }), (folder) => removed(fs, folder))
    const sandbox = Context.get(yield* Layer.build(Sandbox.layer({ clock: "follow" })), Sandbox)
    yield* sandbox.clock.set(DateTime.subtract(sandbox.year.end, { days: demoDays }))
    const { clock, follow } = demoClock(yield* Clock.Clock, sandbox)
    yield* follow
    const { loggers, loud } = hushed(yield* Logger.CurrentLoggers)
    const path = `${folder}/demo.toml`
    yield* fs.makeDirectory(folder, { recursive: true, mode: 0o700 })
    yield* fs.writeFileString(path, yield* config(sandbox), { mode: 0o600 })
    yield* say(`Stand-in providers at ${sandbox.url}; config and store in ${folder}\n`)
    return yield* runDaemon({ config: Option.some(path), dataDir: Option.some(folder) }, {
      prepare: Effect.ensuring(replay(sandbox, follow), Effect.sync(loud)),
      ready: say("\nGlider is up, and goes on syncing from the stand-ins. Ctrl-C stops it.")
    }).pipe(
      Effect.provide(environment(sandbox)),
      Effect.provideService(Logger.CurrentLoggers, loggers),
      Effect.provideService(Clock.Clock, clock)
    )
  },
  Effect.scoped
)
