import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RunState } from "../../src/domain/Run.ts"
import { EvidenceRetention } from "../../src/retention/EvidenceRetention.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { LegalHolds } from "../../src/store/LegalHolds.ts"
import { isOver } from "../../src/store/RunColumns.ts"
import { runEvidence } from "../../src/store/RunEvidence.ts"
import { Runs } from "../../src/store/Runs.ts"
import { changeOf, commit, millis, open, pages, runRow, runsTest } from "../support/RunRows.ts"

const now = DateTime.makeUnsafe("2026-11-24T00:00:00Z")
const old = "2026-06-01T00:00:00Z"
const young = "2026-11-01T00:00:00Z"

/** Removes what ended more than ninety days ago. */
const prune = Effect.gen(function*() {
  yield* TestClock.setTime(now.epochMilliseconds)
  const [stats] = yield* (yield* EvidenceRetention).runAll(500)
  assert.isDefined(stats)
  assert.strictEqual(stats.verified, stats.deleted)
  assert.strictEqual(stats.expired, stats.deleted + stats.skipped_in_use)
  return stats.deleted
})

const left = Effect.map(pages(500, Option.none()), (listed) => listed.flat().toSorted())

/** How many rows of the tables of the journal and of the attributes there are. */
const rows = Effect.flatMap(Surreal, (surreal) =>
  surreal.query(
    Schema.Tuple([Schema.Natural, Schema.Natural]),
    "RETURN [count((SELECT 1 FROM journal)), count((SELECT 1 FROM run_attribute))]"
  ))

const clean = Effect.gen(function*() {
  const runs = yield* Runs
  yield* Effect.forEach(yield* left, runs.forget)
})

/** A run with a journal of two segments and two attributes. */
const whole = (...args: Parameters<typeof runRow>) => {
  const row = runRow(...args)
  return changeOf({ ...row, attributes: { user_id: row.id, rating: 1 } }, [{ _tag: "Started", at: 1 }])
}

const overRuns = Layer.unwrap(
  Effect.map(
    Surreal,
    (surreal) => EvidenceRetention.layer([{ evidence: runEvidence(surreal), age: Duration.days(90) }])
  )
)

const retentionTest = overRuns.pipe(
  Layer.provide(LegalHolds.layer),
  Layer.merge(DeadLetters.layer),
  Layer.provideMerge(runsTest)
)

layer(retentionTest)("store/RunEvidence", (it) => {
  it.effect("removes the runs that ended long ago with all that belongs to them, and leaves the young ones", () =>
    Effect.gen(function*() {
      yield* clean
      const over = RunState.literals.filter((state) => isOver({ state }))
      yield* commit([
        ...over.map((state, second) => whole(`old ${state}`, `2026-06-01T00:00:0${second}Z`, { state })),
        ...over.map((state, second) => whole(`young ${state}`, `2026-11-01T00:00:0${second}Z`, { state }))
      ])
      assert.deepStrictEqual(yield* rows, [over.length * 2, over.length * 4])
      assert.strictEqual(yield* prune, over.length)
      assert.strictEqual(yield* prune, 0)
      assert.deepStrictEqual(yield* left, over.map((state) => `young ${state}`).toSorted())
      assert.deepStrictEqual(yield* rows, [over.length, over.length * 2])
    }))

  it.effect("goes by the end of a run, to the millisecond", () =>
    Effect.gen(function*() {
      yield* clean
      const limit = DateTime.subtractDuration(now, Duration.days(90)).epochMilliseconds
      yield* commit([
        whole("long", old, { finishedAt: millis(young) }),
        whole("just old", old, { finishedAt: limit - 1, recency: -1 }),
        whole("just young", old, { finishedAt: limit, recency: -2 }),
        whole("never told", old, { finishedAt: undefined, recency: -3 })
      ])
      assert.strictEqual(yield* prune, 2)
      assert.deepStrictEqual(yield* left, ["just young", "long"])
    }))

  it.effect("keeps runs that are not over, and their children, whose results a replay asks for", () =>
    Effect.gen(function*() {
      yield* clean
      yield* commit([
        whole("running", old, open),
        whole("waiting", "2026-06-01T00:00:01Z", { ...open, state: "waiting" }),
        whole("parked", "2026-06-01T00:00:02Z", { ...open, state: "parked" }),
        whole("stopped", "2026-06-01T00:00:03Z", { ...open, state: "stopped" }),
        whole("child of waiting", "2026-06-01T00:00:04Z", { parent: "waiting" }),
        whole("grandchild", "2026-06-01T00:00:05Z", { parent: "child of waiting" }),
        whole("orphan", "2026-06-01T00:00:06Z", { parent: "pruned before" })
      ])
      assert.strictEqual(yield* prune, 2)
      assert.deepStrictEqual(yield* left, ["child of waiting", "parked", "running", "stopped", "waiting"])
    }))

  it.effect("never removes a dead letter by age, nor its run", () =>
    Effect.gen(function*() {
      yield* clean
      const letters = yield* DeadLetters
      const row = runRow("dead", old, { state: "failed" })
      yield* commit([changeOf(row, [{ _tag: "Started", at: 1, payload: { order: 7 } }], { at: millis(old) })])
      assert.strictEqual(yield* prune, 0)
      assert.isTrue(Option.isSome(yield* letters.get("run:dead")))
      const runs = yield* Runs
      assert.lengthOf(Option.getOrThrow(yield* runs.history("dead")).entries, 1)
      yield* letters.drop(["run:dead"])
      assert.strictEqual(yield* prune, 1)
    }))

  it.effect("goes on past what it keeps, however much there is of it", () =>
    Effect.gen(function*() {
      yield* clean
      yield* commit(Array.from({ length: 700 }, (_, index) =>
        whole(`r${index}`, old, {
          recency: -millis(old) * 1000 - index,
          finishedAt: index % 350 < 250 ? millis(young) : millis(old)
        })))
      assert.strictEqual(yield* prune, 200)
      assert.lengthOf(yield* left, 500)
      assert.deepStrictEqual(yield* rows, [500, 1_000])
    }))
})
