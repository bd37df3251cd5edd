import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { Buffer } from "node:buffer"
import { createHash } from "node:crypto"
import { gunzipSync, gzipSync } from "node:zlib"
import { dump } from "../../src/backup/Dump.ts"
import { readable } from "../../src/backup/Restore.ts"
import { seal } from "../../src/backup/Seal.ts"
import { write } from "../../src/backup/WriteBackup.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { packed } from "../../src/services/SurrealCodec.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import * as RandomRows from "./RandomRows.ts"

const sha = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex")

/** A file that has a good seal, whatever is in it. */
const sealed = (text: string | Uint8Array): Buffer => {
  const bytes = gzipSync(text)
  return Buffer.concat([bytes, seal(sha(bytes))])
}

/** What becomes of the file, and the error that it must come to. */
type Damage = readonly [what: string, make: (good: Buffer) => Uint8Array, error: string]

const linesOf = (good: Buffer): Array<string> => gunzipSync(good).toString("utf8").split("\n").slice(0, -1)

const edited = (edit: (lines: Array<string>) => ReadonlyArray<string>) => (good: Buffer) =>
  sealed(edit(linesOf(good)).map((line) => `${line}\n`).join(""))

/** The lines changed, and the sum over all of them made to fit. */
const forged = (edit: (lines: Array<string>) => ReadonlyArray<string>) =>
  edited((lines) => {
    const body = edit(lines.slice(0, -1))
    const last = lines.at(-1) ?? ""
    return [
      ...body,
      last.replace(/"sha256":"[0-9a-f]+"\}\}$/, `"sha256":"${sha(body.map((line) => `${line}\n`).join(""))}"}}`)
    ]
  })

const lastEdited = (edit: (last: string) => string) =>
  edited((lines) => [...lines.slice(0, -1), edit(lines.at(-1) ?? "")])

const flip = (at: (length: number) => number, bit: number) => (good: Buffer) => {
  const bytes = Buffer.from(good)
  const place = at(bytes.length)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
  return bytes
}

const row = (lines: ReadonlyArray<string>, table: string) =>
  lines.findIndex((line) => line.startsWith(`{"table":"${table}"`))

const without = <A>(all: ReadonlyArray<A>, index: number) => all.filter((_, at) => at !== index)

