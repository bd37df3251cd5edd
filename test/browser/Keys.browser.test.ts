import { assert, describe } from "vitest"
import { it } from "./support/Web.ts"

describe("arrow keys", () => {
  it("scroll what is wider than the window, and otherwise go to the year before", async ({ begin }) => {
    const { open, page } = await begin("demo", { viewport: { width: 375, height: 640 } })
    await open("/year?year=2025")
    const heat = page.locator(".heat-scroll")
    await heat.focus()
    await page.keyboard.press("ArrowRight")
    await page.waitForFunction(() => (document.querySelector(".heat-scroll")?.scrollLeft ?? 0) > 0)
    assert.include(page.url(), "year=2025")
    await heat.evaluate((element) => element instanceof HTMLElement && element.blur())
    await page.keyboard.press("ArrowLeft")
    await page.waitForURL(/year=2024/)
  })

  it("are the only ones: no letter leads elsewhere", async ({ begin }) => {
    const { open, page } = await begin("demo")
    for (const path of ["/?week=-3", "/daily?day=-3"]) {
      await open(path)
      const isFree = await page.evaluate(() =>
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true, cancelable: true }))
      )
      assert.isTrue(isFree, path)
    }
  })
})
