import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { violations } from "../support/OrderChecks.ts"
import { tell } from "../support/OrderStory.ts"
import { storeTest } from "../support/StoreTest.ts"

/** By how much the story moves time on at once. */
const quarter = 15 * 60_000

describe("a process that is frozen at a commit", () => {
  it.effect("is no trouble where it never is", () =>
    Effect.gen(function*() {
      const told = yield* tell(JournalMemory.make(), undefined)
      assert.deepStrictEqual(violations(told), [])
      assert.isFalse(told.crashed)
      assert.isAbove(told.commits, 15)
    }))

  for (const applied of [false, true]) {
    it.effect(`${applied ? "that was taken and not answered" : "that is lost"} leaves all to its successor, whichever it is`, () =>
      Effect.gen(function*() {
        let at = 0
        let crashed = true
        const found: Array<string> = []
        while (crashed) {
          const journal = JournalMemory.make()
          const told = yield* tell(journal, { at: ++at, applied })
          crashed = told.crashed
          const booked = journal.written.map(({ vars }) => String(vars?.["order"])).toSorted()
          if (booked.join() !== "bad,cancelled,good") found.push(`commit ${at}: booked ${booked.join()}`)
          found.push(...violations(told).map((violation) => `commit ${at}: ${violation}`))
        }
        assert.deepStrictEqual(found, [])
        assert.isAbove(at, 15)
      }))
  }

  it.effect("leaves all to its successor on SurrealDB too", () =>
    Effect.gen(function*() {
      const journal = yield* RunJournal
      const found: Array<string> = []
      let crashed = true
      for (let at = 1; crashed; at += 4) {
        const told = yield* tell(journal, { at, applied: at % 8 === 1 }, ` ${at}`)
        crashed = told.crashed
        found.push(...violations(told, quarter).map((violation) => `commit ${at}: ${violation}`))
      }
      assert.deepStrictEqual(found, [])
    }).pipe(Effect.provide(Layer.provide(RunJournal.layer, storeTest))))
})
