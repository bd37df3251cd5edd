// docs/reference/errors.md: what can go wrong, and what mends it.
import * as JobProblems from "../../src/api/JobProblems.ts"
import { problemMends } from "../../src/api/ProblemMends.ts"
import * as Problems from "../../src/api/Problems.ts"
import { ofImports } from "../../src/domain/ImportMends.ts"
import { ofBackups, ofCommands, ofProviders, ofRuns, ofSongs, ofTheStore } from "../../src/domain/Mends.ts"
import { ofSignIns } from "../../src/domain/SignInMends.ts"
import { code, made, page, table } from "./Page.mjs"

/** A command in a sentence is code, from its name to its last flag; a document is a link. */
const marked = (fix) =>
  fix.replaceAll(
    /\b(?:glider|chmod|openssl)(?: (?!again)(?:<[\w ]+>|--?[\w-]+|[a-z\d]+))+/g,
    (command) => code(command)
  )
    .replaceAll(/\bdocs\/([\w-]+)\.md(#[\w-]+)?/g, (_, name, part = "") => `[${name}](../${name}.md${part})`)
    .replaceAll("docs/providers", "[its page](../README.md#how-to)")

const failures = (mends) =>
  table(
    ["name", "what happened", "what to do"],
    Object.entries(mends).map(([name, { fix, what }]) => [code(name), what, marked(fix)])
  )

/** A problem says its code, status and title by itself. */
const problems = [...Object.values(Problems), ...Object.values(JobProblems)].flatMap(({ fields }) => {
  if (fields?.code === undefined) return []
  const [code, status, title] = [fields.code, fields.status, fields.title].map(({ ast }) => ast.literal)
  return [{ code, status, title, fix: problemMends[code] }]
})

const byStatus = (a, b) => a.status - b.status || (a.code < b.code ? -1 : 1)

export const errorsPage = () =>
  page([
    made("`src/api/Problems.ts`, `src/api/ProblemMends.ts`, `src/domain/Mends.ts`"),
    "# Errors",
    "What can go wrong, by name, and what mends it. A command says it in a sentence on standard error, with `mend it:` below; `glider runs show <run>` and `glider dlq show <letter>` show the name; `glider doctor` looks for all that is wrong now.",
    "## Commands",
    failures(ofCommands),
    "## Sign-in and secrets",
    failures(ofSignIns),
    "## Providers",
    failures(ofProviders),
    "## The store",
    failures(ofTheStore),
    "## Backups",
    failures(ofBackups),
    "## Imports",
    failures(ofImports),
    "## Runs",
    failures(ofRuns),
    "## Songs, agents and tools",
    failures(ofSongs),
    "## Problems of the API",
    "Answers of the HTTP API that refuse (RFC 9457): `application/problem+json` with these `code`s, which do not change, a `detail`, and a `fix` where the request at hand has one. [How they look](../api.md#problems).",
    table(
      ["code", "status", "title", "what to do"],
      problems.toSorted(byStatus).map(({ code: name, fix, status, title }) => [code(name), String(status), title, fix])
    )
  ])
