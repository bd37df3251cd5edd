/** The keys of `[mcp]`: the server of tools that Glider is, and those elsewhere that it asks. */
import { Option, Predicate, Schema } from "effect"
import * as Addresses from "./Addresses.ts"
import type { Complaint } from "./Complaints.ts"
import { checked, Flag, key, NonEmptyText, optional, positive, Text, wholeNumber } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

const listOf = (item: Schema.Codec<string>, expected: string) => Schema.Array(item).annotate({ expected })

const VariableName = Text.check(
  Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*$/, { expected: "the name of a variable, not its value" })
)

const toolServer = Schema.Struct({
  command: optional(NonEmptyText, "The program that it is; its input and output are spoken over."),
  args: key(listOf(Text, "a list of texts"), "What the program is given.", []),
  env: key(
    listOf(VariableName, "a list of names of variables"),
    "Variables of the environment that are handed on to it; it has no others but PATH, HOME and the like.",
    []
  ),
  url: optional(checked(Addresses.httpAddress), "In place of command: where it is reached over HTTP."),
  mode: key(
    Schema.Literals(["stateless", "stateful"]),
    "Whether it is begun anew for each call, or kept between calls.",
    "stateful"
  ),
  tools: key(
    listOf(NonEmptyText, "a list of names of tools"),
    "Which of its tools may be called, by the names that it has for them; none without it.",
    []
  ),
  timeout_seconds: key(
    wholeNumber(1, 600, positive, "at most 600 seconds, which are ten minutes"),
    "Seconds after which a call is given up.",
    60
  ),
  concurrency: key(wholeNumber(1, 100, positive, "at most 100"), "How many calls it gets at the same time.", 2),
  restarts: key(
    wholeNumber(0, 100, "a whole number, 0 or more", "at most 100"),
    "How often in a row it is begun again after it ended, before it rests for a minute.",
    3
  )
})

export const mcp = Schema.Struct({
  enabled: key(Flag, "Whether the server has /mcp, for tokens and for programs of the same user.", true),
  writes: key(Flag, "Whether tools may change something over /mcp, for tokens whose scopes allow it.", false),
  server: key(
    Schema.Record(Schema.String, toolServer),
    "Servers elsewhere whose tools are used here, a table each, by names of small letters, digits and single _.",
    {}
  )
})

const longestName = 32

/** `__` is what parts it from the name of a tool, so it ends with none. */
const isName = (name: string): boolean => name.length <= longestName && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)

/** What is wrong with a table of a server whose keys are each right. */
export const toolServerComplaints = (file: unknown): ReadonlyArray<Complaint> => {
  const servers = Option.getOrElse(valueAt(file, ["mcp", "server"]), () => ({}))
  return Object.entries(Predicate.isObject(servers) ? servers : {}).flatMap(([name, table]) => {
    if (!Predicate.isObject(table)) return []
    const path = ["mcp", "server", name]
    const has = (known: string) => known in table
    const wrong = (message: string) => [{ path, at: "key" as const, message }]
    return [
      ...(isName(name)
        ? []
        : wrong(`expected a name of at most ${longestName} small letters, digits and single _ between them`)),
      ...(has("command") && has("url") ? wrong("has both command and url: keep one of the two") : []),
      ...(has("command") || has("url")
        ? []
        : wrong("expected command, the program that it is, or url, where it is reached")),
      ...(has("url") && (has("args") || has("env")) ? wrong("args and env belong to a command, not to a url") : [])
    ]
  })
}
