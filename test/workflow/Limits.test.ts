import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, Workflow, WorkflowEngine } from "effect/workflow"
import * as DurableActivity from "../../src/workflow/DurableActivity.ts"
import * as Limits from "../../src/workflow/Limits.ts"
import { until } from "../support/Turns.ts"
import { engines, joinInTime, on, settle } from "./Engines.ts"
import { Gauge } from "./Gauge.ts"
import { type Dice, dice } from "./Programs.ts"

/** A run that works for a second, then runs its children, one after the other or all at once, and works again. */
interface Tree {
  readonly id: string
  readonly children: ReadonlyArray<Tree>
  readonly atOnce: boolean
  readonly sleeps: boolean
}
const Tree: Schema.Codec<Tree> = Schema.Struct({
  id: Schema.String,
  children: Schema.Array(Schema.suspend(() => Tree)),
  atOnce: Schema.Boolean,
  sleeps: Schema.Boolean
})

const leaf = (id: string): Tree => ({ id, children: [], atOnce: false, sleeps: false })
const parent = (id: string, children: ReadonlyArray<Tree>, atOnce = false): Tree => ({ ...leaf(id), children, atOnce })

const named = (name: string) =>
  Workflow.make(name, { payload: { tree: Tree }, success: Schema.Finite, idempotencyKey: ({ tree }) => tree.id })
const Work = named("Work")
const Other = named("Other")

const handler = (workflow: typeof Work, gauge: Gauge) =>
  workflow.toLayer(Effect.fnUntraced(function*({ tree }) {
    const { atOnce, children, sleeps } = tree
    yield* Activity.make({ name: "work", execute: gauge.during(Effect.sleep("1 second")) })
    if (sleeps) yield* DurableClock.sleep({ name: "sleep", duration: "1 minute", inMemoryThreshold: 0 })
    const sums = yield* Effect.forEach(
      children,
      (child) => (child.id.endsWith("!") ? Other : workflow).execute({ tree: child }),
      { concurrency: atOnce ? "unbounded" : 1 }
    )
    if (children.length > 0) yield* Activity.make({ name: "sum", execute: gauge.during(Effect.sleep("1 second")) })
    return sums.reduce((sum, one) => sum + one, 1)
  }))

const sizeOf = ({ children }: Tree): number => children.reduce((sum, child) => sum + sizeOf(child), 1)

const tree = (throws: Dice, id: string, depth: number): Tree => ({
  id,
  children: depth === 0 ?
    [] :
    Array.from({ length: throws(4) }, (_, at) => tree(throws, `${id}${at}${throws(4) === 0 ? "!" : ""}`, depth - 1)),
  atOnce: throws(2) === 0,
  sleeps: throws(3) === 0
})

