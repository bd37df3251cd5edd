import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { assert, describe } from "vitest"
import { it } from "./support/Web.ts"

const folder = join(import.meta.dirname, "../../screenshots/tests")

/** Takes the whole page, for whoever wants to look. */
const picture = async (page: Page, name: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, fullPage: true })
  console.log(`picture: ${path}`)
}

/** What is drawn over something else, beyond its column, or beyond the page. */
const wrongs = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const found: Array<string> = []
    const wide = document.documentElement.scrollWidth - innerWidth
    if (wide > 0) found.push(`the page is ${wide} pixels too wide`)
    for (const column of document.querySelectorAll(".column .events")) {
      const around = column.getBoundingClientRect()
      const boxes = [...column.querySelectorAll("foreignObject")].map((box) => ({
        name: box.textContent,
        box: box.getBoundingClientRect()
      }))
      for (const [index, { box, name }] of boxes.entries()) {
        if (box.width < 8 || box.height < 8) found.push(`${name} is ${box.width} by ${box.height}`)
        if (
          box.left < around.left - 1 || box.right > around.right + 1 || box.top < around.top - 1 ||
          box.bottom > around.bottom + 1
        ) found.push(`${name} leaves its column`)
        for (const { box: other, name: otherName } of boxes.slice(index + 1)) {
          const across = Math.min(box.right, other.right) - Math.max(box.left, other.left)
          const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)
          if (across > 1 && down > 1) found.push(`${name} and ${otherName} overlap`)
        }
      }
    }
    return found
  })

describe("pictures", () => {
  it("the week in which the clocks go back", async ({ begin }) => {
    const { open, page } = await begin("prepared")
    await open("/?week=2026-10-25&hours=all")
    await picture(page, "week-of-the-change")
    assert.deepStrictEqual(await wrongs(page), [])
    assert.isAbove(await page.locator(".column .events foreignObject").count(), 20)
    const strips = page.locator("section.day svg.strips").last()
    const ribbon = Number((await strips.getAttribute("data-heart"))?.split(" ")[1])
    const passes = await strips.locator("g.heart path").evaluateAll((all) =>
      all.map((path) => {
        const { height, width, x, y } = path.getBoundingClientRect()
        return { height, width, x, y }
      }).toSorted((one, other) => one.x - other.x)
    )
    assert.lengthOf(passes, 2)
    const [first, second] = passes
    if (first === undefined || second === undefined) return
    assert.deepStrictEqual([second.y, second.height, second.width], [first.y, first.height, first.width])
    assert.closeTo(first.width, ribbon / 2, 0.1)
    assert.closeTo(second.x, first.x + first.width, 0.1)
  })

  it("the day with thirty events at once", async ({ begin }) => {
    const { open, page } = await begin("prepared")
    await open("/daily?day=2026-10-14")
    await picture(page, "day-of-thirty")
    assert.deepStrictEqual(await wrongs(page), [])
    assert.isAbove(await page.locator(".column .events foreignObject").count(), 3)
  })

  it("a year, and all that was heard, of ten years", async ({ begin }) => {
    const { open, page } = await begin("decade")
    await open("/year?year=2020")
    await picture(page, "year-of-ten")
    assert.deepStrictEqual(await wrongs(page), [])
    assert.strictEqual(await page.locator("svg.heat a").count(), 366)
    await open("/listening?range=all")
    await picture(page, "listening-of-ten-years")
    assert.deepStrictEqual(await wrongs(page), [])
    assert.strictEqual(await page.locator("ol.tops > li").count(), 30)
  })

  it("the overview and the week of an empty store", async ({ begin }) => {
    const { open, page } = await begin("empty")
    await open("/")
    await picture(page, "overview-of-nothing")
    assert.deepStrictEqual(await wrongs(page), [])
    const [said, ...more] = await page.getByRole("heading", { level: 1 }).allTextContents()
    assert.lengthOf(more, 0)
    for (const name of ["Google", "Spotify", "Oura"]) assert.include(said, `${name} is not connected.`)
    await open("/?week=0")
    await picture(page, "week-of-nothing")
    assert.deepStrictEqual(await wrongs(page), [])
    assert.strictEqual(await page.locator("section.day").count(), 7)
    assert.strictEqual(await page.locator(".column foreignObject").count(), 0)
    await page.getByRole("region", { name: "Not recorded" }).first().waitFor()
  })
})
