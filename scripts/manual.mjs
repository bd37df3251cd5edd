// Writes the man page, out of the commands' own help, and what shells complete by: `node scripts/manual.mjs [folder]`, dist/ else.
import { Option } from "effect"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { script } from "../src/cli/Completions.ts"
import { exitCodes } from "../src/cli/Failure.ts"
import { glider } from "../src/cli/Glider.ts"
import { variables } from "../src/config/Settings.ts"
import { helpOfAll } from "./help.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = resolve(root, process.argv[2] ?? "dist")
const { description, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))

/** The day that CHANGELOG.md gives the version; none while it is not released, so that the same sources make the same page. */
const released = async () => {
  const changes = await readFile(join(root, "CHANGELOG.md"), "utf8")
  return changes.match(/^## (\S+) — (\d{4}-\d{2}-\d{2})$/m)?.slice(1) ?? []
}

/** Text that roff reads as it stands: no escapes, no macro at the beginning, dashes that can be copied. */
const plain = (text) =>
  text.replaceAll("\\", "\\e").replaceAll(/,(?=\S)/g, ",\\:").replaceAll("-", "\\-").replaceAll("…", "...").replaceAll(
    "'",
    "\\(aq"
  ).replace(/^\./, "\\&.")
const bold = (text) => `\\fB${plain(text)}\\fR`
const slanted = (text) => `\\fI${plain(text)}\\fR`
const entry = (term, text) => `.TP\n${term}\n${plain(text)}`

const type = ({ type }) => type === "boolean" ? "" : ` ${slanted(type.replace(/^<(.*)>$/, "$1"))}`

const flagEntry = (flag) =>
  entry(
    `${[`--${flag.name}`, ...flag.aliases].map(bold).join(", ")}${type(flag)}`,
    Option.getOrElse(flag.description, () => "").replace(/ \(choices: .*\)$/, (choices) =>
      flag.type === "choice" ? choices : "")
  )

const argumentEntry = ({ description, name, variadic }) =>
  entry(`${slanted(name)}${variadic ? " ..." : ""}`, Option.getOrElse(description, () => ""))

const example = ({ command, description }) => `.PP\n${plain(description)}:\n.PP\n.RS\n.nf\n${plain(command)}\n.fi\n.RE`

const commandPart = ({ args = [], commandPath, description, examples = [], flags, usage }) =>
  [
    `.SS "${plain(commandPath.join(" "))}"`,
    `${plain(description)}.`,
    ".PP",
    bold(usage),
    ...args.map(argumentEntry),
    ...flags.map(flagEntry),
    ...examples.map(example)
  ].join("\n")

const endings = {
  done: "It is done; for glider run: it was stopped and has drained.",
  failed: "The run failed or is partial, or the command could not do what it was asked to.",
  usage: "A mistake in the invocation, the environment or the config.",
  signInNeeded: "An account has to be connected: glider auth.",
  interrupted: "Interrupted by SIGINT.",
  terminated: "Ended by SIGTERM."
}

const files = [
  [
    "./config.toml, $XDG_CONFIG_HOME/glider/config.toml",
    "The config, where neither --config nor GLIDER_CONFIG_TOML names another."
  ],
  [
    "$XDG_DATA_HOME/glider, $STATE_DIRECTORY",
    "The data folder, of its user alone: the store, the key of the stored tokens, and the address of the running glider."
  ],
  ["$XDG_CACHE_HOME/glider, $CACHE_DIRECTORY", "Compiled code, safe to delete."]
]

const environment = Object.entries(variables).map(([name, { fallback, secret, what }]) =>
  entry(
    bold(name),
    `${what}${fallback === "" ? "" : ` Else ${fallback}.`}${
      secret ? ` It may stand in a file that ${name}_FILE names.` : ""
    }`
  )
)

const pages = await helpOfAll()
const [top] = pages
const [number, day = ""] = await released()
const text = [
  `.TH GLIDER 1 "${number === version ? day : ""}" "glider ${version}" "User commands"`,
  ".ad l", // lines of options are not spread out
  ".nh", // and words that are typed are not split
  ".SH NAME",
  `glider \\- ${plain("a living copy of your calendar, listening and body, in a database you own")}`,
  ".SH SYNOPSIS",
  `${bold("glider")} ${slanted("command")} [${slanted("flags")}]`,
  ".SH DESCRIPTION",
  plain(description),
  "It reads Google Calendar, Spotify and Oura on a schedule and writes events, plays and health samples into an embedded SurrealDB.",
  ".PP",
  `While ${bold("glider run")} holds the store, the other commands reach it by itself.`,
  ".SH OPTIONS",
  "Every command takes these:",
  ...top.globalFlags.map(flagEntry),
  ".SH COMMANDS",
  ...pages.filter(({ commandPath, subcommands = [] }) => commandPath.length > 1 && subcommands.length === 0).map(
    commandPart
  ),
  ".SH ENVIRONMENT",
  "What is set here goes before the config file.",
  ...environment,
  ".SH FILES",
  ...files.map(([place, what]) => entry(slanted(place), what)),
  `.SH "EXIT STATUS"`,
  ...Object.entries(exitCodes).map(([name, code]) => entry(bold(String(code)), endings[name])),
  ".SH SIGNALS",
  entry(bold("SIGTERM, SIGINT"), "Drains and ends; a second one ends at once."),
  entry(bold("SIGHUP"), "Lets glider run read its config again."),
  ".SH EXAMPLES",
  ...top.examples.map(example).map((text, at) => at === 0 ? text.replace(/^\.PP\n/, "") : text)
].join("\n")

await mkdir(join(folder, "completions"), { recursive: true })
await writeFile(join(folder, "glider.1"), `${text}\n`)
for (const [shell, file] of [["bash", "glider.bash"], ["zsh", "_glider"], ["fish", "glider.fish"]]) {
  await writeFile(join(folder, "completions", file), `${script(glider, shell)}\n`)
}
