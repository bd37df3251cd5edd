import { Console, Duration, Effect, Formatter, Option, Result } from "effect"
import { Command } from "effect/cli"
import { load, type Task } from "../Config.ts"
import { ConfigFlag } from "./Flags.ts"
import { print } from "./Print.ts"

const loaded = Effect.gen(function*() {
  const { configPath } = yield* Effect.promise(() => import("../config/Places.ts"))
  return yield* load(yield* configPath(yield* ConfigFlag))
})

const taskJson = ({ enabled, name, when }: Task) => ({
  name,
  enabled,
  ...when._tag === "Interval" ? { intervalSeconds: Duration.toSeconds(when.every) } : { cron: when.expression }
})

const check = Command.make("check", {}, () =>
  Effect.gen(function*() {
    const { table } = yield* Effect.promise(() => import("./Print.ts"))
    const { definitionsOf } = yield* Effect.promise(() => import("../schedules/Definitions.ts"))
    const { describe } = yield* Effect.promise(() => import("../timing/TimingText.ts"))
    const { timingOf } = yield* Effect.promise(() => import("../schedules/Settings.ts"))
    const config = yield* loaded
    const definitions = yield* definitionsOf(config)
    const rows = definitions.map((definition) => [
      definition.id,
      definition.workflow,
      definition.enabled ? "on" : "off",
      Result.match(timingOf(definition), { onFailure: ({ message }) => message, onSuccess: describe })
    ])
    const { keyProblem } = yield* Effect.promise(() => import("../services/ModelKey.ts"))
    const { Secrets } = yield* Effect.promise(() => import("../services/Secrets.ts"))
    const problem = yield* Effect.forEach(
      config.ai === undefined ? [] : [config.ai],
      (ai) => Effect.provide(keyProblem(ai), Secrets.layer)
    )
    for (const { message } of problem.flatMap(Option.toArray)) yield* Console.error(`warning: ${message}`)
    yield* print({
      json: { path: config.path, tasks: config.tasks.map(taskJson), schedules: definitions },
      text: `${config.path} has no mistakes\n\n${table(["SCHEDULE", "RUNS", "STATE", "WHEN"], rows)}`
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
