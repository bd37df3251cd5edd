import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Buffer } from "node:buffer"
import { bytesOf, partsOf } from "../../src/imports/ExportFile.ts"
import { fileIn, packed, zipped } from "../support/Histories.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const name = "Spotify Extended Streaming History/Streaming_History_Audio_2020-2021_1.json"

const history = JSON.stringify(Array.from({ length: 50 }, (_, index) => ({ ts: index })))

const good = zipped([[name, history]])

/** What is read of the parts of a file, one text for each. */
const read = Effect.fnUntraced(function*(bytes: Uint8Array | string) {
  const path = yield* Effect.orDie(fileIn(yield* temporaryFolder, "export", bytes))
  const parts = yield* partsOf("export.zip", path)
  return yield* Effect.forEach(
    parts,
    (part) => Effect.map(Stream.mkString(Stream.decodeText(bytesOf(path, part))), (text) => [part.name, text])
  )
}, Effect.scoped)

/** Bytes of the good archive, some of them others. */
const spoilt = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(good)
  change(bytes)
  return bytes
}

const bomb = zipped([[name, " ".repeat(5_000_000)]])

const hostile: ReadonlyArray<readonly [what: string, bytes: Uint8Array | string, why: string]> = [
  ...["../up.json", "a/../../b.json", "..", "a/.."].map((path) =>
    [`the name ${path}`, zipped([[name, history], [path, "x"]]), "leads out of the archive"] as const
  ),
  ...["/etc/passwd", "C:/a.json", "c:evil", "\\\\host\\a", "a\\..\\b", "..\\a.json"].map((path) =>
    [`the name ${path}`, zipped([[name, history], [path, "x"]]), "is an absolute path"] as const
  ),
  ["a name with a zero in it", zipped([[name, history], ["a\0.json", "x"]]), "a name in it is none"],
  ["no name", zipped([[name, history], ["", "x"]]), "a name in it is none"],
  ["a link", zipped([[name, history, { attributes: 0xa1ff0000 }]]), "is a link"],
  [
    "a link of macOS",
    zipped([[name, history], ["l", "/etc", { attributes: 0xa1ff0000, madeBy: 0x1314 }]]),
    "is a link"
  ],
  ["a name twice", zipped([[name, history], [name, history]]), "is in it twice"],
  ["an encrypted file", zipped([[name, history, { flags: 1 }]]), "is encrypted"],
  ["a bomb", bomb, "would be far larger"],
  ["a size that lies beyond belief", zipped([[name, history, { size: 0x7fffffff }]]), "would be far larger"],
  ["a file that is longer than it says", zipped([[name, history, { size: 20 }]]), "is longer than its archive says"],
  ["a file that is shorter", zipped([[name, history, { size: history.length + 1 }]]), "not those that were packed"],
  ["another sum", zipped([[name, history, { sum: 7 }]]), "not those that were packed"],
  ["an unknown way of packing", zipped([[name, history, { method: 99 }]]), "packed in an unknown way"],
  ["files that share bytes", zipped([[name, history], ["b.json", history, { at: 3 }]]), "shares its bytes"],
  ["a place beyond the end", zipped([[name, history, { at: 1_000_000 }]]), "lies beyond its end"],
  [
    "another name where it stands",
    zipped([[name, history, { localName: name.replace("1.json", "2.json") }]]),
    "another name"
  ],
  ["no header where it stands", spoilt((bytes) => bytes.writeUInt8(9, 3)), "is not where its table"],
  [
    "a table that is none",
    spoilt((bytes) => bytes.writeUInt32LE(0, bytes.readUInt32LE(bytes.length - 6))),
    "cannot be read"
  ],
  [
    "a table beyond the end",
    spoilt((bytes) => bytes.writeUInt32LE(1_000_000, bytes.length - 6)),
    "lies beyond its end"
  ],
  ["a table without end", spoilt((bytes) => bytes.writeUInt32LE(0x7fffffff, bytes.length - 10)), "too long"],
  [
    "more files than any export has",
    spoilt((bytes) => bytes.writeUInt16LE(20_000, bytes.length - 12)),
    "more than 10000"
  ],
  ["more files than there are", spoilt((bytes) => bytes.writeUInt16LE(2, bytes.length - 12)), "cannot be read"],
  ["one part of several", spoilt((bytes) => bytes.writeUInt16LE(1, bytes.length - 18)), "one part of an archive"],
  [
    "a zip64 that is none",
    spoilt((bytes) => bytes.writeUInt32LE(0xffffffff, bytes.length - 6)),
    "its end cannot be read"
  ],
  ["bytes that do not unpack", spoilt((bytes) => bytes.fill(0xff, 130, 160)), "damaged"],
  ...[1, 10, 22, 40, 60, 200].map((missing) =>
    [`an archive that lacks ${missing} bytes`, good.subarray(0, good.length - missing), "damaged"] as const
  ),
  ["text", "hello", "neither a zip archive nor a list"],
  ["nothing", "", "neither a zip archive nor a list"],
  ["an object", "{\"a\": []}", "neither a zip archive nor a list"],
  ["a zip of something else", zipped([["photos/1.jpg", "x"]]), "none of its 1 files is a Streaming_History_Audio"],
  ["the account data", zipped([["MyData/StreamingHistory_music_0.json", "[]"]]), "ask for the extended history"],
  ["a video history alone", zipped([["Streaming_History_Video_2020.json", "[]"]]), "none of its 1 files"],
  ["an empty archive", zipped([]), "none of its 0 files"]
]

layer(NodeServices.layer)("imports/ExportFile", (it) => {
  for (const [what, bytes, why] of hostile) {
    it.effect(`refuses ${what}`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(read(bytes))
        assert.include(error.message, why)
        assert.isNotEmpty(error.fix)
      }))
  }

  it.effect("reads the files of a history in the order of their numbers, and no others", () =>
    Effect.gen(function*() {
      const second = name.replace("_1.json", "_10.json")
      const archive = zipped([["ReadMeFirst.pdf", "%PDF"], [second, "[2]"], [name, "[1]"], ["endsong_0.json", "[0]"]])
      assert.deepStrictEqual(yield* read(archive), [["endsong_0.json", "[0]"], [name, "[1]"], [second, "[2]"]])
    }))

  it.effect("reads what was packed from a folder, and a list that is not packed", () =>
    Effect.gen(function*() {
      const files = { [name]: history, "endsong_3.json": "[3]" }
      assert.deepStrictEqual(yield* read(yield* packed(files)), [[name, history], ["endsong_3.json", "[3]"]])
      assert.deepStrictEqual(yield* read(" \n[1, 2]"), [["export.zip", " \n[1, 2]"]])
    }))

  it.effect("reads an archive with a comment at its end", () =>
    Effect.gen(function*() {
      const commented = Buffer.concat([good, Buffer.from("PK\u0005\u0006 no end")])
      commented.writeUInt16LE(commented.length - good.length, good.length - 2)
      assert.deepStrictEqual(yield* read(commented), [[name, history]])
    }))
})
