import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { DurableDeferred } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused, undoing } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { allWait, child, go, parent, patient, release, resultOf, start, stateOf, tokenOf } from "../support/Family.ts"
import { until } from "../support/Turns.ts"

describe("a parent", () => {
  it.effect("joins 200 children, also when the process ends while half of them are at it", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const ids = Array.from({ length: 200 }, (_, index) => `${index}`)
      const handlers = Layer.merge(
        child.toLayer(({ id }) =>
          Effect.gen(function*() {
            const value = Number(id) % 2 === 0 ? "even" : yield* DurableDeferred.await(go)
            yield* deed(deeds, `child ${id}`)
            return value
          })
        ),
        parent.toLayer(() =>
          Effect.gen(function*() {
            const heard = yield* Effect.forEach(ids, (id) => child.execute({ id }), { concurrency: "unbounded" })
            return `${heard.filter((value) => value === "even").length} of ${heard.length}`
          })
        )
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start("p"))
      yield* until(() => deeds.length === 100 && stateOf(journal, run) === "waiting")
      yield* first.crash
      const second = yield* begin(journal, { handlers })
      yield* Effect.forEach(
        ids.filter((id) => Number(id) % 2 === 1),
        (id) => Effect.flatMap(child.executionId({ id }), (childRun) => second.do(release(childRun, "odd"))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(yield* resultOf(journal, run), "100 of 200")
      assert.lengthOf(deeds, 200)
      assert.strictEqual(new Set(deeds).size, 200)
      yield* second.stop
    }))

  it.effect("hears of its child's failure as the typed error, in this process and from the journal", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = Layer.merge(
        patient,
        parent.toLayer(({ id }) =>
          Effect.gen(function*() {
            const why = yield* child.execute({ id }).pipe(
              Effect.catchTag("Refused", ({ why }) => Effect.succeed(`refused: ${why}`))
            )
            yield* deed(deeds, why)
            return yield* DurableDeferred.await(go)
          })
        )
      )
      const first = yield* begin(journal, { handlers })
      const run = yield* first.do(start("a"))
      yield* until(allWait(journal, 2))
      const error = new Refused({ why: "sold out" })
      yield* first.do(DurableDeferred.fail(go, { token: tokenOf(yield* child.executionId({ id: "a" })), error }))
      yield* until(() => deeds.length === 1 && stateOf(journal, run) === "waiting")
      yield* first.crash
      const second = yield* begin(journal, { handlers })
      const token = DurableDeferred.tokenFromExecutionId(go, { workflow: parent, executionId: run })
      yield* second.do(DurableDeferred.succeed(go, { token, value: "end" }))
      assert.strictEqual(yield* resultOf(journal, run), "end")
      assert.deepStrictEqual(deeds, ["refused: sold out"])
      yield* second.stop
    }))

  it.effect("fails with the error of its child when it does not handle it, and compensates", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const deeds: Deeds = []
      const handlers = Layer.merge(
        child.toLayer(() => Effect.fail(new Refused({ why: "sold out" }))),
        parent.toLayer(({ id }) =>
          Effect.andThen(
            parent.withCompensation(deed(deeds, "book"), () => undoing(deeds, "book")),
            child.execute({ id })
          )
        )
      )
      const life = yield* begin(journal, { handlers })
      const error = yield* Effect.flip(life.do(parent.execute({ id: "a" })))
      assert.deepStrictEqual(error, new Refused({ why: "sold out" }))
      assert.deepStrictEqual(deeds, ["book", "undo book"])
      yield* life.stop
    }))

  it.effect("waits for a child that others have started, also over the end of the process", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const handlers = Layer.merge(patient, parent.toLayer(({ id }) => child.execute({ id: id.slice(0, 1) })))
      const first = yield* begin(journal, { handlers })
      yield* first.do(child.execute({ id: "b" }, { discard: true }))
      const parents = yield* first.do(Effect.forEach(["a1", "a2", "b1"], start))
      yield* first.quiet
      yield* first.do(release(yield* child.executionId({ id: "a" }), "a"))
      assert.strictEqual(yield* resultOf(journal, parents[0] ?? ""), "a")
      assert.strictEqual(yield* resultOf(journal, parents[1] ?? ""), "a")
      yield* first.crash
      const second = yield* begin(journal, { handlers })
      yield* second.quiet
      yield* second.do(release(yield* child.executionId({ id: "b" }), "b"))
      assert.strictEqual(yield* resultOf(journal, parents[2] ?? ""), "b")
      yield* second.stop
    }))
})

describe("a child that nobody waits for", () => {
  const detached = (deeds: Deeds, options: { readonly discard: true; readonly detached?: true }) =>
    Layer.merge(
      child.toLayer(({ id }) =>
        Effect.gen(function*() {
          yield* child.withCompensation(deed(deeds, `child ${id}`), () => undoing(deeds, "child"))
          return yield* DurableDeferred.await(go)
        })
      ),
      parent.toLayer(({ id }) =>
        Effect.gen(function*() {
          yield* child.execute({ id }, options)
          if (id === "long") return yield* DurableDeferred.await(go)
          return "parent"
        })
      )
    )

  for (const options of [{ discard: true }, { discard: true, detached: true }] as const) {
    const kind = "detached" in options ? "detached" : "discarded"
    it.effect(`outlives its parent and the process, and is started once: ${kind}`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const first = yield* begin(journal, { handlers: detached(deeds, options) })
        const run = yield* first.do(start("a"))
        assert.strictEqual(yield* resultOf(journal, run), "parent")
        const childRun = yield* child.executionId({ id: "a" })
        yield* until(() => stateOf(journal, childRun) === "waiting")
        yield* first.crash
        const second = yield* begin(journal, { handlers: detached(deeds, options) })
        yield* second.do(release(childRun, "released"))
        assert.strictEqual(yield* resultOf(journal, childRun), "released")
        assert.deepStrictEqual(deeds, ["child a"])
        assert.strictEqual(stateOf(journal, run), "completed")
        yield* second.stop
      }))

    it.effect(`${kind === "detached" ? "goes on" : "is cancelled"} when its parent is cancelled: ${kind}`, () =>
      Effect.gen(function*() {
        const journal = JournalMemory.make()
        const deeds: Deeds = []
        const life = yield* begin(journal, { handlers: detached(deeds, options) })
        const run = yield* life.do(start("long"))
        const childRun = yield* child.executionId({ id: "long" })
        yield* until(allWait(journal, 2))
        yield* life.do(parent.interrupt(run))
        yield* until(() => stateOf(journal, run) === "cancelled")
        yield* life.quiet
        assert.strictEqual(stateOf(journal, childRun), kind === "detached" ? "waiting" : "cancelled")
        yield* life.stop
      }))
  }
})
