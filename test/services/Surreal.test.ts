import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Instant, Key, OptionalInstant, recordId } from "../../src/services/SurrealValue.ts"
import { memoryStoreTest, surrealTest } from "../support/StoreTest.ts"

const hostile = ["a@b.c", "it's", "x-y.z", "⟨v⟩", "`;DELETE note;", "\"q\"", "$vars", "line\nbreak"]

layer(surrealTest)("services/Surreal", (it) => {
  it.effect("keeps ids with any character apart and gives their parts back", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      for (const id of hostile) {
        yield* surreal.execute("CREATE $id SET v = $v", { id: recordId("hostile", ["google:me@x", id, 7]), v: id })
      }
      const rows = yield* surreal.query(
        Schema.Array(Schema.Struct({ id: Key, v: Schema.String })),
        "SELECT * FROM hostile"
      )
      assert.deepStrictEqual(new Set(rows.map(({ id }) => id[1])), new Set(hostile))
      for (const { id, v } of rows) assert.deepStrictEqual(id, ["google:me@x", v, 7])
    }))

  it.effect("stores instants as datetimes and options as their content or none", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const at = DateTime.makeUnsafe("2026-03-29T01:30:00.123Z")
      yield* surreal.execute("CREATE instants:1 CONTENT $row", {
        row: { at, some: Option.some(at), none: Option.none(), deep: [{ at }] }
      })
      const row = yield* surreal.query(
        Schema.Struct({
          at: Instant,
          some: OptionalInstant,
          none: OptionalInstant,
          text: Schema.String,
          deep: Schema.Array(Schema.Struct({ at: Instant }))
        }),
        "SELECT *, type::string(at) AS text FROM ONLY instants:1"
      )
      assert.deepStrictEqual(row.at, at)
      assert.deepStrictEqual(row.some, Option.some(at))
      assert.deepStrictEqual(row.none, Option.none())
      assert.deepStrictEqual(row.deep[0]?.at, at)
      assert.strictEqual(row.text, "2026-03-29T01:30:00.123Z")
    }))

  it.effect("commits all statements of a transaction or none, and says the cause", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      yield* surreal.execute("DEFINE TABLE twice")
      const error = yield* Effect.flip(surreal.transaction([
        { sql: "CREATE $id", vars: { id: recordId("twice", ["a"]) } },
        { sql: "CREATE $id", vars: { id: recordId("twice", ["b"]) } },
        { sql: "CREATE $id", vars: { id: recordId("twice", ["a"]) } }
      ]))
      assert.strictEqual(error.reason._tag, "AlreadyExists")
      assert.deepStrictEqual(yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM twice"), [])
      yield* surreal.transaction([
        { sql: "CREATE $id SET v = $v", vars: { id: recordId("twice", ["a"]), v: 1 } },
        { sql: "CREATE $id SET v = $v", vars: { id: recordId("twice", ["b"]), v: 2 } }
      ])
      assert.deepStrictEqual(
        yield* surreal.query(Schema.Array(Schema.Number), "SELECT VALUE v FROM twice ORDER BY v"),
        [1, 2]
      )
    }))

  it.effect("tells a row of another shape", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const error = yield* Effect.flip(surreal.query(Schema.Array(Schema.Number), "RETURN ['x']"))
      assert.strictEqual(error.reason._tag, "UnexpectedRow")
      const syntax = yield* Effect.flip(surreal.execute("SELEKT 1"))
      assert.strictEqual(syntax.reason._tag, "QueryFailed")
    }))

  it.effect("tells what it takes of the disk, with what was just written", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const before = Option.getOrThrow(yield* surreal.size)
      yield* surreal.execute("CREATE large:1 SET v = $v", { v: "x".repeat(1_000_000) })
      assert.isAtLeast(Option.getOrThrow(yield* surreal.size) - before, 1_000_000)
    }))
})

layer(memoryStoreTest)("services/Surreal, in memory", (it) => {
  it.effect("takes nothing of the disk", () =>
    Effect.gen(function*() {
      assert.isTrue(Option.isNone(yield* (yield* Surreal).size))
    }))
})

// whoever lost a conflict waits in real time
layer(surrealTest, { excludeTestServices: true })("services/Surreal, by many at once", (it) => {
  it.effect("counts every increment of concurrent transactions", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      yield* surreal.execute("CREATE counter:1 SET v = 0")
      yield* Effect.forEach(
        Array.from({ length: 8 }, (_, index) => index),
        () => surreal.transaction([{ sql: "UPDATE counter:1 SET v += 1" }]),
        { concurrency: 8 }
      )
      assert.strictEqual(yield* surreal.query(Schema.Number, "RETURN counter:1.v"), 8)
    }))
})
