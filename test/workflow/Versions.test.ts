import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Fiber, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableClock, Workflow, WorkflowEngine } from "effect/workflow"
import * as Versions from "../../src/workflow/Versions.ts"
import { until } from "../support/Turns.ts"
import { engines, on } from "./Engines.ts"

const Work = Workflow.make("Work", {
  payload: { id: Schema.String },
  success: Schema.String,
  idempotencyKey: ({ id }) => id
})

/** Ids as engines make them: digests. */
const ids = (count: number) =>
  Effect.forEach(Array.from({ length: count }), (_, at) => Work.executionId({ id: `${at}` }))

const isSuspended = Effect.fnUntraced(function*(id: string) {
  const result = yield* Work.poll(yield* Work.executionId({ id }))
  return Option.exists(result, ({ _tag }) => _tag === "Suspended")
})

const counts = (versions: ReadonlyArray<Versions.Rolled>, of: ReadonlyArray<string>) => {
  const pick = Versions.pick(versions)
  const counted = new Map<number, number>()
  for (const id of of) counted.set(pick(id), (counted.get(pick(id)) ?? 0) + 1)
  return (version: number) => (counted.get(version) ?? 0) / of.length
}

const says = (version: string) => () => Effect.succeed(version)

const share = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))

const dies = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<unknown, never, R> =>
  Effect.map(Effect.exit(effect), (exit) => Exit.isFailure(exit) ? Cause.squash(exit.cause) : "nothing")

describe("workflow/Versions", () => {
  it.effect("gives a version its share of ten thousand runs", () =>
    Effect.gen(function*() {
      const many = yield* ids(10_000)
      const share = counts([{ version: 1 }, { version: 2, rollout: 10 }], many)
      assert.isAtLeast(share(2), 0.09)
      assert.isAtMost(share(2), 0.11)
      assert.strictEqual(share(1) + share(2), 1)
      const three = counts([{ version: 3, rollout: 10 }, { version: 1 }, { version: 2, rollout: 30 }], many)
      for (const [version, percent] of [[1, 60], [2, 30], [3, 10]] as const) {
        assert.approximately(three(version), percent / 100, 0.01)
      }
      assert.strictEqual(counts([{ version: 1 }, { version: 2, rollout: 0 }], many)(1), 1)
      assert.strictEqual(counts([{ version: 1 }, { version: 2, rollout: 100 }], many)(2), 1)
    }))

  it.effect("gives a share also of ids that look alike", () =>
    Effect.sync(() => {
      const alike = Array.from({ length: 10_000 }, (_, at) => `sync-anonymous-2026-01-01-${at}`)
      assert.approximately(counts([{ version: 1 }, { version: 2, rollout: 10 }], alike)(2), 0.1, 0.01)
    }))

  it("picks the same for an id in every process and release", () => {
    const pick = Versions.pick([{ version: 1 }, { version: 2, rollout: 50 }])
    assert.deepStrictEqual(["a", "b", "c", "d", "e", "f", "", "ž"].map(pick), [2, 1, 2, 1, 2, 1, 1, 2])
  })

  it.prop("never moves an id to an older version when a share grows", {
    id: Schema.String,
    shares: Schema.Tuple([share, share, share]),
    grown: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 })),
    by: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))
  }, ({ by, grown, id, shares }) => {
    const versions = (grow: number) => [
      { version: 1 },
      ...shares.map((rollout, at) => ({ version: at + 2, rollout: at === grown ? rollout + grow : rollout }))
    ]
    assert.isAtLeast(Versions.pick(versions(by))(id), Versions.pick(versions(0))(id))
  }, { arbitrary: { runs: 2_000 } })

  it("gives the rest to the newest version without a share, else to the oldest", () => {
    const none = (versions: ReadonlyArray<Versions.Rolled>) => Versions.pick(versions)("an id")
    assert.strictEqual(none([{ version: 1 }, { version: 2 }, { version: 3, rollout: 0 }]), 2)
    assert.strictEqual(none([{ version: 3, rollout: 0 }, { version: 2, rollout: 0 }]), 2)
    assert.strictEqual(none([{ version: 7 }]), 7)
  })

  it("says on the workflow which version a run is to begin with", () => {
    const { workflow } = Versions.make(Work, [{ version: 1, execute: says("1") }, {
      version: 2,
      execute: says("2"),
      rollout: 50
    }])
    const pick = Option.getOrThrow(Context.get(workflow.annotations, Versions.Rollout))
    assert.strictEqual(pick("a"), Versions.pick([{ version: 1 }, { version: 2, rollout: 50 }])("a"))
    assert.isTrue(Option.isNone(Context.get(Work.annotations, Versions.Rollout)))
  })

  it.effect("refuses versions that contradict each other, and says all that is wrong", () =>
    Effect.gen(function*() {
      const problems = Effect.fnUntraced(function*(versions: ReadonlyArray<Versions.Rolled>) {
        const { layer } = Versions.make(Work, versions.map((version) => ({ ...version, execute: says("") })))
        return yield* dies(on(WorkflowEngine.layerMemory)(layer)(Effect.void))
      })
      assert.strictEqual(yield* problems([{ version: 1 }]), "nothing")
      assert.strictEqual(
        String(yield* problems([{ version: 2 }, { version: 2, rollout: 101 }, { version: 0.5, rollout: -1 }])),
        "InvalidVersions: the versions of Work: version 2 is there twice; the rollout of version 2 is 101, not 0 to 100; " +
          "0.5 is not a whole number from 1 up; the rollout of version 0.5 is -1, not 0 to 100"
      )
      assert.include(
        String(yield* problems([{ version: 1, rollout: 60 }, { version: 2, rollout: 50 }])),
        "the rollouts add up to 110, and to 100 at most they may"
      )
      assert.include(
        String(yield* problems([{ version: 1 }, { version: 2, rollout: Number.NaN }])),
        "is NaN, not 0 to 100"
      )
      assert.include(String(yield* problems([])), "there is none; give one at least")
    }))

  it.effect("takes the engine's word for the version of a run", () =>
    Effect.gen(function*() {
      const { layer } = Versions.make(Work, [
        { version: 1, execute: says("old"), rollout: 0 },
        { version: 2, execute: says("new"), rollout: 100 }
      ])
      const recorded = (version: number) =>
        Layer.provide(layer, Layer.succeed(Versions.RunVersion, { current: Option.some(version) }))
      assert.strictEqual(yield* on(WorkflowEngine.layerMemory)(recorded(1))(Work.execute({ id: "1" })), "old")
      const error = yield* on(WorkflowEngine.layerMemory)(recorded(3))(dies(Work.execute({ id: "1" })))
      assert.strictEqual(
        String(error),
        "UnknownVersion: a run of Work began with version 3, and there are only 1, 2; keep the code of a version until " +
          "its last run has ended (docs/workflows.md)"
      )
    }))
})

