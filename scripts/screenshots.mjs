// Pictures of every page, to be looked at: `npm run screenshots -- [folder]`, without one into screenshots/. Starts its own
// daemons: the demo, a store where much went wrong, an empty one, and one of ten years.
import { mkdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { launch, missing } from "../test/browser/support/Chromium.ts"
import { daemons } from "../test/browser/support/Daemons.ts"

if (missing !== undefined) {
  process.stderr.write(`${missing}\n`)
  process.exit(1)
}

const folder = resolve(process.argv[2] ?? "screenshots")
const only = process.argv[3]
const widths = [1440, 768, 375]

/** The newest run that the search finds. */
const run = async ({ address, token }, query) => {
  const answer = await fetch(`${address}/api/v0/runs?limit=1&query=${encodeURIComponent(query)}`, {
    headers: { authorization: `Bearer ${token}` }
  })
  const { runs } = await answer.json()
  return `/runs/${encodeURIComponent(runs[0].id)}`
}

const pages = {
  demo: async (daemon) => ({
    overview: "/",
    week: "/?week=0",
    "week-all-hours": "/?week=-1&hours=all",
    "week-event": ["/?week=0", "button.event"],
    "week-session": ["/?week=0", "button.session"],
    day: "/daily?day=-1",
    "day-4x": "/daily?day=-1&zoom=4",
    month: "/month",
    "year-plays": "/year",
    "year-steps": "/year?of=steps",
    listening: "/listening?range=last-month",
    body: "/body",
    search: "/search?text=radio",
    "search-empty": "/search",
    runs: "/runs",
    run: await run(daemon, "workflow = oura and status = completed"),
    schedules: "/schedules",
    schedule: "/schedules/oura",
    letters: "/dead-letters",
    accounts: "/accounts",
    refused: "/runs/no-such-run"
  }),
  prepared: async (daemon) => ({
    overview: "/",
    "week-dst": "/?week=2026-10-25&hours=all",
    "week-spring": "/?week=2026-03-29",
    "day-crowd": "/daily?day=2026-10-14",
    "day-hostile": "/daily?day=2026-11-03",
    "week-hostile": "/?week=2026-11-03",
    "run-failed": await run(daemon, "status = failed"),
    letters: "/dead-letters",
    letter: "/dead-letters?letter=run%3Ahostile-3",
    runs: "/runs",
    accounts: "/accounts"
  }),
  empty: () => ({
    overview: "/",
    week: "/?week=0",
    day: "/daily",
    month: "/month",
    year: "/year",
    listening: "/listening",
    body: "/body",
    runs: "/runs?status=failed",
    letters: "/dead-letters",
    accounts: "/accounts"
  }),
  decade: () => ({
    overview: "/",
    week: "/?week=2020-05-13",
    year: "/year?year=2020",
    "listening-all": "/listening?range=all",
    body: "/body?range=this-year",
    search: "/search?text=track"
  })
}

const { end, ...known } = await daemons(
  ["demo", "prepared", "empty", "decade"].filter((name) => name === (only ?? name))
)
const browser = await launch()
let taken = 0
try {
  for (const [name, daemon] of Object.entries(known)) {
    await mkdir(join(folder, name), { recursive: true })
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" })
      await context.addCookies([{ ...daemon.cookie, url: daemon.address }])
      const page = await context.newPage()
      for (const [title, place] of Object.entries(await pages[name](daemon))) {
        const [path, opened] = Array.isArray(place) ? place : [place]
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 })
          await page.goto(`${daemon.address}${path}`)
          if (opened !== undefined) await page.locator(opened).first().click()
          await page.screenshot({
            path: join(folder, name, `${title}-${width}-${colorScheme}.png`),
            fullPage: opened === undefined
          })
          taken += 1
        }
      }
      await context.close()
    }
    if (name === "demo") {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, signedIn: false })
      const page = await context.newPage()
      await page.goto(`${daemon.address}/sign-in`)
      await page.screenshot({ path: join(folder, name, "sign-in-1440-light.png") })
      await context.close()
    }
  }
} finally {
  await browser.close()
  await end()
}
process.stdout.write(`${taken} pictures in ${folder}\n`)
