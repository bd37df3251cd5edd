import { assert, describe } from "vitest"
import { at, diagnosed } from "./support/Ask.ts"
import { link } from "./support/Daemon.ts"
import { api, daemonOf, it } from "./support/Web.ts"

const plain = { javaScriptEnabled: false } as const

describe("without JavaScript", () => {
  it("a browser signs in by a link that is pasted, and out", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo", { ...plain, signedIn: false })
    await open("/schedules")
    await page.getByLabel("Link or code").fill(await link(daemon))
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.waitForURL(`${daemon.address}/schedules`)
    await page.getByRole("heading", { level: 1, name: "Schedules" }).waitFor()
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByRole("heading", { name: "Sign in to Glider" }).waitFor()
    await open("/runs")
    await page.getByRole("heading", { name: "Sign in to Glider" }).waitFor()
  })

  it("the overview says how things are, and the week shows the days with their events and tables", async ({ begin }) => {
    const { open, page } = await begin("demo", plain)
    await open("/")
    await page.locator("h1.state").waitFor()
    for (const name of ["Google", "Spotify", "Oura"]) {
      await page.getByRole("heading", { name }).first().waitFor()
    }
    await open("/?week=-1")
    assert.strictEqual(await page.locator(".week section.day").count(), 7)
    assert.isAbove(await page.locator("button.event").count(), 5)
    await page.locator("button.event").first().click() // popovers need no script
    await page.locator(".pop:popover-open").waitFor()
    await page.keyboard.press("Escape")
    await page.getByText("as a table").first().click()
    await page.getByRole("rowheader", { name: "15:00" }).waitFor()
  })

  it("a schedule is paused with a note, and resumed", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo", plain)
    await open("/schedules/oura")
    await page.getByLabel("Note").fill("without a script")
    await page.getByRole("button", { name: "Pause", exact: true }).click()
    await page.getByText("The schedule is paused").waitFor()
    assert.strictEqual(at(await api(daemon, "/schedules/oura"), "pause", "note"), "without a script")
    await page.getByRole("button", { name: "Resume" }).click()
    await page.getByText("The schedule is resumed").waitFor()
    assert.isNull(at(await api(daemon, "/schedules/oura"), "pause"))
  })

  it("a failed run is retried, and its letter is dropped", async ({ begin }) => {
    const failed = await diagnosed("demo", { key: "without a script", fail: true })
    const { open, page } = await begin("demo", plain)
    await open(`/runs/${encodeURIComponent(failed)}`)
    await page.getByText("it was asked to fail").first().waitFor()
    await page.getByText("Retry with another input").click()
    await page.getByLabel("Input, as JSON").fill(`{ "key": "without a script, again" }`)
    await page.getByRole("button", { name: "Retry with this input" }).click()
    const again = decodeURIComponent(new URL(page.url()).pathname.slice("/runs/".length))
    assert.notStrictEqual(again, failed)
    assert.strictEqual(at(await api(daemonOf("demo"), `/runs/${encodeURIComponent(again)}`), "original"), failed)
  })
})
