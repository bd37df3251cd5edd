// The reference in docs/reference, made of the code: `npm run reference` writes it; with --check it only compares.
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { cliPage } from "./reference/cli.mjs"
import { configPage } from "./reference/config.mjs"
import { errorsPage } from "./reference/errors.mjs"
import { metricsPage } from "./reference/metrics.mjs"

const folder = new URL("../docs/reference/", import.meta.url)
const pages = {
  "config.md": configPage(),
  "cli.md": await cliPage(),
  "metrics.md": await metricsPage(),
  "errors.md": errorsPage()
}

const stale = []
for (const [name, text] of Object.entries(pages)) {
  const file = new URL(name, folder)
  if (process.argv.includes("--check")) {
    if (await readFile(file, "utf8").catch(() => "") !== text) stale.push(name)
  } else {
    await mkdir(folder, { recursive: true })
    await writeFile(file, text)
  }
}
if (stale.length > 0) {
  process.stderr.write(`docs/reference is stale (${stale.join(", ")}): npm run reference\n`)
  process.exitCode = 1
}
