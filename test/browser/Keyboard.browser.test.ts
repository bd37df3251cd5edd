import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { at, diagnosed } from "./support/Ask.ts"
import { follow, tabTo } from "./support/Keyboard.ts"
import { api, daemonOf, it } from "./support/Web.ts"

/** Where the navigation leads. */
const go = (page: Page, name: string) =>
  follow(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }))

describe("with the keyboard alone", () => {
  it("a person connects an account", async ({ begin }) => {
    const { sandbox } = daemonOf("demo")
    const { daemon, open, page } = await begin("demo", { others: [sandbox, ...await callbacks()] })
    await api(daemon, "/connections/spotify", "DELETE")
    await open("/")
    await go(page, "Accounts")
    const card = page.getByRole("region", { name: "Spotify" })
    const badge = card.locator(".badge").first()
    await badge.getByText("disconnected").waitFor()
    await follow(page, page.getByRole("button", { name: "Connect Spotify" }))
    await tabTo(page, page.getByRole("link", { name: "Go to Spotify" }))
    await page.keyboard.press("Enter")
    // the stand-in agrees at once, and the page that receives its answer leads back
    await page.waitForURL(`${daemon.address}/accounts*`)
    await badge.getByText(/(?<!dis)connected/).waitFor()
  })

  it("a person sees a failed run, and retries it with another input", async ({ begin }) => {
    const { open, page } = await begin("demo")
    await diagnosed("demo", { key: "by keyboard", fail: true })
    await open("/")
    await go(page, "Runs")
    await tabTo(page, page.getByLabel("Status"))
    await page.keyboard.type("failed")
    await follow(page, page.getByRole("button", { name: "Show" }))
    await follow(page, page.getByRole("row").filter({ hasText: "diagnostics" }).first().getByRole("link").first())
    await page.getByText("it was asked to fail").first().waitFor()
    await tabTo(page, page.getByText("Retry with another input"))
    await page.keyboard.press("Enter")
    await tabTo(page, page.getByLabel("Input, as JSON"))
    await page.keyboard.press("Control+A")
    await page.keyboard.type(`{ "key": "by keyboard", "fail": false }`)
    await follow(page, page.getByRole("button", { name: "Retry with this input" }))
    await page.getByRole("main").getByText("completed").first().waitFor()
  })

  it("a person pauses a schedule with a note", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo")
    await open("/")
    await go(page, "Schedules")
    await follow(page, page.getByRole("link", { name: "google_calendar", exact: true }))
    await tabTo(page, page.getByLabel("Note"))
    await page.keyboard.type("until the new calendar is there")
    await follow(page, page.getByRole("button", { name: "Pause", exact: true }))
    await page.getByRole("status").getByText("The schedule is paused").waitFor()
    await page.getByText("until the new calendar is there").first().waitFor()
    assert.strictEqual(
      at(await api(daemon, "/schedules/google_calendar"), "pause", "note"),
      "until the new calendar is there"
    )
    await follow(page, page.getByRole("button", { name: "Resume" }))
    assert.isNull(at(await api(daemon, "/schedules/google_calendar"), "pause"))
  })

  it("a person finds last Tuesday's heart rate at 15:00, on the ribbon and in the table", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo")
    const tuesday = lastTuesday(String(at(await api(daemon, "/data/owner"), "today")))
    const answer = await api(daemon, `/data/heart-rate?from=${tuesday}&to=${tuesday}&resolution=300`)
    const points = Object(at(answer, "points"))
    const point = [...points].find((one: unknown) => clockInPrague(String(at(one, "at"))) === "15:00")
    const rate = Math.round(Number(at(point, "bpm")))
    await open("/")
    await go(page, "Week")
    if (new Date(`${at(await api(daemon, "/data/owner"), "today")}T12:00:00Z`).getUTCDay() < 3) {
      await page.keyboard.press("ArrowLeft")
    }
    await follow(page, page.locator(`a[href="/daily?day=${tuesday}"]`).first())
    const slider = page.getByRole("slider")
    await tabTo(page, slider)
    for (let hours = 12; hours < 15; hours++) await page.keyboard.press("PageDown")
    assert.strictEqual(await slider.getAttribute("aria-valuetext"), `15:00, ${rate} beats a minute`)
    await page.locator(".tip").getByText(`15:00, ${rate} beats a minute`).waitFor()
    await tabTo(page, page.getByText("Heart rate every five minutes, in beats a minute as a table"))
    await page.keyboard.press("Enter")
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "15:00" }) })
    assert.strictEqual(await row.getByRole("cell").first().textContent(), String(rate))
  })

  it("a person finds the most played artist of last month", async ({ begin }) => {
    const { daemon, open, page } = await begin("demo")
    const month = monthBefore(String(at(await api(daemon, "/data/owner"), "today")))
    const tops = await api(daemon, `/data/listening/tops?from=${month.from}&to=${month.to}&of=artists&by=plays&limit=1`)
    await open("/")
    await go(page, "Listening")
    await follow(page, page.getByRole("link", { name: "Last month" }))
    const first = page.getByRole("region", { name: /^Artists/ }).or(
      page.locator("section").filter({ hasText: /^Artists/ })
    )
      .getByRole("listitem").first()
    assert.include(await first.textContent(), String(at(tops, "tops", 0, "name")))
  })
})

/** Where the demo's own server receives answers of providers: on ports that its config names. */
const callbacks = async (): Promise<ReadonlyArray<string>> => {
  const { redirectUri } = Object(
    await api(daemonOf("demo"), "/connections/spotify/sign-in", "POST", { callback: false })
  )
  return [new URL(String(redirectUri)).origin]
}

const clockInPrague = (instant: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Prague", hour: "2-digit", minute: "2-digit" })
    .format(new Date(instant))

const day = (date: Date): string => date.toISOString().slice(0, 10)

const lastTuesday = (today: string): string => {
  const date = new Date(`${today}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 4) % 7 + 1))
  return day(date)
}

const monthBefore = (today: string): { readonly from: string; readonly to: string } => {
  const to = new Date(`${today.slice(0, 7)}-01T12:00:00Z`)
  to.setUTCDate(0)
  return { from: `${day(to).slice(0, 7)}-01`, to: day(to) }
}
