// Writes docs/reference/, out of the code that it speaks of: `npm run reference`; with --check it only says whether that is up to date.
import { Option } from "effect"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { problemFixes, providerFixes, storeFixes } from "../src/api/ErrorFixes.ts"
import { exitCodes } from "../src/cli/Failure.ts"
import { jsonSchema } from "../src/config/JsonSchema.ts"
import { variables } from "../src/config/Settings.ts"
import { TaskName } from "../src/domain/Task.ts"
import { helpOfAll } from "./help.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const source = (path) => readFile(join(root, path), "utf8")

const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim()
const table = (heads, rows) =>
  [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")
const code = (text) => `\`${text}\``
const made = "<!-- made by: npm run reference -->"

// config.toml

const bounds = ({ maximum, minimum }) =>
  minimum === undefined && maximum === undefined ? "" : `, ${minimum ?? "…"} to ${maximum ?? "…"}`

const kind = (schema) =>
  schema.enum !== undefined
    ? schema.enum.map((one) => code(JSON.stringify(one))).join(", ")
    : schema.type === "array"
    ? `list of ${schema.items?.enum === undefined ? `${schema.items?.type ?? "value"}s` : kind(schema.items)}`
    : schema.anyOf !== undefined
    ? schema.anyOf.map(kind).join(" or ")
    : `${schema.type === undefined ? "date and time" : schema.type === "object" ? "table" : schema.type}${
      bounds(schema)
    }`

/** The keys below, each with its schema: `<name>` stands for what a person chooses. */
const keysBelow = (schema, path) => {
  const open = schema.additionalProperties
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, inner]) => keysBelow(inner, [...path, key]))
  }
  if (open !== undefined && open.properties !== undefined) return keysBelow(open, [...path, "<name>"])
  return [{ key: path.join("."), schema }]
}

const row = ({ key, schema }) => [
  code(key),
  kind(schema),
  schema.default === undefined ? "" : code(JSON.stringify(schema.default)),
  schema.description ?? ""
]

const sectionOf = (name, schema) => {
  const keys = keysBelow(schema, [name])
  const nameless = keys.find(({ schema }) => schema.description === undefined)
  if (nameless !== undefined) throw new Error(`${nameless.key} has no description`)
  return keys
}

/** What all tasks have in common is told once. */
const syncs = (schema) => {
  const keys = sectionOf("sync", schema)
  const tasks = TaskName.literals
  const rest = (key) => key.split(".").slice(2).join(".")
  const isCommon = (key) => tasks.every((task) => keys.some((one) => one.key === `sync.${task}.${rest(key)}`))
  const [first] = tasks
  return [
    ...keys.filter(({ key }) => key.startsWith(`sync.${first}.`) && isCommon(key))
      .map(({ key, schema }) => ({ key: `sync.<task>.${rest(key)}`, schema })),
    ...keys.filter(({ key }) => !isCommon(key))
  ]
}

const config = () => {
  const { properties } = jsonSchema()
  const sections = Object.entries(properties).map(([name, schema]) =>
    `## ${name}\n\n${schema.description}\n\n${
      table(
        ["key", "what it may be", "default", "what it is"],
        (name === "sync" ? syncs(schema) : sectionOf(name, schema)).map(row)
      )
    }`
  )
  const settings = Object.entries(variables).map(([name, { fallback, secret, what }]) => [
    code(name),
    what,
    fallback === "" ? "" : fallback,
    secret ? `${code(`${name}_FILE`)} too` : ""
  ])
  return [
    "# Config",
    made,
    "Every key of `config.toml`. `glider config check` reports every mistake at once, each with its place; `glider config show` prints what is in\nforce, secrets redacted; `glider config schema` prints a JSON Schema for editors. `<name>` is yours to choose; `<task>` is one of "
    + `${TaskName.literals.map(code).join(", ")}.`,
    ...sections,
    "## Environment",
    "What is set here goes before the file.",
    table(["variable", "what it is", "else", "in a file"], settings)
  ]
}

// the command line

const type = ({ type }) => type === "boolean" ? "" : ` ${type}`

const flagRow = (flag) => [
  code(`${[`--${flag.name}`, ...flag.aliases].join(", ")}${type(flag)}`),
  Option.getOrElse(flag.description, () => "")
]

