/** A person who has a keyboard and nothing else. */
import type { Locator, Page } from "playwright-core"
import { assert } from "vitest"

/** More presses of Tab than a page is worth. */
const most = 120

/** Presses between two looks at where the focus is. */
const atOnce = 8

const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement)

/** Whether the focus can be seen: by an outline or a ring of the element, or of what is drawn in it. */
const showsFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => {
    const isSeen = (
      { boxShadow, outlineColor, outlineStyle, outlineWidth, stroke, strokeWidth }: CSSStyleDeclaration
    ) =>
      (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)$|^transparent$/.test(outlineColor)) ||
      boxShadow !== "none" || (stroke !== "none" && Number.parseFloat(strokeWidth) >= 1)
    const { bottom, left, right, top } = element.getBoundingClientRect()
    const isInView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
    const drawn = element instanceof SVGElement ? element.querySelectorAll("*") : []
    return isInView && [element, ...drawn].some((one) => isSeen(getComputedStyle(one)))
  })

/** Keeps the focus where it is once the element has it: keys are pressed faster than they are looked after. */
const hold = (locator: Locator): Promise<() => Promise<void>> =>
  locator.evaluateHandle((element) => {
    const stay = (event: KeyboardEvent) => {
      if (event.key === "Tab" && element === document.activeElement) event.preventDefault()
    }
    document.addEventListener("keydown", stay, true)
    return () => document.removeEventListener("keydown", stay, true)
  }).then((release) => () => release.evaluate((release) => release()))

/** Presses Tab until the element has the focus, and holds that it is seen to have it. */
export const tabTo = async (page: Page, locator: Locator): Promise<void> => {
  await locator.waitFor()
  const release = await hold(locator)
  for (let pressed = 0; pressed < most; pressed += atOnce) {
    for (let press = 0; press < atOnce; press++) await page.keyboard.press("Tab")
    if (await isFocused(locator)) {
      await release()
      assert.isTrue(await showsFocus(locator), `nothing shows that the focus is on ${locator}`)
      return
    }
  }
  throw new Error(`${most} presses of Tab did not reach ${locator}`)
}

/** Goes there and presses Enter, which leads to another page. */
export const follow = async (page: Page, locator: Locator): Promise<void> => {
  await tabTo(page, locator)
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")])
}
