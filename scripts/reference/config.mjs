// docs/reference/config.md: the keys of config.toml and the settings of the environment.
import { jsonSchema } from "../../src/config/JsonSchema.ts"
import { variables } from "../../src/config/Settings.ts"
import { code, made, page, table } from "./Page.mjs"

const number = (value) => value.toLocaleString("en-US").replaceAll(",", "")

const bounds = ({ maximum, minimum }) =>
  minimum !== undefined && maximum !== undefined
    ? `, ${number(minimum)} to ${number(maximum)}`
    : minimum !== undefined
    ? `, at least ${number(minimum)}`
    : ""

const typeOf = (schema) => {
  const { enum: choices, items, pattern, type } = schema
  if (choices !== undefined) return choices.map((choice) => code(JSON.stringify(choice))).join(", ")
  switch (type) {
    case "boolean":
      return "`true`, `false`"
    case "integer":
      return `whole number${bounds(schema)}`
    case "number":
      return `number${bounds(schema)}`
    case "array":
      return `list of ${items.enum === undefined ? "texts" : typeOf(items)}`
    case "object":
      return "table"
    case "string":
      return pattern === undefined ? "text" : `text like ${code(pattern)}`
    default:
      return "text or instant"
  }
}

const inToml = (value) => {
  if (Array.isArray(value)) return `[${value.map(inToml).join(", ")}]`
  if (typeof value === "object") return "{}"
  return typeof value === "number" ? String(value) : JSON.stringify(value)
}

const isOpen = ({ additionalProperties }) => typeof additionalProperties === "object"
const isTable = (schema) => schema.properties !== undefined && Object.keys(schema.properties).length > 0

/** Keys of a table and of the inline tables in it; tables with a heading of their own are left out. */
const keysOf = (schema, inline, before = "") =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${before}${name}`
    if (isTable(inner) || (isOpen(inner) && isTable(inner.additionalProperties))) {
      return inline.includes(path) ? keysOf(inner, inline, `${path}.`) : []
    }
    const { default: fallback, description = "" } = inner
    const required = schema.required?.includes(name) ? "required" : "—"
    return [[code(path), typeOf(inner), fallback === undefined ? required : code(inToml(fallback)), description]]
  })

const head = ["key", "is", "default", "what it says"]
const section = (heading, about, rows) => [`## ${code(heading)}`, about, rows.length === 0 ? "" : table(head, rows)]

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

const known = {
  config:
    "The first that is there: `--config`, `GLIDER_CONFIG_TOML`, `./config.toml`, `$XDG_CONFIG_HOME/glider/config.toml`.",
  elsewhere: [
    ["`OTEL_*`", "Every standard variable of OpenTelemetry; traces leave when an `OTEL_EXPORTER_OTLP_…` is set."],
    ["`CREDENTIALS_DIRECTORY`", "systemd's: a secret is a file in it, `spotify-client-id` for `SPOTIFY_CLIENT_ID`."],
    ["`STATE_DIRECTORY`", "systemd's: the data folder, where neither `--data-dir` nor `GLIDER_DATA_DIR` names one."],
    ["`CACHE_DIRECTORY`", "systemd's: where compiled code is kept."],
    ["`XDG_CONFIG_HOME`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`", "In place of `~/.config`, `~/.local/share`, `~/.cache`."]
  ]
}

export const configPage = () => {
  const { properties } = jsonSchema()
  const { provider, schedule, sync, ...others } = properties
  const tasks = Object.entries(sync.properties)
  const [[, first], ...rest] = tasks
  const shared = Object.fromEntries(
    Object.entries(first.properties).filter(([name, key]) => rest.every(([, task]) => same(task.properties[name], key)))
  )
  const own = ({ properties: all, ...task }) => ({
    ...task,
    properties: Object.fromEntries(Object.entries(all).filter(([name]) => !(name in shared)))
  })
  const one = schedule.additionalProperties
  return page([
    made("`src/config/ConfigFile.ts`, `src/config/Settings.ts`"),
    "# Config",
    `${known.config} What the environment says goes before the file.`,
    "`glider config check` tells every mistake with its place, `glider config show` what is in force, and `glider config schema` prints a JSON Schema for editors. A reload (`glider reload`, `SIGHUP`) takes the tables `sync`, `schedule`, `connection`, `calendar`, `alerts`, `reports`, `webhook`, `inbox`, `network` and `backup` over; the others wait for the next start.",
    ...Object.entries(others).flatMap(([name, schema]) => [
      ...section(`[${name}]`, schema.description ?? "", keysOf(schema, [])),
      ...Object.entries(schema.properties ?? {}).filter(([, inner]) =>
        isOpen(inner) && isTable(inner.additionalProperties)
      ).flatMap(([key, inner]) =>
        section(`[${name}.${key}.<name>]`, inner.description ?? "", keysOf(inner.additionalProperties, []))
      )
    ]),
    ...section(
      "[sync.<task>]",
      `${sync.description} Each of them has these keys; one of \`interval_seconds\` and \`cron\` is required.`,
      keysOf({ properties: shared }, ["dst"])
    ),
    ...tasks.flatMap(([name, task]) => section(`[sync.${name}]`, task.description ?? "", keysOf(own(task), []))),
    ...section(
      "[schedule.<id>]",
      `${schedule.description} The other keys are those of \`[sync.<task>]\`.`,
      keysOf(own(one), [])
    ),
    ...Object.entries(provider.properties).flatMap(([name, schema]) =>
      section(`[provider.${name}]`, schema.description ?? "", keysOf(schema, []))
    ),
    "## Environment",
    "A secret may stand in a file instead, which `<NAME>_FILE` names, or which lies as `<name>`, with `-` for `_`, in `$CREDENTIALS_DIRECTORY` or `$GLIDER_SECRETS_DIR`. An empty variable counts as absent.",
    table(
      ["variable", "default", "what it says"],
      [
        ...Object.entries(variables).map(([name, { fallback, secret, what }]) => [
          code(name),
          fallback === "" ? "—" : code(fallback),
          secret ? `${what} A secret.` : what
        ]),
        ...known.elsewhere.map(([name, what]) => [name, "—", what])
      ]
    )
  ])
}
