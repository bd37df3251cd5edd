import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric } from "effect"
import * as Series from "../src/Series.ts"

const seen = Effect.map(Metric.snapshot, (all) => all.map(({ attributes, state }) => ({ attributes, state })))

const alone = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => Effect.provideService(test, Metric.MetricRegistry, new Map()))

describe("Series", () => {
  it.effect("counts what comes after the limit as other, whatever its labels say", () =>
    Effect.gen(function*() {
      const family = Series.counter("test_bounded_total", { description: "d", labels: ["a", "b"], limit: 2 })
      for (let at = 0; at < 100; at++) yield* family.update({ a: `a${at}`, b: "b" }, 1)
      yield* family.update({ a: "a0", b: "b" }, 1)
      assert.deepStrictEqual(yield* seen, [
        { attributes: { a: "a0", b: "b" }, state: { count: 2, incremental: true } },
        { attributes: { a: "a1", b: "b" }, state: { count: 1, incremental: true } },
        { attributes: { a: "other", b: "other" }, state: { count: 98, incremental: true } }
      ])
    }).pipe(alone))

  it.effect("counts for each registry apart, and keeps the places of the seeds", () =>
    Effect.gen(function*() {
      const family = Series.counter("test_apart_total", {
        description: "d",
        labels: ["a"],
        limit: 2,
        seeds: [{ a: "seed" }]
      })
      const said = Effect.gen(function*() {
        for (const a of ["one", "two", "seed"]) yield* family.update({ a }, 1)
        return (yield* seen).map(({ attributes }) => attributes)
      })
      const expected = [{ a: "one" }, { a: "other" }, { a: "seed" }]
      for (let registry = 0; registry < 2; registry++) {
        assert.sameDeepMembers([...(yield* alone(said))], expected)
      }
    }))

  it.effect("has its seeds at zero once they are sown, and leaves what was counted as it is", () =>
    Effect.gen(function*() {
      const seeded = Series.counter("test_seeded_total", { description: "d", labels: ["a"], seeds: [{ a: "x" }] })
      const bare = Series.gauge("test_bare", { description: "d", labels: [] })
      yield* Effect.andThen(seeded.sow, bare.sow)
      yield* seeded.update({ a: "x" }, 3)
      yield* bare.modify({}, 2)
      yield* bare.modify({}, -1)
      yield* Effect.andThen(seeded.sow, bare.sow)
      assert.deepStrictEqual(yield* seen, [
        { attributes: { a: "x" }, state: { count: 3, incremental: true } },
        { attributes: {}, state: { value: 1 } }
      ])
    }).pipe(alone))
})
