import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { OutputFlag } from "./Flags.ts"
import { print } from "./Print.ts"

const live = Flag.Boolean("live").pipe(
  Flag.withDefault(false),
  Flag.withDescription(
    "Ask only whether the process answers at all, as /livez does; else whether it does its work, as /readyz"
  )
)

/** `glider health`, for those who watch over the process: it opens no store and makes no folder. */
export const health = Command.make("health", { live }, ({ live }) =>
  Effect.scoped(Effect.gen(function*() {
    const { ask, partsAt, watched } = yield* Effect.promise(() => import("./HealthQuestion.ts"))
    const target = yield* watched
    const { detail, ok } = yield* ask(target, live ? "/livez" : "/readyz")
    const good = live ? "live" : "ready"
    const parts = (yield* OutputFlag) === "json" && !live ? yield* partsAt(target) : Option.none()
    const told = `${ok ? good : `not ${good}`}: ${ok ? target.address : detail}`
    if (ok || (yield* OutputFlag) === "json") {
      yield* print({
        json: { ok, address: target.address, detail, ...Option.getOrElse(parts, () => ({})) },
        text: told
      })
    }
    if (!ok) return yield* new CommandFailed({ message: told, fix: "glider doctor", exitCode: exitCodes.failed })
  }))).pipe(
    Command.withDescription("Whether the running glider is ready: exit code 0, or else 1"),
    Command.withExamples([
      { command: "glider health", description: "For a health check of a container, or a script" },
      { command: "glider health --output json", description: "Each part by itself" }
    ])
  )
