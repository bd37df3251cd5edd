import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused } from "../support/Deeds.ts"
import { begin, type Crash } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const last = 3

const rounds = Workflow.make("rounds", {
  payload: { round: Schema.Int },
  error: Refused,
  idempotencyKey: ({ round }) => `${round}`
})

/** One step a run; its successor takes the next. */
const handlers = (deeds: Deeds) =>
  rounds.toLayer(({ round }) =>
    Effect.gen(function*() {
      yield* deed(deeds, `round ${round}`)
      if (round < last) yield* rounds.execute({ round: round + 1 }, { discard: true, detached: true })
    })
  )

/** All rounds, with a process that ends on the way when it is told to. */
const play = Effect.fnUntraced(function*(crash: Crash | undefined) {
  const journal = JournalMemory.make()
  const deeds: Deeds = []
  const first = yield* begin(journal, { handlers: handlers(deeds), crash })
  const isOver = () =>
    journal.runs.size > last && [...journal.runs.values()].every(({ state }) => state === "completed")
  yield* first.attempt(rounds.execute({ round: 0 }, { discard: true }))
  yield* until(() => first.isDead() || isOver())
  if (crash === undefined) {
    yield* first.stop
  } else {
    const second = yield* begin(journal, { handlers: handlers(deeds) })
    // a start of which nobody was told is asked for again
    yield* second.do(rounds.execute({ round: 0 }, { discard: true }))
    yield* until(isOver)
    yield* second.stop
  }
  return { journal, deeds, commits: first.commits() }
})

describe("a run that goes on as another one", () => {
  it.effect("is over itself, and its history with it", () =>
    Effect.gen(function*() {
      const { deeds, journal } = yield* play(undefined)
      assert.deepStrictEqual(deeds, ["round 0", "round 1", "round 2", "round 3"])
      for (const { id, parent } of journal.runs.values()) {
        assert.isUndefined(parent)
        assert.isAtMost((yield* journal.load(id))?.entries.length ?? Infinity, 4)
      }
    }))

  it.effect("has one successor, whichever commit is the last of a process", () =>
    Effect.gen(function*() {
      const { commits } = yield* play(undefined)
      for (let at = 1; at <= commits; at++) {
        for (const applied of [false, true]) {
          const { deeds, journal } = yield* play({ at, applied })
          assert.strictEqual(journal.runs.size, last + 1, `at commit ${at}, ${applied}`)
          assert.deepStrictEqual([...new Set(deeds)], ["round 0", "round 1", "round 2", "round 3"])
          // what was under way at the end of the process may be done again, and nothing else
          assert.isAtMost(deeds.length, last + 2)
        }
      }
    }))
})
