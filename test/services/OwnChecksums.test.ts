import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option } from "effect"
import { faultOfBlob } from "../../src/services/BlobRecords.ts"
import { crc32c, masked } from "../../src/services/Crc32c.ts"
import { faultIn } from "../../src/services/LogRecords.ts"
import { filesOf } from "../../src/services/StoreFiles.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { faultOfTable } from "../../src/services/TableBlocks.ts"
import { randomness } from "../support/RandomQueries.ts"
import { session } from "../support/StoreSession.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** Rows of all lengths, some of which the engine keeps beside its tables. */
const write = Effect.flatMap(
  Surreal,
  (surreal) =>
    surreal.execute("DEFINE TABLE thing; DEFINE INDEX by_text ON thing FIELDS text; INSERT INTO thing $rows", {
      rows: Array.from({ length: 600 }, (_, n) => ({
        text: `row ${n * 7919 % 600} ${"é".repeat(n % 40)}`,
        ...n % 100 === 0 ? { large: Array.from({ length: 500 }, (_, part) => `${n} ${part}`) } : {}
      }))
    })
)

/** The tables and values of a store, which the engine made out of its log when it opened it again. */
const files = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const home = yield* temporaryFolder
  const [first, folder] = [`${home}/first`, `${home}/store`]
  yield* session(first, write)
  yield* fs.copy(first, folder)
  yield* session(folder, Effect.asVoid(Surreal))
  const names = [...yield* filesOf(folder)].filter(([name]) => /\.(sst|blob)$/.test(name))
  return { folder, fs, names }
})

/** A record of a log, as the engine writes it. */
const record = (text: string): Buffer => {
  const body = Buffer.concat([Buffer.of(1), Buffer.from(text)])
  const head = Buffer.alloc(6)
  head.writeUInt32LE(masked(crc32c(body)))
  head.writeUInt16LE(text.length, 4)
  return Buffer.concat([head, body])
}

const fault = (path: string, size: number) => path.endsWith(".sst") ? faultOfTable(path, size) : faultOfBlob(path, size)

describe("the engine's tables and large values", () => {
  it.live("tell by their own checksums of any bit that is flipped", () =>
    Effect.gen(function*() {
      const { folder, fs, names } = yield* files
      assert.includeMembers(names.map(([name]) => name.replace(/^\d+/, "")), [".sst", ".blob"])
      const random = randomness(11)
      for (const [name, size] of names) {
        const path = `${folder}/${name}`
        assert.isTrue(Option.isNone(yield* fault(path, size)), name)
        const bytes = yield* fs.readFile(path)
        // a table whose end is damaged, the engine itself refuses
        const last = name.endsWith(".sst") ? size - 53 : size
        for (let flip = 0; flip < 12; flip++) {
          const at = flip < 2 ? [0, last - 1][flip] ?? 0 : random.below(last)
          const bit = 1 << random.below(8)
          bytes[at] = (bytes[at] ?? 0) ^ bit
          yield* fs.writeFile(path, bytes)
          assert.isTrue(Option.isSome(yield* fault(path, size)), `${name}, byte ${at} of ${size}, ${bit}`)
          bytes[at] = (bytes[at] ?? 0) ^ bit
        }
        yield* fs.writeFile(path, bytes)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("are not held against the store while their writer has not come to the end", () =>
    Effect.gen(function*() {
      const { folder, fs, names } = yield* files
      for (const [name, size] of names) {
        for (const part of [0, 10, 40, Math.floor(size / 2), size - 33, size - 1]) {
          yield* fs.truncate(`${folder}/${name}`, part)
          assert.deepStrictEqual(yield* fault(`${folder}/${name}`, part), Option.none(), `${name}, ${part} of ${size}`)
          yield* fs.truncate(`${folder}/${name}`, size)
        }
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})

describe("the last record of a log", () => {
  const before = record("the one before")
  const last = record(`the last one${"\0".repeat(8)}`)
  const log = Buffer.concat([before, last])

  it("is told of when a bit of it is flipped, wherever it is", () => {
    assert.deepStrictEqual(faultIn(log), Option.none())
    for (let bit = before.length * 8; bit < log.length * 8; bit++) {
      const flipped = Buffer.from(log)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ 1 << bit % 8
      assert.deepStrictEqual(faultIn(flipped), Option.some(before.length), `bit ${bit}`)
    }
  })

  it("is no damage when its writer was cut off, or the power", () => {
    for (let length = before.length; length < log.length; length++) {
      assert.deepStrictEqual(faultIn(log.subarray(0, length)), Option.none(), `${length} bytes`)
      const emptied = Buffer.from(log).fill(0, length)
      const isWhole = emptied.equals(log)
      if (!isWhole) assert.deepStrictEqual(faultIn(emptied), Option.none(), `zeros from byte ${length} on`)
    }
  })
})
