import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { ServerUrlFlag } from "./Flags.ts"
import { print, say } from "./Print.ts"

/** `glider status`. */
export const status = Command.make("status", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showStatus } = yield* Effect.promise(() => import("./Show.ts"))
    yield* showStatus(yield* client.system.status())
  }))).pipe(Command.withDescription("What ran last and what runs next"))

const deep = Flag.Boolean("deep").pipe(
  Flag.withDefault(false),
  Flag.withDescription(
    "Also read the store's files, all rows and the newest backup again, which takes as long as a backup"
  )
)

/** `glider doctor`. A config that cannot be read is the first thing it tells. */
export const doctor = Command.make("doctor", { deep }, ({ deep }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showChecks } = yield* Effect.promise(() => import("./Show.ts"))
    const { probe } = yield* Effect.promise(() => import("./JobProbe.ts"))
    const checks = [...yield* client.system.doctor(), ...yield* probe(client)]
    yield* showChecks(deep ? [...checks, ...yield* client.system.doctorDeep()] : checks)
  })).pipe(
    Effect.tapErrorTag(
      "ConfigFileError",
      () => say("The config has mistakes; see them again with: glider config check")
    )
  )).pipe(Command.withDescription("What is wrong, and the command that mends it"))

/** `glider reload`. */
export const reload = Command.make("reload", {}, () =>
  Effect.scoped(Effect.gen(function*() {
    const { connect, dataFolder, running } = yield* Effect.promise(() => import("./Client.ts"))
    const { path } = yield* dataFolder
    const daemon = Option.isSome(yield* ServerUrlFlag)
      ? Option.some({ client: yield* connect })
      : yield* running(path)
    if (daemon._tag === "None") {
      return yield* new CommandFailed({
        message: `no glider run is at work on ${path}, so there is nothing to reload`,
        fix: "glider run",
        exitCode: exitCodes.failed
      })
    }
    const changes = yield* daemon.value.client.system.reload()
    const lines = Object.entries(changes).flatMap(([what, tasks]) =>
      tasks.length === 0 ? [] : [`${what}: ${tasks.join(", ")}`]
    )
    yield* print({ json: { ...changes }, text: lines.length === 0 ? "nothing has changed" : lines.join("\n") })
  }))).pipe(Command.withDescription("Let the running glider read its config again (as SIGHUP does)"))
