import { Console, Effect } from "effect"
import { CliOutput, TerminalCapabilities } from "effect/cli"

const formatter = Effect.map(
  TerminalCapabilities.TerminalCapabilities,
  ({ canColor }) => CliOutput.defaultFormatter({ colors: canColor, globalFlags: "full" })
)

/** The library gives suggestions as a list below the message. */
const inOneLine = (message: string): string => {
  const [what = "", suggestions] = message.split(/\s*Did you mean this\?\s*/)
  return suggestions === undefined
    ? what
    : `${what}; did you mean ${suggestions.trim().split(/\s*\n\s*/).join(" or ")}?`
}

/**
 * Help that was asked for goes to standard output; what is wrong with an invocation goes to standard error, with what
 * was probably meant and where the help is, and without the help itself.
 */
export const layer = CliOutput.layerPresenter({
  present: Effect.fnUntraced(function*(event) {
    const format = yield* formatter
    switch (event._tag) {
      case "Help": {
        const asked = event.reason === "Requested" || event.commandPath.length === 1
        return yield* (asked ? Console.log : Console.error)(format.formatHelpDoc(event.helpDoc))
      }
      case "Version":
        return yield* Console.log(`${event.name} ${event.version}`)
      case "InvalidInvocation": {
        for (const { message } of event.errors) {
          yield* Console.error(`glider: ${inOneLine(message)}`)
        }
        return yield* Console.error(`Run \`${event.commandPath.join(" ")} --help\` to see what it takes.`)
      }
    }
  })
})
