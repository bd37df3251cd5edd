import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { drawnOf } from "../support/Chaos.ts"
import type { Defect } from "../support/VictimLines.ts"
import { tell } from "../support/VictimStory.ts"

const world = Layer.mergeAll(Sandbox.layer({ seed: "harness", start: "2026-09-15T06:00:00Z" }), NodeServices.layer)

const defects: { readonly [D in Defect]: RegExp } = {
  "cursor-first": /not stored|the cursor says|are stored/,
  "rows-later": /said to be done|not stored|the cursor says|are stored|left running/,
  "no-recovery": /left running after the next start/
}

/** Soon after a page of the first syncs, while the next one is committed. */
const kills = Array.from({ length: 12 }, (_, index) => ({ kill: { lines: 9 + index, millis: 30 + 15 * index } }))

const all = Object.entries(defects) as ReadonlyArray<[Defect, RegExp]>
const drawn = Effect.runSync(drawnOf(all.map(([defect]) => defect)))

describe("the crash tests find a store", () => {
  for (const [defect, found] of all) {
    it.live.skipIf(!drawn.includes(defect))(`that is broken: ${defect}`, () =>
      Effect.gen(function*() {
        const { violations } = yield* tell({ seed: 4, ends: kills, defect, untilFound: true })
        assert.match(violations[0] ?? "nothing was found", found)
      }).pipe(Effect.provide(world)))
  }
})
