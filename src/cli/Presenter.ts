import { Console, Effect } from "effect"
import { CliOutput, TerminalCapabilities } from "effect/cli"

const formatter = Effect.map(
  TerminalCapabilities.TerminalCapabilities,
  ({ canColor }) => CliOutput.defaultFormatter({ colors: canColor, globalFlags: "full" })
)

/**
 * Help that was asked for goes to standard output; what is wrong with an invocation goes to standard error, with what
 * was probably meant and where the help is, and without the help itself.
 */
export const layer = CliOutput.layerPresenter({
  present: Effect.fnUntraced(function*(event) {
    const format = yield* formatter
    switch (event._tag) {
      case "Help":
        return yield* Console.log(format.formatHelpDoc(event.helpDoc))
      case "Version":
        return yield* Console.log(`${event.name} ${event.version}`)
      case "InvalidInvocation": {
        for (const { message } of event.errors) {
          yield* Console.error(`glider: ${message.replace(/\n\n {2}Did you mean this\?\n\s+/, "; did you mean ").trimEnd()}`)
        }
        return yield* Console.error(`Run \`${event.commandPath.join(" ")} --help\` to see what it takes.`)
      }
    }
  })
})
