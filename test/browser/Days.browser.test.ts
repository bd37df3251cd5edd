import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { it } from "./support/Web.ts"

const classOf = (page: Page, title: RegExp): Promise<ReadonlyArray<string>> =>
  page.locator("button.event:visible", { hasText: title }).evaluateAll((all) => all.map(({ className }) => className))

/** The box of an event, in the page's pixels. */
const boxOf = async (page: Page, title: string) => {
  const box = await page.locator("button.event", { hasText: title }).first().boundingBox()
  if (box === null) throw new Error(`${title} is not to be seen`)
  return box
}

describe("the week", () => {
  it("is of seven days from Monday on, with the week before, today and the week after", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25")
    const days = await page.locator("section.day").evaluateAll((all) =>
      all.map((day) => day.getAttribute("aria-label"))
    )
    assert.lengthOf(days, 7)
    assert.match(days[0] ?? "", /^Monday,? 19 October/)
    assert.match(days[6] ?? "", /^Sunday,? 25 October/)
    await page.getByRole("link", { name: "← Earlier" }).click()
    await page.getByRole("heading", { level: 1, name: "Week 42" }).waitFor()
    await page.getByRole("link", { name: "Later →" }).click()
    await page.getByRole("heading", { level: 1, name: "Week 43" }).waitFor()
    await page.getByRole("link", { name: "Today", exact: true }).click()
    await page.locator("section.day.today").waitFor()
    await page.locator("g.now line").waitFor({ state: "attached" })
    assert.strictEqual(await page.locator("g.now").count(), 1)
  })

  it("shows whole days above the hours, also those of several days", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25")
    assert.strictEqual(await page.locator(".whole-days button", { hasText: "Trip to Brno" }).count(), 3)
    const [whole, timed] = [await boxOf(page, "A day of one's own"), await boxOf(page, "One of three")]
    assert.isBelow(whole.y + whole.height, timed.y)
  })

  it("colours events by Google's eleven colours, others by their own, and a series alike", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25&hours=all")
    const looks = new Set<string>()
    for (let colour = 1; colour <= 11; colour++) {
      const title = page.getByText(`Colour ${colour}`, { exact: true })
      const event = page.locator("button.event", { has: title })
      assert.include(await event.getAttribute("class"), `google${colour}`)
      looks.add(
        await event.evaluate((event) => {
          const { backgroundColor, borderLeftColor } = getComputedStyle(event)
          return `${backgroundColor} ${borderLeftColor}`
        })
      )
    }
    assert.strictEqual(looks.size, 11)
    for (const title of [/^Of no colour/, /^Of colour 99/]) assert.match((await classOf(page, title)).join(), /\bown\d/)
    const yoga = await classOf(page, /^Yoga/)
    assert.lengthOf(yoga, 3)
    assert.strictEqual(new Set(yoga).size, 1)
  })

  it("names what has no title, and says where it is", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25")
    const event = page.locator("button.event", { hasText: "(No title)" })
    assert.include(await event.textContent(), "Café Louvre, Praha")
    await event.click()
    await page.locator(".pop:popover-open", { hasText: "Café Louvre, Praha" }).waitFor()
  })

  it("puts three events that overlap side by side", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25")
    const boxes = [
      await boxOf(page, "One of three"),
      await boxOf(page, "Two of three"),
      await boxOf(page, "Three of three")
    ]
    for (const [index, box] of boxes.entries()) {
      assert.isAbove(box.width, 12)
      for (const other of boxes.slice(index + 1)) {
        const meets = box.x < other.x + other.width - 1 && other.x < box.x + box.width - 1 &&
          box.y < other.y + other.height - 1 && other.y < box.y + box.height - 1
        assert.isFalse(meets, JSON.stringify([box, other]))
      }
    }
  })

  it("tells the hour that the clocks show twice, and the one they skip", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/?week=2026-10-25&hours=all")
    await page.getByText("Clocks back: 03:00 → 02:00").waitFor()
    const [one, other] = [await boxOf(page, "In the first pass"), await boxOf(page, "In the second pass")]
    assert.closeTo(one.y, other.y, 1)
    assert.notStrictEqual(one.x, other.x)
    await open("/?week=2026-03-29&hours=all")
    await page.getByText("Clocks forward: 02:00 → 03:00").waitFor()
    assert.closeTo((await boxOf(page, "Over the hour that is skipped")).height, 2 * 48, 2)
  })
})

