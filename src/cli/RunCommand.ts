import { Effect, Option, References } from "effect"
import { Command, Flag, GlobalFlag } from "effect/cli"
import { ConfigFlag, DataDirFlag } from "./Flags.ts"

/** `glider run`. */
export const run = Command.make(
  "run",
  {
    demo: Flag.Boolean("demo").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Use built-in stand-ins of the providers, with two months of data played in fast motion")
    ),
    only: Flag.Literals("only", ["scheduler", "worker", "api"]).pipe(
      Flag.optional,
      Flag.withDescription("One part of it, beside processes with the others that share its store, a database server")
    )
  },
  Effect.fnUntraced(function*({ demo, only }) {
    const level = Option.getOrElse(yield* GlobalFlag.LogLevel, () => "Info" as const)
    const where = { config: yield* ConfigFlag, dataDir: yield* DataDirFlag }
    const work = demo
      ? Effect.flatMap(Effect.promise(() => import("./Demo.ts")), ({ runDemo }) => runDemo(where))
      : Option.isSome(only)
      ? Effect.flatMap(Effect.promise(() => import("./PartProcess.ts")), ({ runPart }) => runPart(where, only.value))
      : Effect.flatMap(Effect.promise(() => import("./DaemonProcess.ts")), ({ runDaemon }) => runDaemon(where))
    return yield* Effect.provideService(work, References.MinimumLogLevel, level)
  })
).pipe(
  Command.withDescription("Keep every enabled sync on its schedule, and serve the local API, until stopped"),
  Command.withExamples([
    { command: "glider run", description: "With config.toml and the data folder of the user" },
    { command: "glider run --demo", description: "Without any account: built-in providers" }
  ])
)
