/** What axe says of a page, by all of its rules that are no experiment. */
import type axe from "axe-core"
import type { Result } from "axe-core"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Page } from "playwright-core"

/** Half as long as the other build, which every page would read anew. */
const source = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8")

/** All styles are of the page's own server: none is to be fetched to be understood. */
const common = { resultTypes: ["violations" as const], preload: false }

/** Beyond what is on by itself: WCAG 2.2 AA asks for targets of 24 by 24 pixels, or as much room around them. */
const options = { ...common, rules: { "target-size": { enabled: true } } }

const told = ({ help, id, nodes }: Result): string =>
  `${id}: ${help}\n${
    nodes.slice(0, 4).map(({ any, html }) => `    ${html.slice(0, 160)} ${any[0]?.message ?? ""}`).join("\n")
  }`

/** The dark differs from the light in colours and in nothing else. */
const colours = { ...common, runOnly: ["color-contrast", "link-in-text-block"] }

/** The violations, in the light and in the dark. */
export const violations = async (page: Page): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  await page.evaluate(source)
  for (const [colorScheme, asked] of [["light", options], ["dark", colours]] as const) {
    await page.emulateMedia({ colorScheme })
    const results = await page.evaluate((asked) => globalThis.axe.run(document, asked), asked)
    found.push(...results.violations.map((one) => `${colorScheme}: ${told(one)}`))
  }
  return found
}

type Axe = typeof axe

declare global {
  // oxlint-disable-next-line no-var -- what axe leaves in the page
  var axe: Axe
}
