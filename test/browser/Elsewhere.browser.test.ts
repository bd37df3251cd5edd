import { createServer, type Server } from "node:http"
import type { Browser, Page, Response } from "playwright-core"
import { afterAll, assert, beforeAll, describe } from "vitest"
import { attempts, type Site } from "./support/Attempts.ts"
import { launch, missing } from "./support/Chromium.ts"
import { api, daemonOf, it } from "./support/Web.ts"

/** A page of somebody else; its text is given by each test. */
let server: Server
let html = ""
let rebound: Browser

const port = (): number => {
  const address = server.address()
  return address !== null && typeof address === "object" ? address.port : 0
}

beforeAll(async () => {
  if (missing !== undefined) return
  server = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8")
    response.end(`<!DOCTYPE html><title>Elsewhere</title>${html}`)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  rebound = await launch(
    "--host-resolver-rules=MAP evil.example 127.0.0.1",
    // Chromium's own guard of local addresses is newer than many browsers: here the server has to refuse
    "--disable-features=LocalNetworkAccessChecks"
  )
})

afterAll(async () => {
  if (missing !== undefined) return
  await rebound.close()
  await new Promise((resolve) => server.close(resolve))
})

/** What a page from elsewhere must not change. */
const state = async (): Promise<string> => {
  const daemon = daemonOf("prepared")
  const { sessions } = Object(await api(daemon, "/sessions"))
  return JSON.stringify([
    await api(daemon, "/schedules/note-001"),
    await api(daemon, "/dead-letters?limit=1"),
    // others are begun meanwhile, by tests beside this one
    await api(daemon, `/runs?limit=1&query=${encodeURIComponent("schedule = note-001")}`),
    Object(sessions).length
  ])
}

describe("a name that was rebound to this machine", () => {
  it("is answered 421 on pages, API, events, metrics, sign-in and what providers answer", async () => {
    const { address, cookie } = daemonOf("prepared")
    const { port } = new URL(address)
    const context = await rebound.newContext()
    const base = `http://evil.example:${port}`
    await context.addCookies([{ ...cookie, url: base, httpOnly: true, sameSite: "Strict" }])
    const page = await context.newPage()
    for (
      const path of [
        "/",
        "/?week=0",
        "/runs",
        "/api/v0/status",
        "/api/v0/events/runs",
        "/metrics",
        "/sign-in?code=x",
        "/callback?code=x&state=y",
        "/openapi.json",
        "/docs",
        "/assets/x.js",
        "/livez"
      ]
    ) {
      const answer = await page.goto(`${base}${path}`)
      assert.strictEqual(answer?.status(), 421, path)
      assert.notInclude(await page.content(), "note-001")
    }
    // a script of that name is of the same origin, for the browser
    const seen = await page.evaluate(async () => {
      const read = await fetch("/api/v0/runs", { credentials: "include" })
      const sent = await fetch("/api/v0/schedules/note-001/pause", {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" }
      })
      return [read.status, sent.status]
    })
    assert.deepStrictEqual(seen, [421, 421])
    await context.close()
  })
})

describe("a page from elsewhere", () => {
  const sites: ReadonlyArray<Site> = ["evil.example", "127.0.0.1", "localhost"]
  for (const site of sites) {
    it(`changes nothing and learns nothing from ${site}`, async () => {
      const { address, cookie } = daemonOf("prepared")
      const context = await rebound.newContext()
      context.setDefaultTimeout(10_000)
      await context.addCookies([{ ...cookie, url: address, httpOnly: true, sameSite: "Strict" }])
      const before = await state()
      // one page after the other: what the last of them opens ends with the context
      const page = await context.newPage()
      for (const { isTold, name, page: text, refused, settled } of attempts(address)) {
        const answers: Array<Response> = []
        const blocked: Array<string> = []
        context.on("response", (answer) => {
          if (answer.url().startsWith(address)) answers.push(answer)
        })
        context.on("requestfailed", (request) => blocked.push(request.failure()?.errorText ?? ""))
        html = text
        await page.goto(`http://${site}:${port()}/`)
        await page.waitForFunction(() => document.title === "done", undefined, { polling: 50 })
        const told = await learned(page)
        assert.strictEqual(told, settled, `${name} from ${site}`)
        for (const answer of answers) {
          assert.isTrue(refused(answer.status()), `${name}: ${answer.status()} ${answer.url()}`)
        }
        if (isTold) assert.match(blocked.join(), /ERR_BLOCKED_BY_RESPONSE|ERR_FAILED/, `${name} from ${site}`)
        context.removeAllListeners("response")
        context.removeAllListeners("requestfailed")
      }
      assert.strictEqual(await state(), before)
      await context.close()
    })
  }
})

/** What the page's script has found out. */
const learned = (page: Page): Promise<string | null> => page.evaluate(() => document.body.dataset["told"] ?? null)
