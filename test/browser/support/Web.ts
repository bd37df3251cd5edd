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
}

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  readonly daemon: Daemon
  /** Goes to the address of the server. */
  readonly open: (path: string) => Promise<void>
  /** What went wrong so far. */
  readonly problems: ReadonlyArray<string>
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

/** The daemons of the run. */
export const daemonOf = (name: Visited): Daemon => inject("daemons")[name]

/** Begins a visit; whoever begins it ends the context. */
export const visit = async (name: Visited, visiting: Visiting = {}): Promise<Visitor> => {
  const { expected: _expected, others: _others, signedIn = true, ...options } = visiting
  const daemon = daemonOf(name)
  const context = await (await browser()).newContext({ viewport: { width: 1440, height: 900 }, ...options })
  context.setDefaultTimeout(15_000)
  if (signedIn) await context.addCookies([{ ...daemon.cookie, url: daemon.address, httpOnly: true, sameSite: "Strict" }])
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

/** A test in the browser; skipped where there is none, for the reason that the setup tells. */
export const it = test.extend<Fixtures>({
  begin: async ({ task: _ }, use) => {
    const begun: Array<Visitor> = []
    await use(async (name, visiting) => {
      const visitor = await visit(name, visiting)
      begun.push(visitor)
      return visitor
    })
    for (const { context } of begun) await context.close()
    const problems = begun.flatMap((visitor) => visitor.problems)
    if (problems.length > 0) throw new Error(`in the browser:\n${problems.join("\n")}`)
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
