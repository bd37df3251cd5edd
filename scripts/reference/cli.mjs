// docs/reference/cli.md: every command with its arguments, flags and examples, out of their own help.
import { Option } from "effect"
import { exitCodes } from "../../src/cli/Failure.ts"
import { helpOfAll } from "../help.mjs"
import { code, made, page, table } from "./Page.mjs"

const choices = / \(choices: (.*)\)$/

const typeOf = ({ description, type }) => {
  if (type === "boolean") return ""
  const [, listed] = choices.exec(Option.getOrElse(description, () => "")) ?? []
  return ` <${listed?.replaceAll(", ", "|") ?? type.replace(/^<(.*)>$/, "$1")}>`
}
const saying = (description) => Option.getOrElse(description, () => "").replace(choices, "")

const flagRow = (flag) => [
  code(`--${flag.name}${typeOf(flag)}`) + flag.aliases.map((alias) => `, ${code(alias)}`).join(""),
  `${saying(flag.description)}${flag.required && !/may be repeated/.test(saying(flag.description)) ? "; required" : ""}`
]
const argumentRow = ({ description, name, required, variadic }) => [
  code(`<${name}>${variadic ? " …" : ""}`),
  `${saying(description)}${required ? "" : "; may be left out"}`
]

const example = ({ command, description }) => `- ${code(command)}: ${description}`

const groupPart = ({ commandPath, description }) => [`## ${code(commandPath.join(" "))}`, `${description}.`]

const commandPart = ({ args = [], commandPath, description, examples = [], flags, usage }) => [
  `${commandPath.length > 2 ? "###" : "##"} ${code(commandPath.join(" "))}`,
  `${description}.`,
  code(usage),
  args.length + flags.length === 0
    ? ""
    : table(["", "what it says"], [...args.map(argumentRow), ...flags.map(flagRow)]),
  examples.map(example).join("\n")
]

const endings = {
  done: "done; of `glider run`, that it was stopped and has drained",
  failed: "the run failed or is partial, or the command could not do what it was asked to",
  usage: "a mistake in the invocation, the environment or the config",
  signInNeeded: "an account has to be connected: `glider auth`",
  interrupted: "interrupted by SIGINT",
  terminated: "ended by SIGTERM"
}

export const cliPage = async () => {
  const [top, ...commands] = await helpOfAll()
  return page([
    made("`src/cli`"),
    "# Commands",
    "While `glider run` holds the store, the other commands reach it by itself; else they open the store. With `--output json` data is JSON on standard output; what is said besides goes to standard error.",
    top.examples.map(example).join("\n"),
    "## Flags of every command",
    table(["", "what it says"], top.globalFlags.map(flagRow)),
    "## Exit codes",
    table(["code", "says"], Object.entries(exitCodes).map(([name, number]) => [code(String(number)), endings[name]])),
    "## Signals",
    table(["signal", "does"], [
      ["SIGTERM, SIGINT", "`glider run` drains and ends, another command stops; a second one ends it at once"],
      ["SIGHUP", "`glider run` reads its config again"]
    ]),
    ...commands.flatMap((command) =>
      (command.subcommands ?? []).length === 0 ? commandPart(command) : groupPart(command)
    )
  ])
}
