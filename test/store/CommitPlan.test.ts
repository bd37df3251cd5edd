import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Metric, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { type Key, Write } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"
import { connection, counts, define, live, page, row, stored, upsert } from "./CommitTest.ts"

/** What the metrics say of a stream's records. */
const metered = Effect.fnUntraced(function*(stream: string, outcome: string) {
  const found = (yield* Metric.snapshot).find(({ attributes, id }) =>
    id === "glider_records_total" && attributes?.["stream"] === stream && attributes["outcome"] === outcome
  )
  return found?.type === "Counter" ? Number(found.state.count) : 0
})

layer(Commit.layer.pipe(Layer.provideMerge(storeTest)))("store/CommitPlan", (it) => {
  it.effect("says what a page will do before it is done, for a transaction of the caller's", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const commit = yield* Commit
      const table = yield* define("planned")
      const rows = Array.from({ length: 600 }, (_, index) => row(`${index}`, `${index}`))
      yield* counts(page(table, [upsert(table, rows)]))
      const planned = yield* commit.plan(page(table, [
        Write.Tombstone({ table, keys: rows.slice(0, 2).map(({ key }) => key) }),
        upsert(table, [row("2", "two"), row("new", "new")], Option.some("l1")),
        Write.Sweep({ table, prefix: [connection, "home"], listing: "l1", where: "title != '3'", vars: {} })
      ], "t1"))
      assert.deepStrictEqual([planned.stream, planned.counts.created, planned.counts.updated, planned.counts.deleted], [
        table,
        1,
        1,
        598
      ])
      assert.lengthOf(yield* live(table), 600)
      yield* surreal.transaction([...planned.statements, { sql: `CREATE ${table}_state:journal SET token = 'own'` }])
      assert.deepStrictEqual(yield* live(table), ["3", "new", "two"])
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.String), `SELECT VALUE token FROM ${table}_state ORDER BY token`),
        ["own", "t1"]
      )
      assert.strictEqual(yield* metered(table, "deleted"), 0)
      yield* commit.committed(planned)
      assert.strictEqual(yield* metered(table, "deleted"), 598)
    }))

  it.effect("leaves the mark of a listing under way on rows that a write without one changes", () =>
    Effect.gen(function*() {
      const table = yield* define("marked")
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b")], Option.some("l1"))]))
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b")], Option.some("l2"))]))
      yield* counts(page(table, [upsert(table, [row("1", "changed"), row("3", "new")])]))
      const sweep = Write.Sweep({ table, prefix: [connection], listing: "l2", where: "true", vars: {} })
      yield* counts(page(table, [sweep]))
      assert.deepStrictEqual(yield* live(table), ["b", "changed"])
    }))

  it.effect("counts a row once that several writes of a page remove, and keeps one that a later write brings", () =>
    Effect.gen(function*() {
      const table = yield* define("once")
      const keyOf = (id: string): Key => [connection, "home", id]
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b"), row("3", "c"), row("4", "d")])]))
      const done = yield* counts(page(table, [
        Write.Tombstone({ table, keys: [keyOf("1"), keyOf("1"), keyOf("2")] }),
        Write.Retain({ table, prefix: [connection], where: "title != 'd'", vars: {}, keep: [keyOf("none")] }),
        upsert(table, [row("2", "b")], Option.some("l1")),
        Write.Sweep({ table, prefix: [connection], listing: "l1", where: "true", vars: {} })
      ]))
      assert.deepStrictEqual(done, { created: 0, updated: 1, unchanged: 0, deleted: 4 })
      assert.deepStrictEqual(yield* live(table), ["b"])
      const [a, , c] = yield* stored(table)
      assert.deepStrictEqual([a?.deleted_by, c?.deleted_by], ["provider", "reconcile"])
    }))

  it.effect("plans a page again when another writer was faster", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const commit = yield* Commit
      const table = yield* define("faster")
      const both = page(table, [upsert(table, [row("1", "a"), row("2", "b")])])
      const late = yield* commit.plan(both)
      yield* counts(page(table, [upsert(table, [row("1", "a")])]))
      const refused = yield* Effect.flip(surreal.transaction(late.statements))
      assert.strictEqual(refused.reason._tag, "AlreadyExists")
      assert.deepStrictEqual(yield* counts(both), { created: 1, updated: 0, unchanged: 1, deleted: 0 })
    }))

  it.effect("sweeps nothing that another writer has listed since it was planned", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const commit = yield* Commit
      const table = yield* define("listed_since")
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b")])]))
      const planned = yield* commit.plan(
        page(table, [Write.Sweep({ table, prefix: [connection], listing: "l1", where: "true", vars: {} })])
      )
      yield* counts(page(table, [upsert(table, [row("1", "a")], Option.some("l1"))]))
      yield* surreal.transaction(planned.statements)
      assert.deepStrictEqual(yield* live(table), ["a"])
    }))
})
