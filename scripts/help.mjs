// The help of every command as data, for what is made of it: the man page, references.
import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { CompletionsFlag } from "../src/cli/Completions.ts"
import { glider } from "../src/cli/Glider.ts"

const pathsBelow = (command, path) => [
  path,
  ...command.subcommands.flatMap(({ commands }) =>
    commands.flatMap((inner) => inner.unlisted === true ? [] : pathsBelow(inner, [...path, inner.name]))
  )
]

/** One `HelpDoc` for each command, in the order of the help: its `commandPath` begins with `glider`. */
export const helpOfAll = async () => {
  const documents = []
  const surroundings = Layer.mergeAll(
    nodeServices,
    CliOutput.layerPresenter({
      present: (event) => Effect.sync(() => event._tag === "Help" && documents.push(event.helpDoc))
    }),
    Layer.succeed(TerminalCapabilities.TerminalCapabilities, { canColor: false, canAnimate: false, canPrompt: false }),
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, CompletionsFlag, GlobalFlag.LogLevel] })
  )
  const run = Command.runWith(glider, { version: "" })
  await Effect.runPromise(
    Effect.forEach(pathsBelow(glider, []), (path) => run([...path, "--help"])).pipe(Effect.provide(surroundings))
  )
  return documents
}