const damages: ReadonlyArray<Damage> = [
  ...Array.from({ length: 16 }, (_, index): Damage => [
    `bit ${index % 8} flipped in the middle, ${index}`,
    flip((length) => Math.floor(length * (index + 1) / 18), index % 8),
    "BackupDamaged"
  ]),
  ...Array.from({ length: 8 }, (_, index): Damage => [
    `a bit flipped ${index * 12} bytes before the end`,
    flip((length) => length - 1 - index * 12, index),
    "BackupDamaged"
  ]),
  ["the first bytes of gzip changed", flip(() => 0, 1), "NotABackup"],
  ["another compression named", flip(() => 2, 0), "BackupDamaged"],
  ["a time in gzip's header", flip(() => 5, 3), "BackupDamaged"],
  ["another system in gzip's header", flip(() => 9, 2), "BackupDamaged"],
  ["an empty file", () => Buffer.alloc(0), "BackupCutOff"],
  ["one byte", (good) => good.subarray(0, 1), "NotABackup"],
  ["cut after a quarter", (good) => good.subarray(0, good.length >> 2), "BackupCutOff"],
  ["cut in the middle", (good) => good.subarray(0, good.length >> 1), "BackupCutOff"],
  ["cut by 1,000 bytes", (good) => good.subarray(0, -1000), "BackupCutOff"],
  ["cut by a byte", (good) => good.subarray(0, -1), "BackupCutOff"],
  ["without its seal", (good) => good.subarray(0, -seal("").length - 64), "BackupDamaged"],
  ["bytes appended", (good) => Buffer.concat([good, Buffer.from("more")]), "BackupDamaged"],
  ["itself appended", (good) => Buffer.concat([good, good]), "BackupDamaged"],
  ["zeros in the middle", (good) => Buffer.from(good).fill(0, 2000, 2512), "BackupDamaged"],
  ["a block twice", (good) => Buffer.concat([good.subarray(0, 3000), good.subarray(2000)]), "BackupDamaged"],
  ["text that is not compressed", (good) => gunzipSync(good), "NotABackup"],
  ["the gzip of something else", () => sealed("hello\n"), "NotABackup"],
  ["the gzip of other JSON", () => sealed("{\"a\":1}\n"), "NotABackup"],
  ["the gzip of nothing", () => sealed(""), "BackupCutOff"],
  ["two rows swapped", edited((lines) => lines.with(2, lines[3] ?? "").with(3, lines[2] ?? "")), "BackupDamaged"],
  ["a row missing", edited((lines) => without(lines, row(lines, "anything"))), "BackupDamaged"],
  ["a row twice", edited((lines) => lines.toSpliced(3, 0, lines[3] ?? "")), "BackupDamaged"],
  [
    "a table missing",
    edited((lines) => lines.filter((line) => !line.startsWith("{\"table\":\"anything\""))),
    "BackupDamaged"
  ],
  [
    "a table that its manifest does not know",
    forged((lines) => [...lines, "{\"table\":\"x\",\"id\":1,\"row\":{}}"]),
    "BackupDamaged"
  ],
  [
    "a value changed, and the sum of all with it",
    forged((lines) => lines.with(2, (lines[2] ?? "").replace(/\d/, "x"))),
    "BackupDamaged"
  ],
  [
    "the schema changed",
    edited((lines) => lines.with(0, (lines[0] ?? "").replace(/"schema":\d+/, "\"schema\":1"))),
    "BackupDamaged"
  ],
  ["the count of a table changed", lastEdited((last) => last.replace("\"rows\":300", "\"rows\":301")), "BackupDamaged"],
  [
    "the count of all changed",
    lastEdited((last) => last.replace(/"rows":\d+,"sha256":"[0-9a-f]+"\}\}$/, "\"rows\":1,\"sha256\":\"\"}}")),
    "BackupDamaged"
  ],
  ["its last line missing", edited((lines) => lines.slice(0, -1)), "BackupCutOff"],
  ["its first line missing", edited((lines) => lines.slice(1)), "NotABackup"],
  ["its last line twice", edited((lines) => [...lines, lines.at(-1) ?? ""]), "BackupDamaged"],
  ["a line that is no JSON", edited((lines) => lines.with(2, "{\"table\":")), "BackupDamaged"],
  ["a line of another form", edited((lines) => lines.with(2, "{\"tables\":1}")), "BackupDamaged"],
  [
    "a later form",
    edited((lines) => lines.with(0, (lines[0] ?? "").replace("\"version\":1", "\"version\":2"))),
    "MadeByNewer"
  ],
  [
    "a later schema",
    forged((lines) => lines.with(0, (lines[0] ?? "").replace(/"schema":\d+/, "\"schema\":999"))),
    "MadeByNewer"
  ]
]

it.layer(Layer.merge(memoryStoreTest, NodeServices.layer))("damages", (it) => {
  it.effect(`every one of ${damages.length} damages of a backup is told, and what to do`, () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* surreal.execute("INSERT INTO anything encoding::cbor::decode($rows) RETURN NONE", {
        rows: packed(RandomRows.rows("anything", 300, 11))
      })
      const path = `${folder}/good.jsonl.gz`
      yield* write(path, dump(surreal, { glider: "0.1.0", project: "glider" }))
      yield* readable(path)
      const good = Buffer.from(yield* fs.readFile(path))
      yield* fs.writeFile(`${folder}/again`, edited((lines) => lines)(good))
      yield* readable(`${folder}/again`) // what the damages are made with does none

      assert.isAtLeast(damages.length, 50)
      for (const [what, make, expected] of damages) {
        const bytes = make(good)
        assert.isFalse(good.equals(bytes), what)
        yield* fs.writeFile(`${folder}/damaged`, bytes)
        const error = yield* Effect.flip(readable(`${folder}/damaged`))
        assert.strictEqual(error._tag, expected, `${what}: ${error.message}`)
        assert.include(error.message, `${folder}/damaged`)
        assert.isNotEmpty("fix" in error ? error.fix : "")
      }
    }), 30_000)
})
