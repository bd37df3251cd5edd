// Lints the OpenAPI document of the API: `npm run openapi`, after `npm run tools`. With --print it only prints the document.
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const { document } = await import("../src/api/Document.ts")
const text = JSON.stringify(document, undefined, 2)

if (process.argv.includes("--print")) {
  console.log(text)
} else {
  const folder = mkdtempSync(join(tmpdir(), "glider-openapi-"))
  const file = join(folder, "openapi.json")
  writeFileSync(file, text)
  const redocly = fileURLToPath(new URL("../tools/node_modules/.bin/redocly", import.meta.url))
  // JSON that may be anything is {} beside null in the generated schemas
  const skipped = ["--skip-rule", "no-illogical-composition-keywords"]
  const { status } = spawnSync(process.execPath, [redocly, "lint", "--extends", "recommended", ...skipped, file], {
    stdio: "inherit",
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" }
  })
  rmSync(folder, { recursive: true })
  process.exitCode = status ?? 1
}
