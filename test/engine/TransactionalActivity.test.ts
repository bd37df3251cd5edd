import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { largestEntry } from "../../src/domain/RunEntry.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import * as TransactionalActivity from "../../src/engine/TransactionalActivity.ts"
import { type Statement, Surreal } from "../../src/services/Surreal.ts"
import { SurrealError } from "../../src/services/SurrealError.ts"
import * as AwayJournal from "../support/AwayJournal.ts"
import { Refused } from "../support/Deeds.ts"
import { begin } from "../support/EngineLives.ts"
import { storeTest } from "../support/StoreTest.ts"
import { until } from "../support/Turns.ts"

const work = Workflow.make("work", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Schema.Union([Refused, SurrealError]),
  idempotencyKey: ({ id }) => id
})

interface Counts {
  prepared: number
  planned: number
}

/** A workflow of one transactional activity; `write` is asked anew for each plan, with its number. */
const writing = (
  counts: Counts,
  write: (id: string, plan: number) => { readonly writes: ReadonlyArray<Statement>; readonly success: string },
  prepare: Effect.Effect<void, Refused> = Effect.void
) =>
  work.toLayer(({ id }) =>
    TransactionalActivity.make({
      name: "write",
      success: Schema.String,
      error: Refused,
      prepare: Effect.andThen(prepare, Effect.sync(() => void counts.prepared++)),
      plan: () => Effect.sync(() => write(id, ++counts.planned))
    })
  )

const create = (key: string): Statement => ({ sql: "CREATE type::record('thing', $key)", vars: { key } })
const count: Statement = { sql: "UPSERT thing:counter SET n += 1" }
const refusal: Statement = { sql: "THROW 'no such luck'" }

const start = (id: string) => work.execute({ id }, { discard: true })

const stateOf = (journal: Journal, run: string) => Effect.map(journal.rows([run]), ([row]) => row?.state)

const isOver = (journal: Journal, run: string) =>
  until(() => Effect.map(stateOf(journal, run), (state) => state === "completed" || state === "failed"))

const keys = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.String), "SELECT VALUE record::id(id) FROM thing")
)

const counter = Effect.flatMap(
  Surreal,
  (surreal) => surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE n FROM thing:counter")
)

/** A journal in the real store, with the table that the activities write. */
const stored = Effect.gen(function*() {
  const surreal = yield* Surreal
  yield* surreal.execute("DEFINE TABLE thing SCHEMALESS")
  return yield* RunJournal
})

const onStore = Effect.provide(RunJournal.layer.pipe(Layer.provideMerge(storeTest)))

