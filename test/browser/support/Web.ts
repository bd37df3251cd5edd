/** A browser that has signed in, and that lets nothing pass: what goes wrong in a page fails the test. */
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import { inject, test } from "vitest"
import { browser, missing } from "./Chromium.ts"
import type { Daemon } from "./Daemon.ts"
import type { Visited } from "./Setup.ts"

export interface Visiting extends BrowserContextOptions {
  /** Whether the browser is signed in, as it is otherwise. */
  readonly signedIn?: boolean
  /** What the console may say: a page with an error's status is told there, too. */
  readonly expected?: RegExp
  /** Other servers that may be asked. */
  readonly others?: ReadonlyArray<string>
  /** Whether the page is that of the tests before, which is faster: for those that only look. */
  readonly keeps?: boolean
}

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  readonly daemon: Daemon
  /** Goes to the address of the server. */
  readonly open: (path: string) => Promise<void>
  /** What went wrong so far. */
  readonly problems: Array<string>
}

/** Violations of the policy are told in the console as well, but not those of a page that is being left. */
const tellViolations = (): void => {
  document.addEventListener("securitypolicyviolation", ({ blockedURI, violatedDirective }) => {
    console.error(`CSP: ${violatedDirective} ${blockedURI}`)
  })
}

const watch = (page: Page, address: string, { expected, others = [] }: Visiting, problems: Array<string>): void => {
  const note = (text: string) => problems.push(`${new URL(page.url(), address).pathname}: ${text}`)
  page.on("console", (message) => {
    if (message.type() === "error" && expected?.test(message.text()) !== true) note(message.text())
  })
  page.on("pageerror", (error) => note(`${error}`))
  page.on("dialog", (dialog) => {
    note(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== "data:" && origin !== address && !others.includes(origin)) note(`asked ${request.url()}`)
  })
}

const window = { width: 1440, height: 900 }

/** The daemons of the run. */
export const daemonOf = (name: Visited): Daemon => inject("daemons")[name]

/** Begins a visit; whoever begins it ends the context. */
export const visit = async (name: Visited, visiting: Visiting = {}): Promise<Visitor> => {
  const { expected: _expected, keeps: _keeps, others: _others, signedIn = true, ...options } = visiting
  const daemon = daemonOf(name)
  const context = await (await browser()).newContext({ viewport: window, ...options })
  context.setDefaultTimeout(15_000)
  if (signedIn) {
    await context.addCookies([{ ...daemon.cookie, url: daemon.address, httpOnly: true, sameSite: "Strict" }])
  }
  if (options.javaScriptEnabled !== false) await context.addInitScript(tellViolations)
  const problems: Array<string> = []
  context.on("page", (page) => watch(page, daemon.address, visiting, problems))
  const page = await context.newPage()
  const open = async (path: string) => {
    await page.goto(`${daemon.address}${path}`)
  }
  return { page, context, daemon, open, problems }
}

interface Fixtures {
  /** Begins visits that end with the test, which fails when anything went wrong in them. */
  readonly begin: (name: Visited, visiting?: Visiting) => Promise<Visitor>
}

const kept = new Map<string, Promise<Visitor>>()

/** The visit of the tests before this one, as if it had just begun; of the first of them, a new one. */
const keptVisit = async (name: Visited, visiting: Visiting): Promise<Visitor> => {
  const key = `${name} ${JSON.stringify(visiting)} ${visiting.expected}`
  const begun = kept.get(key) ?? visit(name, visiting)
  kept.set(key, begun)
  const visitor = await begun
  await visitor.page.setViewportSize(visiting.viewport ?? window)
  await visitor.page.emulateMedia({ colorScheme: "light" })
  visitor.problems.length = 0
  return visitor
}

/** A test in the browser; skipped where there is none, for the reason that the setup tells. */
export const it = test.extend<Fixtures>({
  begin: async ({ task }, use) => {
    const begun: Array<Visitor> = []
    const ends: Array<() => Promise<void>> = []
    await use(async (name, visiting = {}) => {
      const visitor = await (visiting.keeps === true ? keptVisit(name, visiting) : visit(name, visiting))
      if (visiting.keeps !== true) ends.push(() => visitor.context.close())
      begun.push(visitor)
      return visitor
    })
    for (const end of ends) await end()
    const problems = begun.flatMap((visitor) => visitor.problems)
    if (problems.length > 0) throw new Error(`in the browser, while ${task.name}:\n${problems.join("\n")}`)
  }
}).skipIf(missing !== undefined)

/** Asks the API as the command line does. */
export const api = async (daemon: Daemon, path: string, method = "GET", body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${daemon.address}/api/v0${path}`, {
    method,
    headers: {
      authorization: `Bearer ${daemon.token}`,
      ...body === undefined ? {} : { "content-type": "application/json" }
    },
    ...body === undefined ? {} : { body: JSON.stringify(body) }
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === "" ? undefined : JSON.parse(text)
}
