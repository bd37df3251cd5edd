import { assert } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { begin } from "./EngineLives.ts"
import { until } from "./Turns.ts"

const sleeper = Workflow.make("sleeper", { payload: { id: Schema.String }, idempotencyKey: ({ id }) => id })

const nap = (name: string, days: number) =>
  DurableClock.sleep({ name, duration: Duration.days(days), inMemoryThreshold: 0 })

/** How many waiting runs an engine keeps in memory. */
const kept = 512

/** So many runs sleep for days, and then for days again; each must wake both times, and those not kept be read once for it. */
export const sleep = Effect.fnUntraced(function*(count: number, first: number, second: number) {
  const journal = JournalMemory.make()
  const woken = { first: 0, second: 0 }
  const life = yield* begin(journal, {
    handlers: sleeper.toLayer(() =>
      Effect.gen(function*() {
        yield* nap("first", first)
        yield* Activity.make({ name: "first", execute: Effect.sync(() => void woken.first++) })
        yield* nap("second", second)
        yield* Activity.make({ name: "second", execute: Effect.sync(() => void woken.second++) })
      })
    )
  })
  const ids = Array.from({ length: count }, (_, index) => `${index}`)
  yield* life.do(
    Effect.forEach(ids, (id) => sleeper.execute({ id }, { discard: true }), { concurrency: 256, discard: true })
  )
  const all = (wanted: string) => () => [...journal.runs.values()].every(({ state }) => state === wanted)
  yield* until(all("waiting"))
  yield* life.quiet
  const loads = [life.loads()]
  for (const days of [first, second]) {
    yield* TestClock.adjust(Duration.days(days))
    yield* life.quiet
    loads.push(life.loads())
  }
  yield* until(all("completed"))
  assert.deepStrictEqual(woken, { first: count, second: count })
  const [before = 0, between = 0, after = 0] = loads
  for (const read of [between - before, after - between]) {
    assert.isAtLeast(read, count - kept, "more were in memory than should be")
    assert.isAtMost(read, count, "one was read twice")
  }
  yield* life.stop
})