const suite = (title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>): void => {
  /** Runs the trees on an engine with limits, and says what came of them and how many were at work at once. */
  const run = Effect.fnUntraced(function*(limits: Limits.EngineLimits, trees: ReadonlyArray<Tree>) {
    const gauge = new Gauge()
    const handlers = Layer.merge(handler(Work, gauge), handler(Other, gauge))
    const sums = yield* on(Layer.provide(Limits.workflow(limits), engine))(handlers)(
      Effect.gen(function*() {
        const all = Effect.forEach(trees, (tree) => Work.execute({ tree }), { concurrency: "unbounded" })
        return yield* joinInTime(yield* Effect.forkChild(all))
      })
    )
    assert.deepStrictEqual(sums, trees.map(sizeOf))
    return { most: gauge.most, seconds: (yield* Clock.currentTimeMillis) / 1_000 }
  })
  const leaves = (count: number) => Array.from({ length: count }, (_, at) => leaf(`leaf ${at}`))

  describe(`workflow/Limits on ${title}`, () => {
    it.effect("bounds nothing unless told to", () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* run({}, leaves(6))).most, 6)
      }))

    it.effect("bounds all runs together", () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* run({ concurrency: 2 }, leaves(6))).most, 2)
      }))

    it.effect("bounds each workflow by itself", () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* run({ each: 3 }, leaves(6))).most, 3)
      }))

    it.effect("bounds one workflow by name, and more strictly than the others", () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* run({ each: 5, workflows: { Work: 1 } }, leaves(4))).most, 1)
        assert.strictEqual((yield* run({ each: 1, workflows: { Work: 4 } }, leaves(4))).most, 4)
        assert.strictEqual((yield* run({ concurrency: 2, workflows: { Work: 3 } }, leaves(4))).most, 2)
      }))

    it.effect("lets so many runs of a workflow start in a time, and does not count those that wake", () =>
      Effect.gen(function*() {
        const trees = leaves(6).map((leaf) => ({ ...leaf, sleeps: true }))
        const { seconds } = yield* run({ starts: { Work: { limit: 1, per: Duration.minutes(5) } } }, trees)
        assert.isAtLeast(seconds, 5 * 300)
        assert.isBelow(seconds, 6 * 300)
      }))

    it.effect("lets others work while a run is suspended", () =>
      Effect.gen(function*() {
        const trees = leaves(10).map((leaf) => ({ ...leaf, sleeps: true }))
        const { most, seconds } = yield* run({ concurrency: 1 }, trees)
        assert.strictEqual(most, 1)
        assert.isBelow(seconds, 300) // one after the other, it would be ten minutes
      }))

    it.effect("does not let parents and children of one workflow wait for each other", () =>
      Effect.gen(function*() {
        const deep = parent("a", [parent("b", [parent("c", [leaf("d")])])])
        assert.strictEqual((yield* run({ each: 1, concurrency: 1 }, [deep])).most, 1)
      }))

    it.effect("does not let an activity and the run it waits for wait for each other", () =>
      Effect.gen(function*() {
        const gauge = new Gauge()
        const family = Other.toLayer(({ tree }) =>
          Activity.make({ name: "delegate", success: Schema.Finite, execute: Work.execute({ tree }) })
        )
        yield* on(Layer.provide(Limits.workflow({ concurrency: 1 }), engine))(
          Layer.merge(family, handler(Work, gauge))
        )(
          Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(Other.execute({ tree: parent("a", leaves(2)) }))
            assert.strictEqual(yield* joinInTime(fiber), 3)
            assert.strictEqual(gauge.most, 1)
          })
        )
      }))

    it.effect("bounds children as it does any run", () =>
      Effect.gen(function*() {
        const wide = parent("a", leaves(6), true)
        assert.strictEqual((yield* run({ each: 2 }, [wide])).most, 2)
        const both = [parent("a", [parent("b", leaves(3), true), leaf("c!")], true), parent("d", [leaf("e")])]
        assert.strictEqual((yield* run({ concurrency: 1 }, both)).most, 1)
      }))

    it.effect("does not queue again for each child that ended before, when a parent is replayed", () =>
      Effect.gen(function*() {
        const gauge = new Gauge()
        yield* on(Layer.provide(Limits.workflow({ each: 1 }), engine))(handler(Work, gauge))(
          Effect.gen(function*() {
            const family = parent("parent", [...leaves(5), { ...leaf("last"), sleeps: true }])
            const fiber = yield* Effect.forkChild(Work.execute({ tree: family }))
            const last = yield* Work.executionId({ tree: leaf("last") })
            const isOver = Effect.map(Work.poll(last), Option.exists(({ _tag }) => _tag === "Complete"))
            let [before, after] = [0, 0]
            // there is always another run that waits for its turn
            for (let other = 0; fiber.pollUnsafe() === undefined; other++) {
              if (yield* isOver) after++
              else before++
              yield* Effect.forkChild(Work.execute({ tree: leaf(`other ${other}`) }))
              yield* settle
              yield* TestClock.adjust("1 second")
            }
            assert.isAbove(before, 60)
            assert.isAtMost(after, 8)
          })
        )
      }))

    it.effect.prop(
      "keeps its bound and comes to an end, whatever runs have whatever children",
      { seed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 31 - 1 })) },
      ({ seed }) =>
        Effect.gen(function*() {
          const throws = dice(seed)
          const trees = Array.from({ length: 1 + throws(3) }, (_, at) => tree(throws, `${at}:`, 2))
          const concurrency = 1 + throws(3)
          const { most } = yield* run({ concurrency, each: 1 + throws(2) }, trees)
          assert.isAtMost(most, concurrency)
        }),
      { arbitrary: { runs: 15 } }
    )

    it.effect("can be told to stop while it waits for its turn, and gives its place to the next", () =>
      Effect.gen(function*() {
        const gauge = new Gauge()
        const limited = Layer.provide(Limits.workflow({ each: 1 }), engine)
        yield* on(limited)(handler(Work, gauge))(
          Effect.gen(function*() {
            const start = (id: string) => Effect.tap(Effect.forkChild(Work.execute({ tree: leaf(id) })), settle)
            const [first, second, third] = yield* Effect.all([start("1"), start("2"), start("3")])
            yield* until(() => gauge.now === 1)
            const service = yield* WorkflowEngine.WorkflowEngine
            yield* Effect.forkChild(service.interruptUnsafe(Work, yield* Work.executionId({ tree: leaf("2") })))
            assert.strictEqual(yield* joinInTime(first), 1)
            assert.strictEqual(yield* joinInTime(third), 1)
            const exit = yield* Effect.exit(joinInTime(second))
            assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
          })
        )
      }))

    it.effect("bounds every durable activity of its runs", () =>
      Effect.gen(function*() {
        const gauge = new Gauge()
        const body = Effect.forEach(
          [1, 2, 3],
          (name) =>
            DurableActivity.make({
              name: `activity ${name}`,
              success: Schema.Void,
              error: Schema.Never,
              execute: gauge.during(Effect.sleep("1 second"))
            }),
          { concurrency: "unbounded", discard: true }
        )
        const limited = Layer.provide(Limits.workflow({ activities: { concurrency: 2 } }), engine)
        yield* on(limited)(Work.toLayer(() => Effect.orDie(Effect.as(body, 1))))(
          Effect.gen(function*() {
            const all = Effect.forEach(leaves(3), (tree) => Work.execute({ tree }), { concurrency: "unbounded" })
            yield* joinInTime(yield* Effect.forkChild(all))
          })
        )
        assert.strictEqual(gauge.most, 2)
      }))

    it.effect("refuses a bound that nothing could pass", () =>
      Effect.gen(function*() {
        const build = (limits: Limits.EngineLimits) =>
          Effect.exit(on(Layer.provide(Limits.workflow(limits), engine))(handler(Work, new Gauge()))(Effect.void))
        for (
          const [limits, message] of [
            [{ concurrency: 0 }, "limit concurrency: it is 0; set a whole number from 1 up, or leave it out"],
            [{ each: 1.5 }, "limit workflows.Work: it is 1.5; set a whole number from 1 up, or leave it out"],
            [{ activities: { rate: { limit: 0, per: "1 second" } } }, "limit activities.rate: its rate is 0 in 1s; "]
          ] as const
        ) {
          const exit = yield* build(limits)
          assert.isTrue(Exit.isFailure(exit))
          assert.include(Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "", message)
        }
      }))
  })
}

for (const [title, engine] of engines) suite(title, engine)

describe("workflow/Limits", () => {
  it("holds to the contract where nothing is configured", () => {
    assert.deepStrictEqual(Limits.defaults, {
      concurrency: 50,
      activities: { concurrency: 100, rate: { limit: 10, per: "1 second" } }
    })
  })
})
