import { assert, describe } from "vitest"
import type { Visited } from "./support/Setup.ts"
import { daemonOf, it } from "./support/Web.ts"

/** Pages of one kind that are read; of what they link to, all that is new is asked for. */
const each = 3

/** Which pages are of one kind: those that differ in what they are about alone. */
const kindOf = ({ pathname, searchParams }: URL): string =>
  `${pathname.replace(/^\/(runs|schedules|assets)\/.+/, "/$1/:id")}?${[...searchParams.keys()].toSorted().join("&")}`

interface Linked {
  readonly page: string
  readonly address: string
  /** Whether it belongs to an event of the calendar. */
  readonly ofEvent: boolean
}

const linksOf = async (address: string, cookie: string, path: string): Promise<{
  readonly status: number
  readonly links: ReadonlyArray<Linked>
}> => {
  const answer = await fetch(`${address}${path}`, { headers: { cookie } })
  const text = await answer.text()
  if (!answer.headers.get("content-type")?.startsWith("text/html")) return { status: answer.status, links: [] }
  const links = [...text.matchAll(/<(?:a|link|script|img|form)\b[^>]*?\s(?:href|src|action)="([^"]*)"[^>]*>([^<]*)/g)]
    .filter(([tag]) => !/method="post"/.test(tag))
    .map(([, address = "", content = ""]) => ({
      page: path,
      address: address.replaceAll("&amp;", "&").replaceAll("&quot;", "\""),
      ofEvent: content === "Open in Google Calendar"
    }))
  return { status: answer.status, links }
}

/** Reads pages from the overview on, and tells of links that lead nowhere or elsewhere. */
const crawl = async (name: Visited) => {
  const { address, cookie: { name: key, value } } = daemonOf(name)
  const cookie = `${key}=${value}`
  const broken: Array<string> = []
  const elsewhere: Array<string> = []
  const seen = new Set(["/"])
  const counts = new Map<string, number>()
  const waiting = [{ path: "/", from: "" }]
  let asked = 0
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { from, path } = next
    const kind = kindOf(new URL(path, address))
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (count > each) continue
    asked += 1
    const { links, status } = await linksOf(address, cookie, path)
    if (status >= 400) broken.push(`${path} (from ${from}): ${status}`)
    for (const { address: link, ofEvent, page } of links) {
      const target = new URL(link, `${address}${path}`)
      if (target.protocol === "data:") continue
      if (target.origin !== address) {
        if (!ofEvent) elsewhere.push(`${page}: ${link}`)
        continue
      }
      const found = `${target.pathname}${target.search}`
      if (!seen.has(found)) {
        seen.add(found)
        waiting.push({ path: found, from: page })
      }
    }
  }
  return { asked, broken, elsewhere, kinds: counts.size }
}

describe("links", () => {
  for (const name of ["demo", "prepared", "empty"] as const) {
    it(`none of the ${name} daemon leads nowhere, and none but those of events elsewhere`, async () => {
      const { asked, broken, elsewhere, kinds } = await crawl(name)
      assert.deepStrictEqual(broken, [])
      assert.deepStrictEqual(elsewhere, [])
      assert.isAbove(kinds, 15)
      assert.isAbove(asked, 30)
    })
  }
})
