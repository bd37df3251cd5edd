/** The daemons that are visited, with the program built once for all of them. */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { configure, type Daemon, start } from "./Daemon.ts"
import { schedules } from "./prepared/Schedules.ts"

/** Two months of the stand-in providers; what a test has put in the store; a first start; ten years. */
export type Name = "demo" | "prepared" | "empty" | "decade"

export type Daemons = { readonly [N in Name]?: Daemon }

const run = promisify(execFile)
const root = fileURLToPath(new URL("../../..", import.meta.url))

const syncs = (isEnabled: boolean): string =>
  ["google_calendar", "spotify", "oura"].map((name) =>
    `[sync.${name}]\ninterval_seconds = 86400\nenabled = ${isEnabled}`
  ).join("\n\n")

const nightly = "[schedule.nightly]\nworkflow = \"diagnostics\"\ninput = { key = \"nightly\" }\ncron = \"0 2 * * *\""

/** Starts those. What it gives beside them ends them all. */
export const daemons = async (names: ReadonlyArray<Name>): Promise<Daemons & { readonly end: () => Promise<void> }> => {
  // in a folder of its own: pages are loaded when they are first asked for, and other tests build, too
  const built = `node_modules/.cache/glider-browser-${process.pid}`
  const home = await mkdtemp(join(tmpdir(), "glider-browser-"))
  const program = join(root, built, "Main.js")
  const ends: Array<() => Promise<void>> = []
  const end = async () => {
    await Promise.all(ends.map((stop) => stop()))
    for (const folder of [join(root, built), home]) {
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    }
  }
  const begin = async (name: Name): Promise<readonly [Name, Daemon]> => {
    const folder = join(home, name)
    if (name === "prepared" || name === "decade") {
      const fill = name === "prepared" ? "Fill.ts" : "FillDecade.ts"
      await run(process.execPath, [join(import.meta.dirname, "prepared", fill), folder], { cwd: root })
    }
    const args = name === "demo"
      ? ["--demo"]
      : [
        "--config",
        await configure(folder, `${syncs(name === "empty")}\n\n${name === "prepared" ? schedules : nightly}`)
      ]
    const ready = name === "demo" ? /^Glider is up/m : /^Open \S+/m
    const { daemon, end: stop } = await start({ program, folder, args, ready })
    ends.push(stop)
    return [name, daemon]
  }
  try {
    await run(process.execPath, ["scripts/build.mjs", built], { cwd: root })
    // as in a release: Node would otherwise read each file twice to learn which kind it is
    await writeFile(join(root, built, "package.json"), `{ "type": "module" }`)
    const begun = await Promise.allSettled(names.map(begin))
    const failed = begun.find((one) => one.status === "rejected")
    if (failed !== undefined) throw failed.reason
    return { ...Object.fromEntries(begun.flatMap((one) => one.status === "fulfilled" ? [one.value] : [])), end }
  } catch (cause) {
    await end()
    throw cause
  }
}
