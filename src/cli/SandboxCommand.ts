import { Console, Effect, Formatter, Option, References } from "effect"
import { Command, Flag, GlobalFlag } from "effect/cli"
import { OutputFlag } from "./Flags.ts"
import { say } from "./Print.ts"

/** `glider sandbox`. */
export const sandbox = Command.make(
  "sandbox",
  {
    port: Flag.Int("port").pipe(
      Flag.withDefault(4748),
      Flag.withDescription("The port on 127.0.0.1; 0 takes any free one")
    ),
    seed: Flag.String("seed").pipe(
      Flag.withDefault("glider"),
      Flag.withDescription("What the year of data is grown from")
    )
  },
  Effect.fn("cli.sandbox")(function*({ port, seed }) {
    const { configText, standalone } = yield* Effect.promise(() => import("../sandbox/Standalone.ts"))
    const output = yield* OutputFlag
    const level = yield* GlobalFlag.LogLevel
    return yield* standalone({ port, seed }, (running) => {
      const { credentials, providerAddresses, url, year } = running
      const environment = Object.entries(credentials).flatMap(([provider, { id, secret }]) => [
        `${provider.toUpperCase()}_CLIENT_ID=${id}`,
        `${provider.toUpperCase()}_CLIENT_SECRET=${secret}`
      ])
      return Effect.gen(function*() {
        yield* say(`The stand-in providers are at ${url} until you stop them (Ctrl-C).`)
        yield* say("Add this to config.toml, and these variables to the environment of glider:\n")
        yield* Console.log(
          output === "json"
            ? Formatter.formatJson({ url, year, provider: providerAddresses, environment }, { space: 2 })
            : `${configText(running)}\n${environment.map((line) => `# export ${line}`).join("\n")}`
        )
      })
    }).pipe(Effect.provideService(References.MinimumLogLevel, Option.getOrElse(level, () => "Info" as const)))
  })
).pipe(
  Command.withDescription("Serve stand-ins of the three providers, OAuth included, with a year of data"),
  Command.withExamples([{ command: "glider sandbox --port 4748 --seed winter", description: "Another year of data" }])
)
