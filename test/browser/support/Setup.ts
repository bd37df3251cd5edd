/** Vitest's global setup: the program, built once, and three daemons that all files share. */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { TestProject } from "vitest/node"
import { missing } from "./Chromium.ts"
import { configure, type Daemon, start } from "./Daemon.ts"
import { schedules } from "./prepared/Schedules.ts"

/** Who is visited: two months of the stand-in providers; what a test has put in the store; a first start. */
export interface Daemons {
  readonly demo: Daemon
  readonly prepared: Daemon
  readonly empty: Daemon
}

declare module "vitest" {
  interface ProvidedContext {
    readonly daemons: Daemons
  }
}

const run = promisify(execFile)
const root = fileURLToPath(new URL("../../..", import.meta.url))

const syncs = ["google_calendar", "spotify", "oura"].map((name) => `[sync.${name}]\ninterval_seconds = 86400`).join("\n\n")

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  if (missing !== undefined) {
    console.log(`SKIPPED: ${missing}`)
    return () => Promise.resolve()
  }
  // in a folder of its own: pages are loaded when they are first asked for, and other tests build, too
  const built = `node_modules/.cache/glider-browser-${process.pid}`
  const home = await mkdtemp(join(tmpdir(), "glider-browser-"))
  const clear = async () => {
    for (const folder of [join(root, built), home]) {
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    }
  }
  const at = (name: string) => join(home, name)
  const program = join(root, built, "Main.js")
  const begun: Array<() => Promise<void>> = []
  const begin = async (name: keyof Daemons, args: ReadonlyArray<string>, ready: RegExp): Promise<Daemon> => {
    const { daemon, end } = await start({ program, folder: at(name), args, ready })
    begun.push(end)
    return daemon
  }
  const end = async () => {
    await Promise.all(begun.map((stop) => stop()))
    await clear()
  }
  try {
    await run(process.execPath, ["scripts/build.mjs", built], { cwd: root })
    const served = /^Open \S+/m
    const prepared = async () => {
      await run(process.execPath, [join(import.meta.dirname, "prepared/Fill.ts"), at("prepared")], { cwd: root })
      const config = await configure(at("prepared"), `${syncs.replaceAll("= 86400", "= 86400\nenabled = false")}\n\n${schedules}`)
      return begin("prepared", ["--config", config], served)
    }
    const empty = async () => begin("empty", ["--config", await configure(at("empty"), syncs)], served)
    const [demo, ...others] = await Promise.all([begin("demo", ["--demo"], /^Glider is up/m), prepared(), empty()])
    provide("daemons", { demo, prepared: others[0], empty: others[1] })
  } catch (cause) {
    await end()
    throw cause
  }
  return end
}