const suite = (title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>): void => {
  describe(`workflow/Versions on ${title}`, () => {
    it.effect("runs each version on its share", () =>
      Effect.gen(function*() {
        const { layer, workflow } = Versions.make(Work, [
          { version: 1, execute: ({ id }) => Effect.succeed(`1 ${id}`) },
          { version: 2, execute: ({ id }) => Effect.succeed(`2 ${id}`), rollout: 50 }
        ])
        const pick = Versions.pick([{ version: 1 }, { version: 2, rollout: 50 }])
        const seen = yield* on(engine)(layer)(
          Effect.forEach(
            Array.from({ length: 40 }, (_, at) => `${at}`),
            Effect.fnUntraced(function*(id) {
              const expected = pick(yield* workflow.executionId({ id }))
              assert.strictEqual(yield* workflow.execute({ id }), `${expected} ${id}`)
              return expected
            })
          )
        )
        assert.sameMembers([...new Set(seen)], [1, 2])
      }))

    it.effect("ends a run with the version it began with, however the shares change meanwhile", () =>
      Effect.gen(function*() {
        const night = DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })
        const code = (version: string) => () =>
          Effect.as(Effect.andThen(Activity.make({ name: `step ${version}`, execute: Effect.void }), night), version)
        const old = { version: 1, execute: code("old") }
        const before = Versions.make(Work, [old])
        const after = Versions.make(Work, [old, { version: 2, execute: code("new"), rollout: 100 }])
        const results = yield* on(engine)(before.layer)(
          Effect.gen(function*() {
            const first = yield* Effect.forkChild(Work.execute({ id: "first" }))
            yield* until(() => isSuspended("first"))
            yield* Layer.build(after.layer)
            const second = yield* Effect.forkChild(after.workflow.execute({ id: "second" }))
            yield* until(() => isSuspended("second"))
            yield* TestClock.adjust("8 hours")
            return [yield* Fiber.join(first), yield* Fiber.join(second)]
          })
        )
        assert.deepStrictEqual(results, ["old", "new"])
      }))
  })
}

for (const [title, engine] of engines) suite(title, engine)
