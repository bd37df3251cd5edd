import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { at } from "./support/Ask.ts"
import type { Daemon } from "./support/Daemon.ts"
import { api, it } from "./support/Web.ts"

/** Starts the diagnostics somewhere else, and gives the id of the run. */
const begun = async (daemon: Daemon, input: Record<string, unknown>): Promise<string> =>
  String(at(await api(daemon, "/workflows/diagnostics/runs", "POST", { input }), "id"))

const rowOf = (page: Page, id: string) => page.locator(`#runs a[href="/runs/${encodeURIComponent(id)}"]`).first()

/** A page that is loaded anew has no such mark. */
const mark = (page: Page, selector = "body") =>
  page.locator(selector).evaluate((element) => element.setAttribute("data-mark", ""))

const isMarked = async (page: Page, selector = "body") =>
  await page.locator(selector).getAttribute("data-mark") !== null

const isStream = (url: string): boolean => url.includes("/api/v0/events/")

describe("what changes by itself", () => {
  it("is in every tab over one stream of events, which another tab takes over", async ({ begin }) => {
    const { context, daemon, open, page } = await begin("demo")
    const streams: Array<string> = []
    context.on("request", (request) => {
      if (isStream(request.url())) streams.push(request.url())
    })
    const asked = page.waitForRequest((request) => isStream(request.url()))
    await open("/runs")
    await asked
    const other = await context.newPage()
    await other.goto(`${daemon.address}/runs`)
    for (const tab of [page, other]) await mark(tab)
    const first = await begun(daemon, { key: "seen in both" })
    for (const tab of [page, other]) {
      await rowOf(tab, first).waitFor()
      assert.isTrue(await isMarked(tab), "loaded anew")
    }
    assert.deepStrictEqual(streams, [`${daemon.address}/api/v0/events/runs`])
    const taken = other.waitForRequest((request) => isStream(request.url()))
    await page.close()
    await taken
    const second = await begun(daemon, { key: "seen in the one that is left" })
    await rowOf(other, second).waitFor()
    assert.lengthOf(streams, 2)
  })

  it("is read every ten seconds where no events arrive", async ({ begin }) => {
    const { context, daemon, open, page } = await begin("demo", { expected: /ERR_FAILED/ })
    await context.route("**/api/v0/events/**", (route) => route.abort())
    await open("/runs")
    await mark(page)
    const id = await begun(daemon, { key: "seen without events" })
    await rowOf(page, id).waitFor({ timeout: 30_000 })
    assert.isTrue(await isMarked(page), "loaded anew")
  })

  it("waits while a box is open", async ({ begin }) => {
    const { daemon, open, page } = await begin("prepared")
    const asked = page.waitForRequest((request) => isStream(request.url()))
    await open("/daily?day=2026-10-22")
    await asked
    const read = () => page.waitForResponse((answer) => answer.url() === page.url())
    await page.locator("button.event", { hasText: "Before six" }).click()
    await mark(page, "#day-page")
    const first = read()
    await begun(daemon, { key: "while a box is open" })
    await (await first).finished()
    assert.isTrue(await page.locator(".pop:popover-open", { hasText: "03:00" }).isVisible())
    assert.isTrue(await isMarked(page, "#day-page"))
    await page.keyboard.press("Escape")
    await begun(daemon, { key: "after it was closed" })
    await page.locator("#day-page:not([data-mark])").waitFor()
  })

  it("leaves what was typed, and changes what is around it", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo")
    const asked = page.waitForRequest((request) => isStream(request.url()))
    await open("/schedules/oura")
    await asked
    const note = page.getByLabel("Note")
    await note.fill("half a sentence")
    await page.getByRole("heading", { level: 1 }).click()
    try {
      await api(daemon, "/schedules/oura/pause", "POST", { note: "from elsewhere" })
      await page.getByRole("button", { name: "Resume" }).waitFor()
      assert.strictEqual(await note.inputValue(), "half a sentence")
      await note.fill("")
      await page.getByRole("heading", { level: 1 }).click()
      await api(daemon, "/schedules/oura/pause", "POST", { note: "once more" })
      await page.getByRole("heading", { name: "The pause" }).waitFor()
      assert.strictEqual(await note.inputValue(), "once more")
    } finally {
      await api(daemon, "/schedules/oura/resume", "POST", {})
    }
    await page.getByRole("heading", { name: "Pause", exact: true }).waitFor()
    assert.strictEqual(await note.inputValue(), "")
  })
})

describe("a run that is watched to its end", () => {
  it("can be retried with another input as soon as it has failed", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo")
    const id = await begun(daemon, { key: "watched", pauseSeconds: 6, fail: true })
    await open(`/runs/${encodeURIComponent(id)}`)
    const form = page.getByText("Retry with another input")
    assert.strictEqual(await form.count(), 0, "it is over before it was looked at")
    await mark(page)
    await form.click()
    assert.include(await page.getByLabel("Input, as JSON").inputValue(), "\"pauseSeconds\": 6")
    await page.getByRole("button", { name: "Retry", exact: true }).waitFor()
    assert.isTrue(await isMarked(page), "loaded anew")
  })
})
