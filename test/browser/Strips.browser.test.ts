import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { it } from "./support/Web.ts"

const tip = (page: Page) => page.locator(".tip:not([hidden])")

/** The middle of the ribbon at a time of the day, in the window, after the page has been scrolled there. */
const placeOf = (page: Page, minute: number, across = 0.5) =>
  page.locator("svg.strips").first().evaluate((strips, [minute, across]) => {
    const [x = 0, width = 0] = (strips.getAttribute("data-heart") ?? "").split(" ").map(Number)
    const down = minute / 60 * Number(strips.getAttribute("data-axis-hour"))
    scrollTo(0, strips.getBoundingClientRect().top + scrollY + down - innerHeight / 2)
    const { left, top } = strips.getBoundingClientRect()
    return { x: left + x + width * across, y: top + down }
  }, [minute, across] as const)

const minutesIn = (text: string | null): number => {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text ?? "") ?? []
  return Number(hours) * 60 + Number(minutes)
}

describe("the heart rate of a day", () => {
  for (const [name, hasTouch] of [["a click", false], ["a tap", true]] as const) {
    it(`${name} reads the time that it is at, and leaves the page where it is`, async ({ begin }) => {
      const { open, page } = await begin("demo", { hasTouch })
      await open("/daily?day=-1&zoom=4")
      const press = (x: number, y: number) => hasTouch ? page.touchscreen.tap(x, y) : page.mouse.click(x, y)
      const slider = page.getByRole("slider")
      // the second press meets what has the focus already
      for (const time of [15 * 60, 15 * 60 + 30, 9 * 60]) {
        const { x, y } = await placeOf(page, time)
        const scrolled = await page.evaluate(() => scrollY)
        await press(x, y)
        await tip(page).waitFor()
        assert.closeTo(minutesIn(await tip(page).textContent()), time, 15)
        assert.closeTo(minutesIn(await slider.getAttribute("aria-valuetext")), time, 15)
        assert.closeTo(Number(await slider.getAttribute("aria-valuenow")), time, 1)
        assert.strictEqual(await page.evaluate(() => scrollY), scrolled)
      }
      await page.keyboard.press("ArrowDown")
      assert.closeTo(Number(await slider.getAttribute("aria-valuenow")), 9 * 60 + 5, 1)
    })
  }

  it("is read in both passes of the hour that the clocks show twice", async ({ begin }) => {
    const { open, page } = await begin("prepared")
    await open("/daily?day=2026-10-25&zoom=4")
    const read = async (minute: number, across: number) => {
      const { x, y } = await placeOf(page, minute, across)
      await page.mouse.move(0, 0)
      await page.mouse.move(x, y)
      await tip(page).waitFor()
      return tip(page).textContent()
    }
    assert.strictEqual(await read(150, 0.25), "02:30, 61 beats a minute")
    assert.strictEqual(await read(150, 0.75), "02:30 (second time), 91 beats a minute")
    assert.strictEqual(await read(125, 0.75), "02:05 (second time), no heart rate")
    const slider = page.getByRole("slider")
    await slider.focus()
    await page.keyboard.press("Home")
    for (const key of ["PageDown", "PageDown", ...Array.from({ length: 6 }, () => "ArrowDown")]) {
      await page.keyboard.press(key)
    }
    assert.strictEqual(await slider.getAttribute("aria-valuetext"), "02:30, 61 beats a minute")
    await page.keyboard.press("PageDown")
    assert.strictEqual(await slider.getAttribute("aria-valuetext"), "02:30 (second time), 91 beats a minute")
    await page.keyboard.press("End")
    assert.strictEqual(await slider.getAttribute("aria-valuenow"), "1499")
    assert.strictEqual(await slider.getAttribute("aria-valuetext"), "23:59, no heart rate")
  })

  it("a track over the change of the clocks is named on either side of it, and nowhere else", async ({ begin }) => {
    const { open, page } = await begin("prepared")
    await open("/daily?day=2026-10-25&zoom=4")
    const sessions = page.locator("button.session")
    assert.strictEqual(await sessions.count(), 2)
    for (const at of [0, 1]) {
      await page.mouse.move(0, 0)
      await sessions.nth(at).hover()
      assert.strictEqual(await tip(page).textContent(), "02:58 Night Owl – Galimatias")
    }
  })
})
