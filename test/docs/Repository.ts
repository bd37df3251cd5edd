/** The repository as its documentation speaks of it. */
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The text of a file, by its path from the root. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8")

/** Paths from the root of all files in the folder, at any depth, that end so. */
export const filesIn = (folder: string, ending: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()

/** The product's sources, without the stand-in providers. */
export const sources: ReadonlyArray<string> = filesIn("src", ".ts").filter((path) => !path.startsWith("src/sandbox/"))

/** What people read. */
export const documents: ReadonlyArray<string> = ["README.md", "AGENTS.md", "CHANGELOG.md", ...filesIn("docs", ".md")]

/** The cells of the table rows below a heading (up to the next one of its level), without the table's head. */
export const rowsBelow = (text: string, heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const [, body = ""] = text.split(`\n## ${heading}\n`)
  return (body.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
}

/** What stands in backticks. */
export const code = (cell: string): ReadonlyArray<string> =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)

/** The rows of the reference of metrics: families, then the views of them. */
export const metricRows: ReadonlyArray<ReadonlyArray<string>> = ["Families", "Views"].flatMap((heading) =>
  rowsBelow(textOf("docs/reference/metrics.md"), heading)
)
