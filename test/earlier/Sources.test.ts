import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { createNodeEngines } from "@surrealdb/node"
import { Context, Effect, FileSystem, Layer } from "effect"
import { Surreal as Sdk } from "surrealdb"
import { fromFile } from "../../src/earlier/EarlierFile.ts"
import type { EarlierRow, EarlierRows } from "../../src/earlier/EarlierRow.ts"
import { fromServer } from "../../src/earlier/EarlierServer.ts"
import { surqlRows } from "../../src/earlier/SurqlRows.ts"
import { SurrealServer, targetOf } from "../support/SurrealServer.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { earlierRows, fixture } from "./EarlierWorld.ts"

/** What `surreal export` gives of a store, in memory, after these statements. */
const exported = Effect.fnUntraced(function*(statements: string) {
  const db = yield* Effect.acquireRelease(
    Effect.sync(() => new Sdk({ engines: createNodeEngines() })),
    (db) => Effect.promise(() => db.close())
  )
  yield* Effect.promise(() => db.connect("mem://", { namespace: "glider", database: "glider" }))
  yield* Effect.promise(() => db.query(statements).collect())
  return yield* Effect.promise(() => db.export())
}, Effect.scoped)

/** By id, without what was nothing: an export names it, an answer does not. */
const plain = (rows: EarlierRows) =>
  Object.fromEntries(
    [...rows].toSorted(([one], [other]) => one < other ? -1 : 1).map(([table, all]) => [
      table,
      JSON.parse(JSON.stringify(Object.fromEntries(all.map(({ fields, id }) => [id, fields]))))
    ])
  )

const inFile = Effect.fnUntraced(function*(text: string) {
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* temporaryFolder}/earlier`
  yield* fs.writeFileString(file, text)
  return yield* fromFile(file)
})

/** What SurrealDB's own JSON has of a row. */
const asJson = ({ fields, id, table }: EarlierRow) => ({ id: `${table}:⟨${id}⟩`, ...fields })

const problem = (text: string) => Effect.map(Effect.flip(inFile(text)), ({ message }) => message)

describe("what is imported", () => {
  it.effect("may be an export of the engine, whatever values and names are in it", () =>
    Effect.gen(function*() {
      const text = yield* exported(`
        DEFINE FUNCTION fn::trap() { RETURN 'INSERT [ { id: a:1 } ];' };
        UPSERT thing:⟨a-b⟩ CONTENT {
          text: "it's \\"quoted\\", \\\\ a line\\nbreak; -- no comment", list: [1, -2.5, 1e30f, 1.5dec, NULL, true],
          empty: {}, at: d"2024-05-01T10:00:00.123Z", long: 1h30m, other: person:one, set: {1, 2}, "a key": "é⟩😀"
        };
        UPSERT thing:1714557600000 SET n = 1;
        UPSERT thing:⟨1714557600000_4uLU6hMCjMI7⟩ SET n = 2;
        UPSERT thing:⟨-5⟩ SET n = 3;
        UPSERT thing:u'018f3f1e-0000-7000-8000-000000000000' SET n = 4`)
      const rows = surqlRows(text)
      assert.deepStrictEqual(rows.map(({ id, table }) => `${table} ${id}`).toSorted(), [
        "thing -5",
        "thing 018f3f1e-0000-7000-8000-000000000000",
        "thing 1714557600000",
        "thing 1714557600000_4uLU6hMCjMI7",
        "thing a-b"
      ])
      assert.deepStrictEqual(rows.find(({ id }) => id === "a-b")?.fields, {
        text: "it's \"quoted\", \\ a line\nbreak; -- no comment",
        list: [1, -2.5, 1e30, 1.5, null, true],
        empty: {},
        at: "2024-05-01T10:00:00.123Z",
        long: "1h30m",
        other: "person:one",
        set: [1, 2],
        "a key": "é⟩😀"
      })
    }))

  it.effect("may be JSON: as /sql answers, by tables, or a row on each line", () =>
    Effect.gen(function*() {
      const rows = yield* earlierRows
      const answers = [...rows.values()].map((all) => ({ status: "OK", time: "1ms", result: all.map(asJson) }))
      const tables = Object.fromEntries([...rows].map(([table, all]) => [table, all.map(asJson)]))
      const lines = [...rows.values()].flatMap((all) => all.map((row) => `${JSON.stringify(asJson(row))}\n`))
      for (const text of [JSON.stringify(answers), JSON.stringify(tables, undefined, 2), lines.join("\n")]) {
        assert.deepStrictEqual(plain(yield* inFile(text)), plain(rows))
      }
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("may be the server itself, which is only read", () =>
    Effect.gen(function*() {
      const server = Context.get(yield* Layer.build(Layer.fresh(SurrealServer.layer)), SurrealServer)
      const fs = yield* FileSystem.FileSystem
      const text = yield* fs.readFileString(fixture)
      // an UPDATE of an export of version 1 makes no record since version 2
      yield* server.administer(`USE NS glider DB glider; ${text.replaceAll("\nUPDATE ", "\nUPSERT ")}`)
      assert.deepStrictEqual(plain(yield* fromServer(targetOf(server))), plain(yield* earlierRows))
      const refused = yield* Effect.flip(fromServer(targetOf(server, "wrong")))
      assert.include(refused.fix, "GLIDER_EARLIER_PASS")
      const empty = yield* Effect.flip(fromServer({ ...targetOf(server), database: "other" }))
      assert.include(empty.message, "there is no row in ws://")
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("is refused as a whole when a part of it cannot be read, with the place", () =>
    Effect.gen(function*() {
      assert.match(
        yield* problem("OPTION IMPORT;\n\nINSERT [ { id: a:1, x: << } ];"),
        /line 3: expected a value, got "<</
      )
      assert.match(yield* problem("INSERT [ { id: a:1, x: 'cut o"), /line 1: expected the end of a text/)
      assert.match(yield* problem("INSERT INTO a (id, x) VALUES (1, 2);"), /line 1: expected /)
      assert.match(yield* problem("UPDATE a:1 SET x = 1;"), /expected CONTENT/)
      assert.match(yield* problem("INSERT [ { x: 1 } ];"), /expected a row with an id/)
      assert.match(yield* problem("[{\"id\":\"a:1\"},{\"x\":1}]"), /it\[1\] is a row without an id/)
      assert.match(yield* problem("{\"id\":\"a:1\"}\n{\"id\":"), /line 2 is not JSON/)
      assert.match(yield* problem("[{\"status\":\"ERR\",\"result\":\"no\"}]"), /a query that failed: "no"/)
      assert.match(yield* problem("-- nothing\n"), /there is no row in it/)
      assert.match(yield* problem(`INSERT [ ${"[".repeat(600)} ];`), /nested less deep than/)
      assert.match(yield* problem("INSERT [ { id: migration:1, number: 1 } ];"), /is of this Glider/)
      const nowhere = yield* Effect.flip(fromFile("/nowhere/earlier.surql"))
      assert.match(nowhere.message, /cannot be read/)
    }).pipe(Effect.provide(NodeServices.layer)))
})
