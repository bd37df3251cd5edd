import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { hostileStrings } from "./support/HostileStrings.ts"
import { notes } from "./support/prepared/Schedules.ts"
import { api, daemonOf, it, type Visitor } from "./support/Web.ts"

declare global {
  // oxlint-disable-next-line no-var -- what the texts would set
  var __ran: unknown
}

/** What the page has come to, with all of its boxes and tables open, one after the other. */
const looked = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(async () => {
    const found: Array<string> = []
    // what is drawn by a script follows the window's width a frame later
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    const hold = (what: string) => {
      if (document.documentElement.scrollWidth > innerWidth) {
        found.push(`${what}: ${document.documentElement.scrollWidth} pixels wide in a window of ${innerWidth}`)
      }
    }
    hold("the page")
    for (const box of document.querySelectorAll<HTMLElement>("[popover]")) {
      box.showPopover()
      const { right, width } = box.getBoundingClientRect()
      if (width === 0 || right > innerWidth + 1) found.push(`the box ${box.id} ends at ${right} of ${innerWidth}`)
      if (box.scrollWidth > box.clientWidth + 1) found.push(`the box ${box.id} is wider inside than it is`)
      box.hidePopover()
    }
    for (const part of document.querySelectorAll("details")) part.open = true
    hold("with all that can be opened, the page")
    if (globalThis.__ran !== undefined) found.push("a script has run")
    if (document.querySelector("[onerror], [onload], main script, base, main style, iframe, object, embed") !== null) {
      found.push("a text has become an element")
    }
    return found
  })

/** Reads the page at both widths. */
const read = async ({ open, page }: Visitor, path: string): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  await open(path)
  for (const width of [1440, 375]) {
    await page.setViewportSize({ width, height: 900 })
    found.push(...(await looked(page)).map((text) => `${path} at ${width}: ${text}`))
  }
  return found
}

/** The places where the texts are shown. */
const views: { readonly [name: string]: ReadonlyArray<string> } = {
  "the overview": ["/"],
  "weeks": ["/?week=2026-11-02", "/?week=2026-11-02&hours=all"],
  "days": ["02", "03", "04", "05", "08"].map((day) => `/daily?day=2026-11-${day}`),
  "a month and a year": ["/month?month=2026-11", "/year?year=2026&of=events"],
  "listening": ["plays", "minutes"].map((by) => `/listening?from=2026-11-01&to=2026-11-30&by=${by}`),
  "the body": ["/body?from=2026-11-01&to=2026-11-30"],
  "lists of runs": ["/runs", "/runs?status=failed"],
  "dead letters": ["/dead-letters", "/dead-letters?kind=record"],
  "songs that wait": ["/reviews"],
  "imports": ["/imports"],
  "accounts and sign-ins": ["/accounts"],
  "lists of schedules": ["/schedules"]
}

describe("texts that would do harm", () => {
  for (const [name, paths] of Object.entries(views)) {
    it(`stay texts in ${name}`, async ({ begin }) => {
      const visitor = await begin("prepared", { keeps: true })
      const found: Array<string> = []
      for (const path of paths) found.push(...await read(visitor, path))
      assert.deepStrictEqual(found, [])
    })
  }

  it("stay texts as the names of what is found, and as what is looked for", async ({ begin }) => {
    const visitor = await begin("prepared", { keeps: true })
    const found: Array<string> = []
    for (const word of ["script", "window", "onerror", "evil"]) {
      found.push(...await read(visitor, `/search?text=${word}`))
    }
    for (const text of hostileStrings.filter((_, index) => index % 9 === 0)) {
      found.push(...await read(visitor, `/search?text=${encodeURIComponent(text.slice(0, 200))}`))
    }
    assert.deepStrictEqual(found, [])
  })

  it("stay texts as errors, inputs and steps of a run, and in its letter", async ({ begin }) => {
    const visitor = await begin("prepared", { keeps: true })
    const found: Array<string> = []
    for (const index of sample(hostileStrings.length)) {
      found.push(...await read(visitor, `/runs/hostile-${index}`))
      found.push(...await read(visitor, `/dead-letters?letter=${encodeURIComponent(`run:hostile-${index}`)}`))
    }
    assert.deepStrictEqual(found, [])
  })

  it("stay texts as the notes of pauses", async ({ begin }) => {
    const visitor = await begin("prepared", { keeps: true })
    const daemon = daemonOf("prepared")
    await Promise.all(notes.map(({ id, note }) => api(daemon, `/schedules/${id}/pause`, "POST", { note })))
    const found: Array<string> = []
    for (let after = ""; found.length < 20;) {
      found.push(...await read(visitor, `/schedules${after}`))
      const next = await visitor.page.getByRole("link", { name: "More" }).getAttribute("href", { timeout: 1000 })
        .catch(() => null)
      if (next === null) break
      after = next.slice("/schedules".length)
    }
    for (const index of sample(notes.length)) found.push(...await read(visitor, `/schedules/${notes[index]?.id}`))
    assert.deepStrictEqual(found, [])
  })

  it("stay texts in the address, whatever the page makes of it", async ({ begin }) => {
    const visitor = await begin("prepared", { keeps: true, expected: /status of 4\d\d/ })
    const found: Array<string> = []
    const addresses = [
      "/runs?query=",
      "/runs?status=",
      "/schedules?text=",
      "/?week=",
      "/daily?day=",
      "/daily?zoom=",
      "/listening?range=",
      "/month?month=",
      "/year?of=",
      "/accounts?done=",
      "/dead-letters?kind=",
      "/sign-in?next=",
      "/runs/",
      "/schedules/"
    ]
    for (const [index, address] of addresses.entries()) {
      for (const at of [index, index + 70]) {
        found.push(...await read(visitor, `${address}${encodeURIComponent(hostileStrings[at] ?? "")}`))
      }
    }
    assert.deepStrictEqual(found, [])
  })
})

/** Of so many one in nine: pages that are made alike, of which each shows a text of its own. */
const sample = (count: number): ReadonlyArray<number> => Array.from({ length: Math.ceil(count / 9) }, (_, at) => at * 9)
