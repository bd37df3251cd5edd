import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { type Key, type Row, Write } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"
import { connection, counts, define, live, page, row, stored, upsert } from "./CommitTest.ts"

layer(Commit.layer.pipe(Layer.provideMerge(storeTest)))("store/Commit", (it) => {
  it.effect("tells new, changed and unchanged rows apart and writes a repeated page once", () =>
    Effect.gen(function*() {
      const table = yield* define("told_apart")
      const both = page(table, [upsert(table, [row("1", "a"), row("2", "b"), row("2", "b")])], "t1")
      assert.deepStrictEqual(yield* counts(both), { created: 2, updated: 0, unchanged: 0, deleted: 0 })
      assert.deepStrictEqual(yield* counts(both), { created: 0, updated: 0, unchanged: 2, deleted: 0 })
      const next = page(table, [upsert(table, [row("1", "a2"), row("2", "b"), row("3", "c")])])
      assert.deepStrictEqual(yield* counts(next), { created: 1, updated: 1, unchanged: 1, deleted: 0 })
      assert.deepStrictEqual(yield* live(table), ["a2", "b", "c"])
    }))

  it.effect("clears a column that the record no longer has", () =>
    Effect.gen(function*() {
      const table = yield* define("cleared")
      const key: Key = [connection, "home", "1"]
      yield* counts(page(table, [upsert(table, [{ key, fields: { title: "a", place: "Brno" }, raw: {} }])]))
      yield* counts(page(table, [upsert(table, [{ key, fields: { title: "a", place: undefined }, raw: { v: 2 } }])]))
      const surreal = yield* Surreal
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.Unknown), `SELECT VALUE place = NONE FROM ${table}`),
        [true]
      )
    }))

  it.effect("keeps a deleted row as a tombstone that says when and by whom, and brings it back", () =>
    Effect.gen(function*() {
      const table = yield* define("tombstones")
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b")])]))
      const keys = [[connection, "home", "1"], [connection, "home", "never seen"]]
      const gone = page(table, [Write.Tombstone({ table, keys })])
      assert.strictEqual((yield* counts(gone)).deleted, 1)
      assert.strictEqual((yield* counts(gone)).deleted, 0)
      const [a] = yield* stored(table)
      assert.deepStrictEqual(a?.deleted_at, Option.some(DateTime.makeUnsafe(0)))
      assert.strictEqual(a?.deleted_by, "provider")
      assert.strictEqual((yield* counts(page(table, [upsert(table, [row("1", "a")])]))).updated, 1)
      assert.deepStrictEqual(yield* live(table), ["a", "b"])
    }))

  it.effect("sweeps what a full listing did not show, inside what it asked for, of its own calendar", () =>
    Effect.gen(function*() {
      const table = yield* define("swept")
      const other: Row = { key: [connection, "work", "1"], fields: { title: "work" }, raw: {} }
      yield* counts(page(table, [upsert(table, [row("1", "kept"), row("2", "gone"), row("3", "old"), other])]))
      yield* counts(page(table, [upsert(table, [row("1", "kept"), row("4", "new")], Option.some("l1"))]))
      const sweep = Write.Sweep({
        table,
        prefix: [connection, "home"],
        listing: "l1",
        where: "title != $outside",
        vars: { outside: "old" }
      })
      assert.strictEqual((yield* counts(page(table, [sweep]))).deleted, 1)
      assert.deepStrictEqual(yield* live(table), ["kept", "new", "old", "work"])
    }))

  it.effect("removes from a window what is no longer listed, and nothing when nothing is listed", () =>
    Effect.gen(function*() {
      const table = yield* define("retained")
      yield* counts(page(table, [upsert(table, [row("1", "a"), row("2", "b"), row("3", "outside")])]))
      const retain = (keep: ReadonlyArray<Key>) =>
        page(table, [
          Write.Retain({ table, prefix: [connection], where: "title IN $window", vars: { window: ["a", "b"] }, keep })
        ])
      assert.strictEqual((yield* counts(retain([]))).deleted, 0)
      assert.strictEqual((yield* counts(retain([[connection, "home", "2"]]))).deleted, 1)
      assert.deepStrictEqual(yield* live(table), ["b", "outside"])
    }))

  it.effect("looks only between the ids it is told", () =>
    Effect.gen(function*() {
      const table = yield* define("between")
      const at = (millis: number): Row => ({
        key: [connection, millis, "ring"],
        fields: { title: `${millis}` },
        raw: {}
      })
      yield* counts(page(table, [upsert(table, [100, 200, 300, 400].map(at))]))
      const window = Write.Retain({
        table,
        prefix: [connection],
        between: [200, 400],
        where: "true",
        vars: {},
        keep: [at(200).key]
      })
      assert.strictEqual((yield* counts(page(table, [window]))).deleted, 1)
      assert.deepStrictEqual(yield* live(table), ["100", "200", "400"])
    }))

  it.effect("commits rows and cursor together or not at all", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const table = yield* define("together")
      yield* surreal.execute(`DEFINE FIELD token ON ${table}_state TYPE string ASSERT $value != 'refused'`)
      yield* counts(page(table, [upsert(table, [row("1", "a")])], "first"))
      const commit = yield* Commit
      yield* Effect.flip(commit.page(page(table, [upsert(table, [row("2", "b")])], "refused")))
      assert.deepStrictEqual(yield* live(table), ["a"])
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.String), `SELECT VALUE token FROM ${table}_state`),
        ["first"]
      )
    }))

  it.effect("quarantines a record once, with its raw text, and stores a gap once", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const at = DateTime.makeUnsafe("2026-01-01T00:00:00Z")
      const found = page("plays", [
        Write.Quarantine({ stream: "plays", connection, records: [{ raw: { bad: "\u0000⟩" }, problem: "no track" }] }),
        Write.Gap({ stream: "plays", connection, from: at, to: DateTime.add(at, { hours: 1 }), reason: "50 new plays" })
      ])
      const commit = yield* Commit
      const first = yield* commit.page(found)
      yield* commit.page(found)
      assert.deepStrictEqual([first.quarantined, first.gaps], [1, 1])
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.String), "SELECT VALUE raw FROM quarantine"),
        [JSON.stringify({ bad: "\u0000⟩" })]
      )
      assert.lengthOf(yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM sync_gap"), 1)
    }))

  it.effect("commits more rows than one statement holds", () =>
    Effect.gen(function*() {
      const table = yield* define("many")
      const rows = Array.from({ length: 1201 }, (_, index) => row(`${index}`, `${index}`))
      assert.strictEqual((yield* counts(page(table, [upsert(table, rows)]))).created, 1201)
      assert.strictEqual((yield* counts(page(table, [upsert(table, rows, Option.some("l"))]))).unchanged, 1201)
      assert.strictEqual(
        (yield* counts(page(table, [Write.Retain({
          table,
          prefix: [connection],
          where: "true",
          vars: {},
          keep: rows.slice(0, 1000).map(({ key }) => key)
        })]))).deleted,
        201
      )
    }))
})
