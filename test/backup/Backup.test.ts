import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer, Option, Schema, Stream } from "effect"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { dump } from "../../src/backup/Dump.ts"
import { verify } from "../../src/backup/ReadBackup.ts"
import { restore } from "../../src/backup/Restore.ts"
import { write } from "../../src/backup/WriteBackup.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { packed } from "../../src/services/SurrealCodec.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { storeTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import * as RandomRows from "./RandomRows.ts"

const origin = { glider: "0.1.0", project: "glider" }

const fill = Effect.fnUntraced(function*(table: string, rows: ReadonlyArray<object>) {
  const surreal = yield* Surreal
  yield* surreal.execute(`INSERT INTO ${table} encoding::cbor::decode($rows) RETURN NONE`, { rows: packed(rows) })
})

const text = Effect.fnUntraced(function*(surreal: Surreal["Service"]) {
  return (yield* Stream.runCollect(dump(surreal, origin))).join("")
})

const unzipped = (file: string) => gunzipSync(readFileSync(file)).toString("utf8")

/** All but the first line, which tells the time, and the sum over it. */
const records = (text: string) => text.split("\n").slice(1, -2)

const target = (folder: string) => ({
  url: `rocksdb://${folder}/store`,
  namespace: "glider",
  database: "glider",
  credentials: Option.none(),
  sync: "never" as const
})

const opened = (folder: string) =>
  Effect.map(
    Layer.build(Layer.fresh(Layer.provideMerge(Migrations.layer, Surreal.layer(target(folder))))),
    (context) => Context.get(context, Surreal)
  )

describe("Backup", () => {
  it.effect("a restored store has every row of every kind as it was", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* fill("anything", RandomRows.rows("anything", 1200, 7))
      yield* surreal.execute("DEFINE TABLE empty SCHEMALESS")
      const file = `${folder}/one.jsonl.gz`
      const written = yield* write(file, dump(surreal, origin))
      assert.strictEqual(written.manifest.tables["anything"]?.rows, 1200)
      assert.strictEqual(Number((yield* fs.stat(file)).mode) & 0o777, 0o600)

      const { applied, kept } = yield* restore(file, target(folder))
      assert.deepStrictEqual([applied, kept], [[], Option.none()])
      const again = yield* Effect.scoped(Effect.flatMap(opened(folder), text))
      assert.deepStrictEqual(records(again), records(yield* text(surreal)))
    }).pipe(Effect.provide([storeTest, NodeServices.layer])), 30_000)

  it.effect("the store that was there is kept under another name", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      yield* write(`${folder}/one.jsonl.gz`, dump(yield* Surreal, origin))
      yield* fs.makeDirectory(`${folder}/store`)
      yield* fs.writeFileString(`${folder}/store/CURRENT`, "the one before")
      yield* fs.makeDirectory(`${folder}/store-restored`) // cut short before
      const { kept } = yield* restore(`${folder}/one.jsonl.gz`, target(folder))
      const before = Option.getOrThrow(kept)
      assert.match(before, /\/store-before-restore-[\dTZ-]+$/)
      assert.strictEqual(yield* fs.readFileString(`${before}/CURRENT`), "the one before")
      assert.deepStrictEqual(
        (yield* fs.readDirectory(folder)).filter((name) => !before.endsWith(name)).toSorted(),
        ["one.jsonl.gz", "store"]
      )
    }).pipe(Effect.provide([storeTest, NodeServices.layer])))

  it.effect("what any gunzip gives of it is lines of JSON", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* fill("anything", RandomRows.rows("anything", 5, 1))
      yield* write(`${folder}/one.jsonl.gz`, dump(surreal, origin))
      const lines = unzipped(`${folder}/one.jsonl.gz`).split("\n").slice(0, -1)
      const parse = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))
      const read = lines.map((line) => parse(line))
      assert.strictEqual(read[0]?.["format"], "glider-backup")
      assert.strictEqual(read.filter((line) => line["table"] === "anything").length, 5)
      assert.isDefined(read.at(-1)?.["manifest"])
    }).pipe(Effect.provide([storeTest, NodeServices.layer])))

  it.effect("what is written meanwhile is not in it", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* fill("a_record", RandomRows.rows("a_record", 1100, 3))
      yield* surreal.execute("CREATE z_cursor:one SET records = 1100")
      let more = 0
      const writing = dump(surreal, origin).pipe(
        Stream.tap(() =>
          surreal.transaction([
            { sql: `CREATE a_record SET n = ${++more}` },
            { sql: "UPDATE z_cursor:one SET records += 1" }
          ])
        )
      )
      const { manifest } = yield* write(`${folder}/one.jsonl.gz`, writing)
      assert.isAbove(more, 5)
      const lines = records(
        yield* Effect.map(
          Stream.runCollect(dump(surreal, origin)),
          (pieces) => pieces.join("")
        )
      )
      assert.strictEqual(lines.filter((line) => line.startsWith("{\"table\":\"a_record\"")).length, 1100 + more)
      assert.strictEqual(manifest.tables["a_record"]?.rows, 1100)
      const cursor = unzipped(`${folder}/one.jsonl.gz`).split("\n").find((line) => line.includes("z_cursor"))
      assert.include(cursor, "\"records\":1100}")
      yield* verify(`${folder}/one.jsonl.gz`)
    }).pipe(Effect.provide([storeTest, NodeServices.layer])))
})
