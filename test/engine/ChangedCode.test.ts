import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin, until } from "../support/EngineLives.ts"

const work = Workflow.make("work", {
  payload: { id: Schema.String },
  error: Refused,
  idempotencyKey: ({ id }) => id
})
const part = Workflow.make("part", {
  payload: { id: Schema.String },
  error: Refused,
  idempotencyKey: ({ id }) => id
})
const news = DurableDeferred.make("news")

/** The steps that a body may be made of. */
const stepsOf = (deeds: Deeds) => ({
  a: work.withCompensation(deed(deeds, "a"), () => undoing(deeds, "a")),
  b: deed(deeds, "b"),
  c: deed(deeds, "c"),
  x: deed(deeds, "x"),
  nap: DurableClock.sleep({ name: "nap", duration: "1 hour", inMemoryThreshold: 0 }),
  rest: DurableClock.sleep({ name: "rest", duration: "2 hours", inMemoryThreshold: 0 }),
  one: part.execute({ id: "one" }),
  two: part.execute({ id: "two" }),
  news: DurableDeferred.await(news),
  pair: Effect.all([deed(deeds, "left"), deed(deeds, "right")], { concurrency: "unbounded" }),
  swappedPair: Effect.all([deed(deeds, "right"), deed(deeds, "left")], { concurrency: "unbounded" })
})
type Step = keyof ReturnType<typeof stepsOf>

const handlersOf = (deeds: Deeds, body: ReadonlyArray<Step>) => {
  const steps = stepsOf(deeds)
  return Layer.merge(
    part.toLayer(({ id }) => Effect.asVoid(deed(deeds, `part ${id}`))),
    work.toLayer(() =>
      Effect.forEach(body, (step): Effect.Effect<unknown, Refused, Needs> => steps[step], { discard: true })
    )
  )
}
type Needs = Effect.Services<ReturnType<typeof stepsOf>[Step]>

/** What the run does before it waits; the code then changes; and what the error must name. */
interface Change {
  readonly title: string
  readonly before: ReadonlyArray<Step>
  readonly after: ReadonlyArray<Step>
  readonly kind: "duplicate" | "out_of_order" | "replaced" | "left_out"
  readonly names: RegExp
}

const changes: ReadonlyArray<Change> = [
  {
    title: "two steps were swapped",
    before: ["a", "b", "news", "c"],
    after: ["b", "a", "news", "c"],
    kind: "out_of_order",
    names: /did "a" before "b"/
  },
  {
    title: "a step was taken out",
    before: ["a", "b", "news", "c"],
    after: ["b", "news", "c"],
    kind: "out_of_order",
    names: /did "a" before "b"/
  },
  {
    title: "the last recorded step was taken out",
    before: ["a", "b", "news", "c"],
    after: ["a", "news", "c"],
    kind: "replaced",
    names: /did "b" here, and the code now does "c"/
  },
  {
    title: "a step was renamed",
    before: ["a", "b", "news", "c"],
    after: ["a", "x", "news", "c"],
    kind: "replaced",
    names: /did "b" here, and the code now does "x"/
  },
  {
    title: "a step was added before recorded ones",
    before: ["a", "b", "news", "c"],
    after: ["a", "x", "b", "news", "c"],
    kind: "replaced",
    names: /did "b" here, and the code now does "x"/
  },
  {
    title: "the end came before recorded steps",
    before: ["a", "b", "news", "c"],
    after: ["a", "news"],
    kind: "left_out",
    names: /did "b", and the code now ends without it/
  },
  {
    title: "a step is there twice",
    before: ["a", "b", "news", "c"],
    after: ["a", "b", "news", "b", "c"],
    kind: "duplicate",
    names: /takes the step "b" twice/
  },
  {
    title: "two timers were swapped",
    before: ["a", "nap", "rest", "news", "c"],
    after: ["a", "rest", "nap", "news", "c"],
    kind: "out_of_order",
    names: /did "timer DurableClock\/nap" before "timer DurableClock\/rest"/
  },
  {
    title: "a timer that has fired is there twice",
    before: ["a", "nap", "news", "c"],
    after: ["a", "nap", "nap", "news", "c"],
    kind: "duplicate",
    names: /takes the step "timer DurableClock\/nap" twice/
  },
  {
    title: "a timer was taken out",
    before: ["a", "nap", "news", "c"],
    after: ["a", "news", "c"],
    kind: "replaced",
    names: /did "timer DurableClock\/nap" here, and the code now does "c"/
  },
  {
    title: "a timer was added before recorded steps",
    before: ["a", "b", "news", "c"],
    after: ["a", "nap", "b", "news", "c"],
    kind: "replaced",
    names: /did "b" here, and the code now does "timer DurableClock\/nap"/
  },
  {
    title: "two children were swapped",
    before: ["a", "one", "two", "news", "c"],
    after: ["a", "two", "one", "news", "c"],
    kind: "out_of_order",
    names: /did "child part .*" before "child part .*"/
  },
  {
    title: "a child became another",
    before: ["a", "one", "news", "c"],
    after: ["a", "two", "news", "c"],
    kind: "replaced",
    names: /did "child part .*" here, and the code now does "child part .*"/
  },
  {
    title: "a child became a step",
    before: ["a", "one", "news", "c"],
    after: ["a", "x", "news", "c"],
    kind: "replaced",
    names: /did "child part .*" here, and the code now does "x"/
  }
]

