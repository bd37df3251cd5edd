#!/usr/bin/env node
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, type Exit, Layer, Option, Runtime, Stdio } from "effect"
import { CliConfig, CliError, Command, GlobalFlag } from "effect/cli"
import { CompletionsFlag } from "./cli/Completions.ts"
import { codeOf, Ending, type EndingState } from "./cli/Ending.ts"
import { explain } from "./cli/Failure.ts"
import { glider } from "./cli/Glider.ts"
import { withSpans } from "./cli/InstantFlag.ts"
import * as Logs from "./cli/Logs.ts"
import * as Presenter from "./cli/Presenter.ts"
import { visibleLines } from "./cli/Print.ts"
import * as Terminal from "./cli/Terminal.ts"
import { version } from "./cli/Version.ts"
import * as Telemetry from "./services/Telemetry.ts"

const ending: EndingState = { drains: false, signal: undefined }

/** Says what went wrong, unless the presenter has said it. */
const report = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.void
  const error = Cause.squash(cause)
  if (Cause.hasDies(cause)) {
    return Effect.andThen(
      Console.error("glider: this is a bug; please report it with what follows"),
      Console.error(Cause.pretty(cause))
    )
  }
  if (CliError.isCliError(error)) return Effect.void
  const { fix, message } = explain(error)
  return Effect.andThen(
    Console.error(`glider: ${visibleLines(message)}`),
    Option.match(fix, {
      onNone: () => Effect.void,
      onSome: (mend) => Console.error(`  mend it: ${visibleLines(mend)}`)
    })
  )
}

const surroundings = Layer.mergeAll(
  Presenter.layer,
  Terminal.layer,
  CliConfig.layer({
    builtIns: [GlobalFlag.Help, GlobalFlag.Version, CompletionsFlag, GlobalFlag.LogLevel]
  })
).pipe(
  Layer.provideMerge(Telemetry.layer(version)),
  Layer.provideMerge(Logs.layer),
  Layer.provideMerge(NodeServices.layer)
)

const program = Effect.flatMap(Stdio.Stdio, ({ args }) => args).pipe(
  Effect.flatMap((args) => Command.runWith(glider, { version })(withSpans(args))),
  Effect.tapCause(report),
  Effect.provideService(Ending, ending),
  Effect.provide(surroundings)
)

/** Ends the process once what was written has gone out: a pipe takes 64 KiB at once, and more only as it is read. */
const leave = (code: number): void => {
  const { stderr, stdout } = globalThis.process
  stdout.write("", () => stderr.write("", () => globalThis.process.exit(code)))
}

/**
 * The first signal stops the program, which then ends as it does: a command with 130 or 143, `glider run` with 0 once it
 * has drained. The second leaves at once. The exit is explicit, since an open store would keep the process alive.
 */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  const stop = (signal: "SIGINT" | "SIGTERM") => () => {
    if (ending.signal !== undefined) globalThis.process.exit(signal === "SIGTERM" ? 143 : 130)
    ending.signal = signal
    fiber.interruptUnsafe(fiber.id)
  }
  globalThis.process.on("SIGINT", stop("SIGINT"))
  globalThis.process.on("SIGTERM", stop("SIGTERM"))
  fiber.addObserver((exit) => teardown(exit, leave))
})

runMain(program, {
  disableErrorReporting: true,
  teardown: (exit: Exit.Exit<unknown, unknown>, onExit) => onExit(codeOf(exit, ending))
})
