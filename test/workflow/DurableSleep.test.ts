import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import * as DurableSleep from "../../src/workflow/DurableSleep.ts"
import { begin } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const naps = Workflow.make("naps", { payload: { id: Schema.String }, idempotencyKey: ({ id }) => id })

const handlers = naps.toLayer(() => DurableSleep.sleep({ name: "nap", duration: "30 seconds" }))

describe("a short durable sleep", () => {
  it.effect("ends at its time, though the process does not last as long", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(naps.execute({ id: "a" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* TestClock.adjust("20 seconds")
      yield* first.crash
      const second = yield* begin(journal, { handlers })
      yield* second.quiet
      yield* TestClock.adjust("9 seconds")
      yield* second.quiet
      assert.strictEqual(journal.runs.get(run)?.state, "waiting")
      yield* TestClock.adjust("1 second")
      yield* until(() => journal.runs.get(run)?.state === "completed")
      yield* second.stop
    }))
})