describe("the day", () => {
  it("has hours before six and after ten in the evening", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/daily?day=2026-10-22")
    await page.locator("button.event", { hasText: "Before six" }).click()
    await page.locator(".pop:popover-open", { hasText: "03:00" }).waitFor()
    await page.keyboard.press("Escape")
    assert.strictEqual(await page.locator("button.event", { hasText: "Over midnight" }).count(), 1)
    await open("/daily?day=2026-10-21")
    assert.strictEqual(await page.locator("button.event", { hasText: "Over midnight" }).count(), 1)
  })

  it("shows thirty events at once: as many as there is room for, and the others in a list", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/daily?day=2026-10-14")
    const shown = await page.locator("button.event:not(.crowd)").count()
    const crowd = page.locator("button.crowd").first()
    assert.strictEqual(shown + Number(/\d+/.exec(await crowd.textContent() ?? "")?.[0]), 30)
    await crowd.click()
    const listed = page.locator(".pop:popover-open li")
    await listed.first().waitFor()
    assert.strictEqual(await listed.count(), 30 - shown)
  })

  it("joins plays with at most ten minutes between them, names the track at the pointer, and lists them", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/daily?day=2026-10-22")
    const sessions = page.locator("button.session")
    assert.strictEqual(await sessions.count(), 2)
    assert.include(await sessions.first().getAttribute("aria-label"), "3 plays, 9 min")
    await sessions.first().hover({ position: { x: 5, y: 4 } })
    await page.locator(".tip", { hasText: /Teardrop|Roads/ }).waitFor()
    await sessions.first().click()
    const box = page.locator(".pop:popover-open")
    await box.getByText("3 plays, 9 min").waitFor()
    assert.deepStrictEqual(
      await box.locator("li span:nth-child(2)").allTextContents(),
      ["Teardrop – Massive Attack", "Roads – Portishead", "Says – Nils Frahm"]
    )
  })

  it("shows heart rates from 50 to 150 in eleven shades, and what was measured within 15 minutes", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/daily?day=2026-10-22")
    const shades = await page.locator("g.heart path").evaluateAll((all) => all.map((one) => getComputedStyle(one).fill))
    assert.strictEqual(new Set(shades).size, 11)
    const slider = page.getByRole("slider")
    const at = (minutes: number) => minutes / 60 * 48
    const strips = page.locator("svg.strips")
    const x = Number((await strips.getAttribute("data-heart"))?.split(" ")[0]) + 5
    const hovered = async (minutes: number) => {
      await page.mouse.move(0, 0)
      await strips.hover({ position: { x, y: at(minutes) } })
      await page.locator(".tip:not([hidden])").waitFor()
      return page.locator(".tip").textContent()
    }
    assert.match(await hovered(10 * 60 + 1) ?? "", /^10:00, 50 beats/)
    assert.match(await hovered(14 * 60 + 12) ?? "", /^14:00, 150 beats/)
    assert.include(await hovered(14 * 60 + 30), "no heart rate")
    await slider.focus()
    for (let hours = 12; hours < 15; hours++) await page.keyboard.press("PageDown")
    assert.strictEqual(await slider.getAttribute("aria-valuetext"), "15:00, 75 beats a minute")
  })

  it("tells of stress and recovery", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    for (const path of ["/daily?day=2026-10-22", "/?week=2026-10-25"]) {
      await open(path)
      const stress = page.getByRole("img", { name: "Stress 1 h 30 min, recovery 3 h: normal" })
      await stress.first().waitFor()
      assert.strictEqual(await stress.locator("title").first().textContent(), "Stress 1 h 30 min, recovery 3 h: normal")
    }
  })

  it("tells where nothing was recorded apart from where nothing happened", async ({ begin }) => {
    const { open, page } = await begin("prepared", { keeps: true })
    await open("/daily?day=2026-11-05")
    await page.getByRole("region", { name: "Not recorded" }).waitFor()
    assert.isAbove(await page.locator("svg.strips rect.missing").count(), 0)
  })
})
