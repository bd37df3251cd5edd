import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, References, Schema, type Tracer } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { begin } from "../support/EngineLives.ts"
import { until } from "../support/Turns.ts"

const work = Workflow.make("work", { payload: { id: Schema.String }, idempotencyKey: ({ id }) => id })

/** The span that an activity has, and those above it. */
const lineage = (span: Tracer.AnySpan): ReadonlyArray<Tracer.Span> =>
  span._tag === "Span"
    ? [span, ...Option.match(span.parent, { onNone: () => [], onSome: lineage })]
    : []

describe("a run", () => {
  it.effect("is a trace for each pass, and its lines bear its id", () =>
    Effect.gen(function*() {
      const seen: Array<ReadonlyArray<Tracer.Span>> = []
      const bore: Array<unknown> = []
      const step = (name: string) =>
        Activity.make({
          name,
          execute: Effect.gen(function*() {
            seen.push(lineage(yield* Effect.orDie(Effect.currentSpan)))
            bore.push({ ...yield* References.CurrentLogAnnotations })
          })
        })
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          yield* step("one")
          yield* DurableClock.sleep({ name: "nap", duration: "1 hour", inMemoryThreshold: 0 })
          yield* step("two")
        })
      )
      const journal = JournalMemory.make()
      const life = yield* begin(journal, { handlers })
      const run = yield* life.do(
        Effect.withSpan(work.execute({ id: "a" }, { discard: true }), "whoever asks")
      )
      yield* until(() => journal.runs.get(run)?.state === "waiting")
      yield* life.quiet
      yield* TestClock.adjust("1 hour")
      yield* until(() => journal.runs.get(run)?.state === "completed")
      assert.deepStrictEqual(seen.map((spans) => spans.map(({ name }) => name)), [
        ["one", "run work"],
        ["two", "run work"]
      ])
      const roots = seen.map((spans) => spans.at(-1))
      assert.lengthOf(new Set(roots.map((root) => root?.traceId)), 2)
      for (const root of roots) {
        assert.deepStrictEqual(Object.fromEntries(root?.attributes ?? []), {
          "glider.workflow.name": "work",
          "glider.run.id": run,
          "glider.trigger": "manual",
          "glider.attempt": 1
        })
      }
      assert.deepStrictEqual(bore, [{ workflow: "work", run }, { workflow: "work", run }])
      yield* life.stop
    }))
})
