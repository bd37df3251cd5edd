// docs/reference/metrics.md: what GET /metrics gives, out of the declarations.
import { readdir, readFile } from "node:fs/promises"
import { views } from "../../src/api/AskedNames.ts"
import { families } from "../../src/Series.ts"
import { code, made, page, table } from "./Page.mjs"

const root = new URL("../../src/", import.meta.url)
const declared = /Series\.(?:counter|gauge|histogram)\(\s*"([^"]+)"/g

/** Where each family is declared; a family is known once its file is loaded. */
const places = async () => {
  const found = new Map()
  const files = (await readdir(root, { recursive: true })).filter((file) =>
    /\.tsx?$/.test(file) && !file.startsWith("sandbox/")
  )
  for (const file of files.toSorted()) {
    const names = [...(await readFile(new URL(file, root), "utf8")).matchAll(declared)].map(([, name]) => name)
    if (names.length > 0) await import(new URL(file, root).href)
    for (const name of names) found.set(name, `src/${file}`)
  }
  return found
}

const row = ({ description, kind, labels, name }, last) => [
  code(name),
  kind.toLowerCase(),
  labels.length === 0 ? "—" : labels.map(code).join(", "),
  description,
  code(last)
]

const byName = (a, b) => a.name < b.name ? -1 : 1

export const metricsPage = async () => {
  const where = await places()
  return page([
    made("`src/Series.ts`, `src/api/AskedNames.ts`"),
    "# Metrics",
    "`GET /metrics`, in Prometheus' text format, for tokens with the scope `system:read`. Names that end in `_seconds` are in seconds, `_timestamp_seconds` in Unix seconds, `_bytes` in bytes; a histogram has `_bucket`, `_sum` and `_count`. How they are meant, with alerts and dashboards: [telemetry](../telemetry.md#metrics).",
    "## Families",
    table(
      ["metric", "type", "labels", "what it tells", "where"],
      families().toSorted(byName).map((family) => row(family, where.get(family.name)))
    ),
    "## Views",
    "The same numbers by the names that dashboards of other systems ask for. Nothing is counted for them: they are made when `/metrics` is read.",
    table(["metric", "type", "labels", "what it tells", "of"], views.toSorted(byName).map((view) => row(view, view.of)))
  ])
}