describe("a transactional activity", () => {
  it.live("commits its writes with its result", () =>
    Effect.gen(function*() {
      const journal = yield* stored
      const counts: Counts = { prepared: 0, planned: 0 }
      const life = yield* begin(journal, { handlers: writing(counts, (id) => ({ writes: [create(id)], success: id })) })
      assert.strictEqual(yield* life.do(work.execute({ id: "a" })), "a")
      assert.deepStrictEqual(yield* keys, ["a"])
      assert.deepStrictEqual(counts, { prepared: 1, planned: 1 })
      yield* life.stop
    }).pipe(onStore))

  for (const applied of [false, true]) {
    it.live(`writes once when the process ends ${applied ? "after" : "before"} any of its commits`, () =>
      Effect.gen(function*() {
        const journal = yield* stored
        for (let at = 1, crashed = true; crashed; at++) {
          const counts: Counts = { prepared: 0, planned: 0 }
          const id = `${at}`
          const handlers = writing(counts, () => ({ writes: [count, create(id)], success: id }))
          const first = yield* begin(journal, { handlers, crash: { at, applied } })
          yield* first.attempt(start(id))
          const run = yield* work.executionId({ id })
          yield* until(() => Effect.map(stateOf(journal, run), (state) => first.isDead() || state === "completed"))
          crashed = first.isDead()
          yield* first.crash
          const second = yield* begin(journal, { handlers })
          yield* second.do(start(id))
          yield* isOver(journal, run)
          assert.strictEqual(yield* stateOf(journal, run), "completed")
          assert.deepStrictEqual(yield* counter, [at])
          yield* second.stop
        }
      }).pipe(onStore))
  }

  it.live("fails with the store's error when its writes are refused, leaves nothing, and harms no other run", () =>
    Effect.gen(function*() {
      const journal = yield* stored
      const counts: Counts = { prepared: 0, planned: 0 }
      const life = yield* begin(journal, {
        handlers: writing(counts, (id) => ({
          writes: id === "bad" ? [create("half"), refusal] : [create(id)],
          success: id
        }))
      })
      const ids = ["one", "bad", "two"]
      const results = yield* life.do(
        Effect.forEach(ids, (id) => Effect.result(work.execute({ id })), { concurrency: "unbounded" })
      )
      assert.deepStrictEqual(results.map(({ _tag }) => _tag), ["Success", "Failure", "Success"])
      const error = yield* Effect.flip(life.do(work.execute({ id: "bad" })))
      assert.strictEqual(error._tag === "SurrealError" ? error.reason._tag : error._tag, "QueryFailed")
      assert.deepStrictEqual(yield* keys, ["one", "two"])
      assert.strictEqual(counts.prepared, 3)
      yield* life.stop
    }).pipe(onStore))

  it.live("is planned again when another transaction was faster, and not prepared again", () =>
    Effect.gen(function*() {
      const journal = yield* stored
      const surreal = yield* Surreal
      yield* surreal.transaction([create("1"), create("2")])
      const counts: Counts = { prepared: 0, planned: 0 }
      const life = yield* begin(journal, {
        handlers: writing(counts, (_, plan) => ({ writes: [count, create(`${plan}`)], success: `${plan}` }))
      })
      assert.strictEqual(yield* life.do(work.execute({ id: "a" })), "3")
      assert.deepStrictEqual(counts, { prepared: 1, planned: 3 })
      assert.deepStrictEqual(yield* counter, [1])
      yield* life.stop
    }).pipe(onStore))

  it.live("gives up a race that it loses again and again", () =>
    Effect.gen(function*() {
      const journal = yield* stored
      const surreal = yield* Surreal
      yield* surreal.transaction([create("taken")])
      const counts: Counts = { prepared: 0, planned: 0 }
      const life = yield* begin(journal, {
        handlers: writing(counts, () => ({ writes: [count, create("taken")], success: "" }))
      })
      const error = yield* Effect.flip(life.do(work.execute({ id: "a" })))
      assert.strictEqual(error._tag === "SurrealError" ? error.reason._tag : error._tag, "AlreadyExists")
      assert.deepStrictEqual(counts, { prepared: 1, planned: 4 })
      assert.deepStrictEqual(yield* counter, [])
      yield* life.stop
    }).pipe(onStore))

  it.live("writes once when the answer to its commit is lost", () =>
    Effect.gen(function*() {
      const journal = yield* stored
      const counts: Counts = { prepared: 0, planned: 0 }
      let commits = 0
      const forgetful: Journal = {
        ...journal,
        commit: (changes) =>
          Effect.andThen(
            journal.commit(changes),
            Effect.suspend(() => ++commits % 2 === 1 ? Effect.fail(AwayJournal.gone) : Effect.void)
          )
      }
      const life = yield* begin(forgetful, {
        handlers: writing(counts, (id) => ({ writes: [count], success: id }))
      })
      for (const id of ["a", "b", "c"]) assert.strictEqual(yield* life.do(work.execute({ id })), id)
      assert.deepStrictEqual(yield* counter, [3])
      assert.deepStrictEqual(counts, { prepared: 3, planned: 3 })
      yield* life.stop
    }).pipe(onStore))

  it.effect("fails when its result is too large for the journal, and writes nothing", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const success = "x".repeat(largestEntry + 1)
      const life = yield* begin(journal, {
        handlers: writing({ prepared: 0, planned: 0 }, () => ({ writes: [count], success }))
      })
      const error = yield* Effect.flip(life.do(work.execute({ id: "a" })))
      assert.match(error.message, /the result of activity write is .* characters/)
      assert.deepStrictEqual(journal.written, [])
      yield* life.stop
    }).pipe(onStore))

  it.effect("keeps a failure to prepare, and plans nothing", () =>
    Effect.gen(function*() {
      const journal = JournalMemory.make()
      const counts: Counts = { prepared: 0, planned: 0 }
      const handlers = writing(
        counts,
        () => ({ writes: [count], success: "" }),
        Effect.fail(new Refused({ why: "no" }))
      )
      const life = yield* begin(journal, { handlers })
      const errors = yield* life.do(
        Effect.all([Effect.flip(work.execute({ id: "a" })), Effect.flip(work.execute({ id: "a" }))])
      )
      assert.deepStrictEqual(errors.map(({ message, _tag }) => `${_tag}${message}`), ["Refused", "Refused"])
      assert.strictEqual(counts.planned, 0)
      yield* life.stop
    }).pipe(onStore))

  it.live("writes on another engine too", () =>
    Effect.gen(function*() {
      yield* stored
      const handlers = writing({ prepared: 0, planned: 0 }, (id) => ({ writes: [create(id)], success: id }))
      const result = yield* work.execute({ id: "a" }).pipe(
        Effect.provide(Layer.provideMerge(handlers, WorkflowEngine.layerMemory))
      )
      assert.strictEqual(result, "a")
      assert.deepStrictEqual(yield* keys, ["a"])
    }).pipe(onStore))
})
