import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { diagnosed, runOf } from "./support/Ask.ts"
import { violations } from "./support/Axe.ts"
import { it, type Visitor } from "./support/Web.ts"

type Way = string | ((visitor: Visitor) => Promise<void>)

const path =
  (find: () => Promise<string>, more = (_page: Page): Promise<void> => Promise.resolve()): Way =>
  async ({ open, page }) => {
    await open(await find())
    await more(page)
  }

const run = (id: string): string => `/runs/${encodeURIComponent(id)}`

/** Presses the button, and is on another page then. */
const press = async (page: Page, name: string) => {
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name }).first().click()])
}

/** The pages and states of the demo, where all is well. */
const demo: { readonly [state: string]: Way } = {
  "the overview": "/",
  "a week": "/?week=-1",
  "a week with all hours": "/?week=-1&hours=all",
  "a day": "/daily?day=-1",
  "a day, enlarged": "/daily?day=-1&zoom=4",
  "a month": "/month",
  "a year": "/year",
  "listening": "/listening",
  "the body": "/body",
  "an empty search": "/search",
  "a search that finds something": "/search?text=r",
  "a search that finds nothing": "/search?text=xyzzy",
  "what is near": "/affinity",
  "the reports": "/reports",
  "runs": "/runs",
  "runs, searched wrongly": "/runs?query=workflow",
  "a completed run": path(async () => run(await runOf("demo", "workflow = oura and status = completed"))),
  "schedules": "/schedules",
  "a schedule": "/schedules/oura",
  "no dead letters": "/dead-letters?kind=record",
  "accounts": "/accounts",
  "an open event": async ({ open, page }) => {
    await open("/?week=-1")
    await page.locator("button.event").first().click()
    await page.locator(".pop:popover-open").waitFor()
  },
  "the tracks of a session": async ({ open, page }) => {
    await open("/?week=-1")
    await page.locator("button.session").first().click()
    await page.locator(".pop:popover-open").waitFor()
  },
  "the ribbon at a time": async ({ open, page }) => {
    await open("/daily?day=-1")
    await page.getByRole("slider").focus()
    await page.locator(".tip").waitFor()
  },
  "tables that are open": async ({ open, page }) => {
    await open("/year")
    for (const summary of await page.locator("details.data > summary").all()) await summary.click()
  },
  "a question before an account is disconnected": async ({ open, page }) => {
    await open("/accounts")
    await press(page, "Disconnect Oura")
  }
}

/** Those of a store where much went wrong. */
const prepared: { readonly [state: string]: Way } = {
  "an overview with things to mend": "/",
  "a week with a change of clocks": "/?week=2026-10-25",
  "a day with thirty events at once": async ({ open, page }) => {
    await open("/daily?day=2026-10-14")
    await page.locator("button.crowd").first().click()
  },
  "a failed run": path(async () => run(await runOf("prepared", "status = failed"))),
  "runs that failed": "/runs?status=failed",
  "dead letters": "/dead-letters",
  "one dead letter": "/dead-letters?letter=run%3Ahostile-3",
  "a question before letters are retried": async ({ open, page }) => {
    await open("/dead-letters")
    await press(page, "Retry all")
  },
  "songs that wait": async ({ open, page }) => {
    await open("/reviews")
    await page.getByRole("heading", { name: "Is this the song?" }).waitFor()
    assert.isAbove(await page.getByRole("button", { name: /^Add it/ }).count(), 10)
  },
  "imports, and streams that wait": async ({ open, page }) => {
    await open("/imports")
    await page.getByRole("heading", { name: "The same listening?" }).waitFor()
    assert.isAbove(await page.getByRole("button", { name: /^Two of them/ }).count(), 2)
  },
  "a paused schedule": "/schedules/note-003",
  "what a backfill would do": async ({ open, page }) => {
    await open("/schedules/note-004")
    await page.locator("#backfill-from").fill("2024-02-28T00:00")
    await page.locator("#backfill-to").fill("2024-03-01T00:00")
    await press(page, "See what would run")
    await page.locator("#backfill-preview").waitFor()
  },
  "accounts of which one needs a new sign-in": "/accounts"
}

const held = (daemon: "demo" | "prepared" | "empty", states: { readonly [state: string]: Way }, expected?: RegExp) => {
  for (const [state, way] of Object.entries(states)) {
    it(`axe finds nothing wrong with ${state}`, async ({ begin }) => {
      const visitor = await begin(daemon, { keeps: true, ...expected === undefined ? {} : { expected } })
      if (typeof way === "string") await visitor.open(way)
      else await way(visitor)
      assert.deepStrictEqual(await violations(visitor.page), [])
    })
  }
}

describe("accessible, where all is well", () => {
  held("demo", demo)
})

describe("accessible, where something is to be done", () => {
  held("prepared", prepared)
})

describe("accessible, at a first start", () => {
  held("empty", {
    "an overview without accounts": "/",
    "a week without records": "/?week=0",
    "a day without records": "/daily",
    "a year without records": "/year",
    "a month without records": "/month",
    "listening without plays": "/listening",
    "a body without records": "/body",
    "runs of which there are none": "/runs?status=parked",
    "no letters": "/dead-letters",
    "no songs that wait": "/reviews",
    "nothing imported": "/imports",
    "accounts, none connected": "/accounts"
  })
})

describe("accessible, where something is refused", () => {
  held("demo", {
    "a page that tells what is wrong": "/runs/no-such-run",
    "a retry with an input that is wrong": async ({ open, page }) => {
      await open(run(await diagnosed("demo", { key: "of axe", fail: true })))
      await page.getByText("Retry with another input").click()
      await page.getByLabel("Input, as JSON").fill("{ wrong")
      await press(page, "Retry with this input")
    },
    "an address that gives no calendar": async ({ open, page }) => {
      await open("/imports")
      await page.getByLabel("Address of the calendar").fill("ftp://calendar.example.org/")
      await press(page, "Read the calendar")
      await page.getByRole("alert").waitFor()
    }
  }, /status of 40[04]/)

  it("axe finds nothing wrong with the sign-in", async ({ begin }) => {
    const { open, page } = await begin("demo", { signedIn: false, expected: /status of 403/ })
    await open("/sign-in?next=/week")
    assert.deepStrictEqual(await violations(page), [])
    await open("/sign-in?code=wrong")
    await page.getByRole("alert").waitFor()
    assert.deepStrictEqual(await violations(page), [])
  })
})
