/**
 * The tables of RocksDB (`*.sst`, version 6 of its block-based format) by their own checksums: blocks one after the other, each
 * with five bytes after it (how it is compressed, its checksum), and a footer of 53. What lies where, the index says and the
 * index of all that is no data; both are blocks, too.
 */
import { Effect, Option, Result } from "effect"
import { ByteCursor } from "./ByteCursor.ts"
import { decompressed } from "./Lz4.ts"
import { bytesBetween, placesIn } from "./StoreFiles.ts"
import { xxh3 } from "./Xxh3.ts"

const footerSize = 53
const trailerSize = 5
const magic = "f7cff485b741e288"
const extendedMagic = 0x007a003e
const version = 6
const checksumXxh3 = 4
const compression = { none: 0, lz4: 4, lz4hc: 5 } as const

/** An index that says it is larger is left alone. */
const most = 64 * 1024 * 1024

interface Handle {
  readonly offset: number
  readonly size: number
}

/**
 * What keeps a table from being believed: it is not as it was written, or not of a form that is known here, which says nothing.
 */
type Doubt = { readonly _tag: "Damaged"; readonly at: number } | { readonly _tag: "Unknown" }

const unknown = Result.fail<Doubt>({ _tag: "Unknown" })

/** A checksum depends on where it stands, so that a block at another's place is told. */
const checksum = (bytes: Buffer, context: number, offset: number): number => {
  const last = bytes[bytes.length - 1] ?? 0
  const plain = xxh3(bytes.subarray(0, -1)) ^ Math.imul(last, 0x6b9083d9)
  const place = context === 0 ? 0 : context ^ (offset >>> 0) + Math.floor(offset / 2 ** 32)
  return (plain >>> 0) + (place >>> 0) >>> 0
}

/** Where things lie, as a block says. A key begins with what it shares with the one before. */
const entriesOf = (block: Buffer, valuesHaveLengths: boolean) => {
  const restarts = block.length < 4 ? 0 : block.readUInt32LE(block.length - 4) & 0x7fffffff
  const end = block.length - 4 - restarts * 4
  if (end < 0) return unknown
  const cursor = new ByteCursor(block.subarray(0, end))
  const found: Array<Handle & { readonly key: string }> = []
  let before = ""
  while (!cursor.isDone) {
    const shared = cursor.varint()
    const rest = cursor.varint()
    if (valuesHaveLengths) cursor.varint()
    const key: string = before.slice(0, shared) + cursor.take(rest).toString("latin1")
    before = key
    found.push({ offset: cursor.varint(), size: cursor.varint(), key })
  }
  return cursor.isBeyond ? unknown : Result.succeed(found)
}

/** Of a table that ends as those do: the bytes before its end, what its checksums depend on, the size of its first index. */
const footerOf = (footer: Buffer, at: number) => {
  const isKnown = footer.length === footerSize && footer.toString("hex", 45) === magic &&
    footer.readUInt32LE(41) === version && footer[0] === checksumXxh3 && footer.readUInt32LE(1) === extendedMagic
  if (!isKnown) return unknown
  const context = footer.readUInt32LE(9)
  const own = Buffer.from(footer)
  own.writeUInt32LE(0, 5)
  if (checksum(own, context, at) !== footer.readUInt32LE(5)) return Result.fail<Doubt>({ _tag: "Damaged", at })
  return Result.succeed({ context, size: footer.readUInt32LE(13) })
}

/** A block as it was written, with how it is compressed. */
const blockIn = (bytes: Buffer, context: number, { offset, size }: Handle): Result.Result<Buffer, Doubt> =>
  bytes.length === size + trailerSize && checksum(bytes.subarray(0, size + 1), context, offset) ===
      bytes.readUInt32LE(size + 1)
    ? Result.succeed(bytes.subarray(0, size + 1))
    : Result.fail({ _tag: "Damaged", at: offset })

const contentOf = (block: Buffer): Result.Result<Buffer, Doubt> => {
  const content = block.subarray(0, -1)
  const type = block[block.length - 1]
  if (type === compression.none) return Result.succeed(content)
  if (type !== compression.lz4 && type !== compression.lz4hc) return unknown
  const cursor = new ByteCursor(content)
  const length = cursor.varint()
  return length > most
    ? unknown
    : Result.fromOption(decompressed(cursor.rest(), length), (): Doubt => ({ _tag: "Unknown" }))
}

/** Whether a table ends as those do that are finished; nothing is written to it afterwards. */
export const hasTableEnd = (path: string, size: number) =>
  Effect.map(bytesBetween(path, Math.max(0, size - 8), size), (end) => end.toString("hex") === magic)

/** The first byte of a block of a table that is not as it was written; none also where nothing can be said of it. */
export const faultOfTable = Effect.fnUntraced(function*(path: string, fileSize: number) {
  const footerAt = fileSize - footerSize
  const bytes = placesIn(path)
  const read = ({ offset, size }: Handle) =>
    offset < 0 || offset + size + trailerSize > footerAt
      ? Effect.succeed(Buffer.alloc(0))
      : bytes(offset, offset + size + trailerSize)
  const judged = Effect.gen(function*() {
    if (footerAt < 0) return yield* Effect.fromResult(unknown)
    const { context, size } = yield* Effect.fromResult(
      footerOf(yield* bytes(footerAt, fileSize), footerAt)
    )
    const entries = Effect.fnUntraced(function*(handle: Handle, valuesHaveLengths: boolean) {
      const block = blockIn(yield* read(handle), context, handle)
      return yield* Effect.fromResult(
        Result.flatMap(Result.flatMap(block, contentOf), (content) => entriesOf(content, valuesHaveLengths))
      )
    })
    const first = { offset: footerAt - trailerSize - size, size }
    const beside = yield* entries(first, true)
    const index = beside.find(({ key }) => key === "rocksdb.index")
    if (index === undefined) return yield* Effect.fromResult(unknown)
    const blocks = [...yield* entries(index, false), ...beside, first].toSorted((one, other) =>
      one.offset - other.offset
    )
    // what was understood must be all of it, before anything is held against it
    let covered = 0
    for (const handle of blocks) {
      if (handle.offset !== covered) return yield* Effect.fromResult(unknown)
      covered += handle.size + trailerSize
    }
    if (covered !== footerAt) return yield* Effect.fromResult(unknown)
    for (const handle of blocks) yield* Effect.fromResult(blockIn(yield* read(handle), context, handle))
  })
  return yield* judged.pipe(
    Effect.as(Option.none<number>()),
    Effect.catchTags({ Damaged: ({ at }) => Effect.succeedSome(at), Unknown: () => Effect.succeedNone })
  )
})
