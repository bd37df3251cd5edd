import { Console, Duration, Effect, Formatter } from "effect"
import { Command } from "effect/cli"
import { load } from "../Config.ts"
import { ConfigFlag } from "./Flags.ts"
import { print } from "./Print.ts"

const loaded = Effect.gen(function*() {
  const { configPath } = yield* Effect.promise(() => import("../config/Places.ts"))
  return yield* load(yield* configPath(yield* ConfigFlag))
})

const check = Command.make("check", {}, () =>
  Effect.gen(function*() {
    const { table } = yield* Effect.promise(() => import("./Print.ts"))
    const { path, tasks } = yield* loaded
    const rows = tasks.map((
      { enabled, interval, name }
    ) => [name, enabled ? "on" : "off", `${Duration.toSeconds(interval)} s`])
    yield* print({
      json: {
        path,
        tasks: tasks.map(({ enabled, interval, name }) => ({
          name,
          enabled,
          intervalSeconds: Duration.toSeconds(interval)
        }))
      },
      text: `${path} has no mistakes\n\n${table(["TASK", "SCHEDULE", "INTERVAL"], rows)}`
    })
  })).pipe(Command.withDescription("Look for mistakes; every one is told, with its line and the nearest right key"))

const show = Command.make("show", {}, () =>
  Effect.gen(function*() {
    const { showJson, showToml } = yield* Effect.promise(() => import("../config/Show.ts"))
    const { shownEnvironment } = yield* Effect.promise(() => import("../config/Settings.ts"))
    const config = yield* loaded
    const environment = yield* shownEnvironment
    yield* print({ json: showJson(config, environment), text: showToml(config, environment).trimEnd() })
  })).pipe(Command.withDescription("The config in force, with defaults and environment; secrets are <redacted>"))

const schema = Command.make("schema", {}, () =>
  Effect.gen(function*() {
    const { jsonSchema } = yield* Effect.promise(() => import("../config/JsonSchema.ts"))
    yield* Console.log(Formatter.formatJson(jsonSchema(), { space: 2 }))
  })).pipe(Command.withDescription("The JSON schema of config.toml, for editors"))

/** `glider config`. */
export const config = Command.make("config").pipe(
  Command.withDescription("Check and show the config"),
  Command.withSubcommands([check, show, schema])
)
