import { assert, describe, it } from "@effect/vitest"
import { decide, defaultThreshold } from "../../src/music/Decision.ts"
import { duets } from "./golden/Duets.ts"
import { editions } from "./golden/Editions.ts"
import { candidatesOf, requestOf, type Row } from "./golden/Golden.ts"
import { performers } from "./golden/Performers.ts"
import { recordings } from "./golden/Recordings.ts"
import { remixes } from "./golden/Remixes.ts"
import { scripts } from "./golden/Scripts.ts"
import { shared } from "./golden/Shared.ts"
import { titles } from "./golden/Titles.ts"
import { works } from "./golden/Works.ts"

const rows: ReadonlyArray<Row> = [
  ...editions,
  ...recordings,
  ...performers,
  ...scripts,
  ...titles,
  ...works,
  ...remixes,
  ...duets,
  ...shared
]

/** Which candidate is taken without asking; `ask` where none is. */
const taken = (row: Row): number | "ask" => {
  const candidates = candidatesOf(row)
  const decision = decide(requestOf(row), candidates, { threshold: defaultThreshold, useAi: true })
  return decision._tag === "Matched" ? candidates.findIndex(({ uri }) => uri === decision.candidate.uri) : "ask"
}

describe("songs as people ask for them, and what a search finds", () => {
  it("are at least 150, each another", () => {
    assert.isAtLeast(rows.length, 150)
    assert.strictEqual(new Set(rows.map((row) => JSON.stringify(row))).size, rows.length)
  })

  it("are matched with precision and recall", () => {
    const judged = rows.map((row) => ({ row, found: taken(row) }))
    const matched = judged.filter(({ found }) => found !== "ask")
    const wanted = judged.filter(({ row }) => row[1] !== "ask")
    const right = matched.filter(({ found, row }) => found === row[1])
    const precision = right.length / matched.length
    const recall = right.length / wanted.length
    const misses = judged.filter(({ found, row }) => found !== row[1])
    console.log([
      `music matching: ${rows.length} requests (${wanted.length} to be found), precision ${
        precision.toFixed(3)
      }, recall ${recall.toFixed(3)}`,
      ...misses.map(({ found, row }) => `  ${row[0]}: ${found} for ${row[1]}`)
    ].join("\n"))
    assert.isAtLeast(precision, 0.98)
    assert.isAtLeast(recall, 0.95)
  })
})