const command = ({ args = [], commandPath, description, examples = [], flags, usage }) =>
  [
    `## ${commandPath.join(" ")}`,
    `${description}.`.replace(/\.\.$/, "."),
    `    ${usage}`,
    ...args.length + flags.length === 0 ? [] : [
      table(["", ""], [
        ...args.map(({ description, name, variadic }) => [
          code(`${name}${variadic ? "…" : ""}`),
          Option.getOrElse(description, () => "")
        ]),
        ...flags.map(flagRow)
      ])
    ],
    ...examples.map(({ command, description }) => `${description}: ${code(command)}`)
  ].join("\n\n")

const endings = {
  done: "done; `glider run` was stopped, and has drained",
  failed: "the run failed or is partial, or the command could not do what it was asked to",
  usage: "a mistake in the invocation, the environment or the config",
  signInNeeded: "an account has to be connected: `glider auth`",
  interrupted: "interrupted by SIGINT",
  terminated: "ended by SIGTERM"
}

const exits = table(["code", "means"], Object.entries(exitCodes).map(([name, code]) => [code, endings[name]]))

const commands = async () => {
  const pages = await helpOfAll()
  const [top] = pages
  return [
    "# Command line",
    made,
    "While `glider run` holds the store, the other commands reach it by itself; where none runs, they open the store themselves.",
    "## Every command",
    table(["", ""], top.globalFlags.map(flagRow)),
    "Exit codes, of which an unknown one is a failure, too:",
    exits,
    ...pages.filter(({ commandPath, subcommands = [] }) => commandPath.length > 1 && subcommands.length === 0).map(
      command
    )
  ]
}

// errors

/** The classes of a file, each with the comment above it. */
const documented = async (path) =>
  [...(await source(path)).matchAll(/\/\*\*([^/]*?)\*\/\nexport class (\w+) extends ([\s\S]*?)\n?\) \{/g)].map((
    [, comment, name, body]
  ) => ({
    name,
    body,
    what: comment.replaceAll(/^\s*\* ?/gm, "").trim()
  }))

const complete = (rows, fixes, path) => {
  const missed = Object.keys(fixes).filter((key) => !rows.some(([name]) => name === code(key)))
  if (missed.length > 0) throw new Error(`${path} documents none of: ${missed.join(", ")}`)
  return rows
}

const problems = async () => {
  const path = "src/api/Problems.ts"
  const rows = (await documented(path)).flatMap(({ body, what }) => {
    const [, name, status] = /declare\("(\w+)", (\d+), "/.exec(body) ?? []
    return name === undefined ? [] : [[code(name), status, what, problemFixes[name]]]
  })
  return complete(rows, problemFixes, path)
}

const reasons = async (path, fixes) =>
  complete(
    (await documented(path)).flatMap(({ name, what }) =>
      fixes[name] === undefined ? [] : [[code(name), what, fixes[name]]]
    ),
    fixes,
    path
  )

const errors = async () => [
  "# Errors",
  made,
  "A command says what went wrong and, on the next line, what mends it. This is the whole list.",
  "## Exit codes",
  exits,
  "## HTTP API",
  "Problem details (RFC 9457): `code` is stable, `type` is `urn:glider:problem:` and the code; `detail` says it in words, `fix` how it is mended.",
  table(["code", "status", "why", "what to do"], await problems()),
  "## Providers",
  "The reason of a `ProviderError`, as runs and dead letters show it.",
  table(["reason", "why", "what to do"], await reasons("src/domain/ProviderError.ts", providerFixes)),
  "## Store",
  "The reason of a `SurrealError`.",
  table(["reason", "why", "what to do"], await reasons("src/services/SurrealError.ts", storeFixes))
]

const pages = { config: config(), cli: await commands(), errors: await errors() }

const folder = join(root, "docs/reference")
const isCheck = process.argv.includes("--check")
await mkdir(folder, { recursive: true })
for (const [name, parts] of Object.entries(pages)) {
  const file = join(folder, `${name}.md`)
  const text = `${parts.join("\n\n")}\n`
  if (!isCheck) await writeFile(file, text)
  else if (await readFile(file, "utf8").catch(() => "") !== text) {
    process.stderr.write(`docs/reference/${name}.md is not up to date: npm run reference\n`)
    process.exitCode = 1
  }
}
process.exit()
