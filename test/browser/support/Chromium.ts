/** The browser: Debian's, not one that Playwright has downloaded. */
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

/** Where it is. */
export const executable = process.env["CHROMIUM"] ?? "/usr/bin/chromium"

/** Why there is none; undefined when there is one. */
export const missing = existsSync(executable)
  ? undefined
  : `there is no Chromium at ${executable}: apt-get install chromium, or name one in CHROMIUM`

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic"
]

/** A browser of one's own, for those that need flags of their own. */
export const launch = (...more: ReadonlyArray<string>): Promise<Browser> =>
  chromium.launch({ executablePath: executable, args: [...flags, ...more] })

/** One process for all pages, which starting one for each would take as long as showing it: for tests that visit the product alone. */
const together = [
  "--process-per-site",
  "--disable-site-isolation-trials",
  "--disable-features=IsolateOrigins,site-per-process,BackForwardCache,RenderDocument,ProactivelySwapBrowsingInstance,PaintHolding"
]

let shared: Promise<Browser> | undefined

/** The browser of this process, which ends with it. */
export const browser = (): Promise<Browser> => shared ??= launch(...together)
