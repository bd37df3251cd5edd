import { gzipSync } from "node:zlib"
import { assert, describe } from "vitest"
import { runOf } from "./support/Ask.ts"
import { it } from "./support/Web.ts"

const paths = [
  "/",
  "/?week=-1",
  "/daily?day=-1",
  "/month",
  "/year",
  "/listening",
  "/body",
  "/search?text=r",
  "/affinity",
  "/reports",
  "/runs",
  "/schedules",
  "/schedules/oura",
  "/dead-letters",
  "/reviews",
  "/imports",
  "/alerts",
  "/webhooks",
  "/accounts"
]

/** What is wider than the window, outside of what scrolls by itself. */
const excess = (): ReadonlyArray<string> => {
  const wide = document.documentElement.scrollWidth - innerWidth
  if (wide <= 0) return []
  const found = [...document.querySelectorAll("body *")].filter((element) => {
    if (element.getBoundingClientRect().right <= innerWidth + 1) return false
    for (let above = element.parentElement; above !== null; above = above.parentElement) {
      if (above !== document.body && getComputedStyle(above).overflowX !== "visible") return false
    }
    return true
  })
  return [
    `${location.pathname}${location.search}: ${wide} pixels too wide: ${
      found.slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 120)).join(" | ")
    }`
  ]
}

/** The last two are what is left of 1280 by 800 and 1280 by 1024 pixels where all is twice and four times as large. */
const sizes = [
  { width: 320, height: 640, deviceScaleFactor: 1 },
  { width: 640, height: 400, deviceScaleFactor: 2 },
  { width: 320, height: 256, deviceScaleFactor: 4 }
] as const

/** The window, once what is drawn by a script has followed its width, which is a frame later. */
const measured = async (): Promise<readonly [number, number]> => {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  return [innerWidth, devicePixelRatio]
}

describe("in a narrow window", () => {
  it("320 pixels wide, and of 1280 pixels at 200 % and 400 %, no page scrolls sideways", async ({ begin }) => {
    const { context, open, page } = await begin("demo", { viewport: sizes[0] })
    const found: Array<string> = []
    const run = await runOf("demo", "workflow = oura and status = completed")
    const devtools = await context.newCDPSession(page)
    for (const path of [...paths, `/runs/${encodeURIComponent(run)}`]) {
      await open(path)
      for (const size of sizes) {
        await devtools.send("Emulation.setDeviceMetricsOverride", { ...size, mobile: false })
        assert.deepStrictEqual(await page.evaluate(measured), [size.width, size.deviceScaleFactor])
        found.push(
          ...(await page.evaluate(excess)).map((text) => `${size.width} at ${size.deviceScaleFactor}: ${text}`)
        )
      }
    }
    assert.deepStrictEqual(found, [])
  })

  it("a year begins with the part that today is in", async ({ begin }) => {
    const { open, page } = await begin("demo", { viewport: { width: 375, height: 640 } })
    await open("/year")
    const today = await page.locator(".heat a[aria-current]").boundingBox()
    assert.isBelow((today?.x ?? Infinity) + (today?.width ?? 0), 375)
  })

  it("nothing moves for those who want less motion", async ({ begin }) => {
    const { open, page } = await begin("demo", { reducedMotion: "reduce" })
    for (const path of ["/", "/?week=-1", "/runs"]) {
      await open(path)
      assert.deepStrictEqual(await page.evaluate(() => document.getAnimations().length), 0)
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element)
          return animationName !== "none" || Number.parseFloat(transitionDuration) > 0
        }).length
      )
      assert.strictEqual(moving, 0, path)
    }
  })
})

describe("the first page", () => {
  it("loads at most 40 KiB of script and 10 KiB of style, no font, and from this server alone", async ({ begin }) => {
    for (const path of ["/", "/?week=-1"]) {
      const { open, page } = await begin("demo")
      const loaded: Array<{ readonly type: string; readonly bytes: Promise<Buffer> }> = []
      const asked: Array<string> = []
      page.on("response", (answer) => {
        const type = answer.request().resourceType()
        asked.push(new URL(answer.url()).origin)
        // the page's stream of news ends with the page: its body is never whole
        if (type !== "eventsource" && type !== "fetch") loaded.push({ type, bytes: answer.body() })
      })
      await open(path)
      await page.waitForLoadState("load")
      const size = async (type: string) => {
        const parts = await Promise.all(loaded.filter((one) => one.type === type).map(({ bytes }) => bytes))
        return parts.reduce((sum, part) => sum + gzipSync(part).length, 0)
      }
      const [script, style] = [await size("script"), await size("stylesheet")]
      assert.isAbove(script, 0)
      assert.isAtMost(script, 40 * 1024, `script of ${path}`)
      assert.isAbove(style, 0)
      assert.isAtMost(style, 10 * 1024, `style of ${path}`)
      assert.deepStrictEqual(loaded.filter(({ type }) => type === "font"), [])
      assert.deepStrictEqual([...new Set(asked)], [new URL(page.url()).origin])
    }
  })
})