const news1 = (run: string) =>
  DurableDeferred.succeed(news, {
    token: DurableDeferred.tokenFromExecutionId(news, { workflow: work, executionId: run }),
    value: undefined
  })

/** Lets a run come to where it waits for news, and leaves it so. */
const first = Effect.fnUntraced(
  function*(journal: JournalMemory.MemoryJournal, deeds: Deeds, body: ReadonlyArray<Step>) {
    const life = yield* begin(journal, { handlers: handlersOf(deeds, body) })
    const run = yield* life.do(work.execute({ id: "r" }, { discard: true }))
    const row = () => journal.runs.get(run)
    for (const _ of body) {
      yield* until(() => row()?.state === "waiting")
      yield* life.quiet
      yield* TestClock.adjust("1 hour")
      yield* life.quiet
    }
    assert.strictEqual(row()?.state, "waiting")
    assert.isUndefined(row()?.due)
    yield* life.stop
    return run
  }
)

describe("a run whose code has changed meanwhile", () => {
  for (const { after, before, kind, names, title } of changes) {
    it.effect(`is parked when ${title}, and goes on once the code is mended`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const run = yield* first(journal, deeds, before)
        const done = deeds.length

        const changed = yield* begin(journal, { handlers: handlersOf(deeds, after) })
        yield* changed.do(news1(run))
        yield* until(() => journal.runs.get(run)?.state === "parked")
        yield* changed.quiet
        const error = journal.runs.get(run)?.error
        assert.strictEqual(error?.tag, "NonDeterminismError")
        assert.match(error?.message ?? "", names)
        assert.lengthOf(deeds, done, "nothing was done, and nothing undone")
        yield* TestClock.adjust("1 day")
        yield* changed.quiet
        assert.strictEqual(journal.runs.get(run)?.state, "parked")
        yield* changed.stop
        assert.strictEqual(journal.runs.get(run)?.state, "parked", kind)

        const mended = yield* begin(journal, { handlers: handlersOf(deeds, before) })
        yield* until(() => journal.runs.get(run)?.state === "completed")
        assert.deepStrictEqual(deeds.slice(done), ["c"])
        assert.isUndefined(journal.runs.get(run)?.error)
        yield* mended.stop
      }))
  }

  const harmless: ReadonlyArray<Pick<Change, "title" | "before" | "after">> = [
    { title: "a step was added at the end", before: ["a", "b", "news", "c"], after: ["a", "b", "news", "c", "x"] },
    {
      title: "a step was added behind the recorded ones",
      before: ["a", "b", "news", "c"],
      after: ["a", "b", "news", "x", "c"]
    },
    {
      title: "a step that is not recorded yet was taken out",
      before: ["a", "b", "news", "c"],
      after: ["a", "b", "news"]
    },
    {
      title: "a timer was added behind the recorded steps",
      before: ["a", "news", "c"],
      after: ["a", "news", "nap", "c"]
    },
    { title: "branches were swapped", before: ["pair", "news", "c"], after: ["swappedPair", "news", "c"] }
  ]
  for (const { after, before, title } of harmless) {
    it.effect(`goes on when ${title}`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const run = yield* first(journal, deeds, before)
        const done = deeds.length
        const changed = yield* begin(journal, { handlers: handlersOf(deeds, after) })
        yield* changed.do(news1(run))
        yield* changed.quiet
        yield* TestClock.adjust("1 hour")
        yield* until(() => journal.runs.get(run)?.state === "completed")
        assert.deepStrictEqual(deeds.slice(done), after.filter((step) => step === "x" || step === "c"))
        yield* changed.stop
      }))
  }

  it.effect("is parked in its first process too, when two steps have one name", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = work.toLayer(() =>
        Effect.gen(function*() {
          yield* deed(deeds, "a")
          yield* Activity.make({ name: "a", execute: Effect.sync(() => void deeds.push("the other a")) })
        })
      )
      const life = yield* begin(journal, { handlers })
      const run = yield* life.do(work.execute({ id: "r" }, { discard: true }))
      yield* until(() => journal.runs.get(run)?.state === "parked")
      assert.match(journal.runs.get(run)?.error?.message ?? "", /takes the step "a" twice/)
      assert.deepStrictEqual(deeds, ["a"])
      yield* life.stop
    }))
})
