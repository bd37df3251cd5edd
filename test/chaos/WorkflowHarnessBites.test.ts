import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { drawnOf } from "../support/Chaos.ts"
import type { Defect } from "../support/WorkflowVictimLines.ts"
import type { End } from "../support/WorkflowVictimProcess.ts"
import { tell } from "../support/WorkflowVictimStory.ts"

const defects: { readonly [D in Defect]: RegExp } = {
  "entries-dropped": /was done in life \d+ after|not recorded|undid/,
  "answered-early": /was done|approved in life|acknowledged, and not there|and then as/,
  "no-recovery": /left over/,
  "wakes-lost": /left over/,
  "timers-forgotten": /left over|was due at/,
  "writes-apart": /booked \d times/
}

/** While orders do their steps, sleep and wake. */
const kills = Array.from({ length: 8 }, (_, index): End => ({ _tag: "AfterOpening", millis: 40 + 40 * index }))

/** Just after commits in the middle of the life of an order. */
const places = Array.from({ length: 12 }, (_, index): End => ({ _tag: "At", place: `commit.after:${6 + index}` }))

/** Found after any kill at all, or at the right instant only. */
const endsFor: { readonly [D in Defect]?: ReadonlyArray<End> } = {
  "no-recovery": kills.slice(2, 5),
  "timers-forgotten": kills.slice(2, 5),
  "wakes-lost": places
}

const all = Object.entries(defects) as ReadonlyArray<[Defect, RegExp]>
const drawn = Effect.runSync(drawnOf(all.map(([defect]) => defect)))

describe("the crash tests find an engine", () => {
  for (const [defect, found] of all) {
    it.live.skipIf(!drawn.includes(defect))(`that is broken: ${defect}`, () =>
      Effect.gen(function*() {
        const ends = endsFor[defect] ?? kills
        const { violations } = yield* tell({ seed: 4, ends, defect, untilFound: true })
        assert.isTrue(
          violations.some((violation) => found.test(violation)),
          violations.join("\n") || "nothing was found"
        )
      }).pipe(Effect.provide(NodeServices.layer)))
  }
})
