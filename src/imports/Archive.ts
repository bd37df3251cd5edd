/** The table of contents of a zip archive, which stands at its end: nothing else of it is read to know what is in it. */
import { Effect, FileSystem, Stream } from "effect"
import { Buffer } from "node:buffer"
import { ExportDamaged, ImportUnreachable, UnsafeArchive } from "./ImportError.ts"

/** A file in an archive. */
export interface ArchiveEntry {
  readonly name: string
  /** How it is packed: 0 as it is, 8 deflated. */
  readonly method: number
  readonly crc32: number
  /** Of what is packed, and of the file itself, in bytes. */
  readonly packed: number
  readonly size: number
  /** Where its own header begins. */
  readonly at: number
}

/** More than any export has; each is a name to be looked at. */
const mostEntries = 10_000

/** Of the table of contents, in bytes: it is held as a whole. */
const largestTable = 16 * 1024 * 1024

/** What a file of JSON shrinks to at best; a bomb shrinks a thousandfold. */
const mostExpansion = 100

/** Of all files of an archive together, in bytes. */
const largestContent = 8 * 1024 ** 3

const signature = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 }

/** The record at the end, with the longest comment, and the locator before it. */
const longestEnd = 22 + 0xffff + 20

export const unreachable = (path: string) => ({ message }: { readonly message: string }) =>
  new ImportUnreachable({ message: `${path} cannot be read: ${message}`, fix: "see that it is there and may be read" })

const readAt = Effect.fnUntraced(function*(path: string, offset: number, length: number) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.stream(path, { offset, bytesToRead: length }).pipe(
    Stream.runFold((): Array<Uint8Array> => [], (pieces, piece) => [...pieces, piece]),
    Effect.map((pieces) => Buffer.concat(pieces)),
    Effect.mapError(unreachable(path))
  )
})

/** Where the table is, how long it is, and how many files it tells of. */
interface Table {
  readonly at: number
  readonly length: number
  readonly entries: number
}

const long = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at))

const tableOf = Effect.fnUntraced(function*(file: string, path: string, size: number) {
  const damaged = (why: string) => new ExportDamaged({ file, why })
  const tail = yield* readAt(path, Math.max(0, size - longestEnd), longestEnd)
  const start = size - tail.length
  let at = tail.length - 22
  while (at >= 0 && (tail.readUInt32LE(at) !== signature.end || tail.readUInt16LE(at + 20) !== tail.length - at - 22)) {
    at--
  }
  if (at < 0) return yield* damaged("the end of the archive is missing")
  if (tail.readUInt16LE(at + 4) !== 0 && tail.readUInt16LE(at + 4) !== 0xffff) {
    return yield* damaged("it is one part of an archive of several")
  }
  const small: Table = {
    entries: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    at: tail.readUInt32LE(at + 16)
  }
  const isLarge = small.entries === 0xffff || small.length === 0xffffffff || small.at === 0xffffffff
  if (!isLarge) return small
  if (at < 20 || tail.readUInt32LE(at - 20) !== signature.locator64) return yield* damaged("its end cannot be read")
  const place = long(tail, at - 12)
  if (place + 56 > start + at) return yield* damaged("its end lies elsewhere")
  const end = yield* readAt(path, place, 56)
  if (end.length < 56 || end.readUInt32LE(0) !== signature.end64) return yield* damaged("its end cannot be read")
  return { entries: long(end, 32), length: long(end, 40), at: long(end, 48) } satisfies Table
})

/** Sizes and places that do not fit into four bytes stand in a field of their own, in this order. */
const large = (extra: Buffer, fields: ReadonlyArray<number>): ReadonlyArray<number> | undefined => {
  if (!fields.includes(0xffffffff)) return fields
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1) {
      const field = extra.subarray(at + 4, at + 4 + length)
      let next = 0
      const found = fields.map((value) => {
        if (value !== 0xffffffff) return value
        const at = next
        next += 8
        return at + 8 <= field.length ? long(field, at) : Number.NaN
      })
      return found.some(Number.isNaN) ? undefined : found
    }
    at += 4 + length
  }
  return undefined
}

/** A folder with a name that leads out of where it stands, or a link to elsewhere. */
const dangerIn = (name: string, attributes: number, madeBy: number): string | undefined => {
  if (name === "" || name.includes("\0")) return "a name in it is none"
  if (name.startsWith("/") || name.includes("\\") || /^[A-Za-z]:/.test(name)) return `${name} is an absolute path`
  if (name.split("/").includes("..")) return `${name} leads out of the archive`
  // what Unix keeps in the upper half: of a link 0xA000
  const isUnix = madeBy >> 8 === 3 || madeBy >> 8 === 19
  return isUnix && (attributes >>> 16 & 0xf000) === 0xa000 ? `${name} is a link` : undefined
}

/** The files of an archive, folders left out. Refuses what is not safe to read, also where nobody would read it. */
export const entriesOf = Effect.fn("Archive.entries")(function*(file: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  const damaged = (why: string) => new ExportDamaged({ file, why })
  const unsafe = (why: string) => new UnsafeArchive({ file, why })
  const size = Number((yield* Effect.mapError(fs.stat(path), unreachable(path))).size)
  const table = yield* tableOf(file, path, size)
  if (table.entries > mostEntries) return yield* unsafe(`it has more than ${mostEntries} files`)
  if (table.length > largestTable) return yield* unsafe("its table of contents is too long")
  if (table.at + table.length > size) return yield* damaged("its table of contents lies beyond its end")
  const bytes = yield* readAt(path, table.at, table.length)

  const entries: Array<ArchiveEntry> = []
  const names = new Set<string>()
  let content = 0
  for (let at = 0, count = 0; count < table.entries; count++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== signature.entry) {
      return yield* damaged("its table of contents cannot be read")
    }
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field))
    const nameAt = at + 46
    const extraAt = nameAt + (nameLength ?? 0)
    const name = bytes.subarray(nameAt, extraAt).toString("utf8")
    const fields = large(
      bytes.subarray(extraAt, extraAt + (extraLength ?? 0)),
      [24, 20, 42].map((field) => bytes.readUInt32LE(at + field))
    )
    const [unpacked = 0, packed = 0, place = 0] = fields ?? []
    if (fields === undefined) return yield* damaged(`the size of ${name} cannot be read`)
    const danger = dangerIn(name, bytes.readUInt32LE(at + 38), bytes.readUInt16LE(at + 4))
    if (danger !== undefined) return yield* unsafe(danger)
    if (names.has(name)) return yield* unsafe(`${name} is in it twice`)
    names.add(name)
    if ((bytes.readUInt16LE(at + 8) & 1) !== 0) return yield* unsafe(`${name} is encrypted`)
    content += unpacked
    if (unpacked > packed * mostExpansion + 1024 || content > largestContent) {
      return yield* unsafe(`${name} would be far larger than the archive is`)
    }
    if (place + 30 + packed > table.at) return yield* damaged(`${name} lies beyond its end`)
    if (!name.endsWith("/")) {
      entries.push({
        name,
        method: bytes.readUInt16LE(at + 10),
        crc32: bytes.readUInt32LE(at + 16),
        packed,
        size: unpacked,
        at: place
      })
    }
    at = extraAt + (extraLength ?? 0) + (noteLength ?? 0)
  }
  const overlapping = entries.toSorted((one, other) => one.at - other.at).find(({ at }, index, all) => {
    const before = all[index - 1]
    return before !== undefined && before.at + 30 + before.packed > at
  })
  if (overlapping !== undefined) return yield* unsafe(`${overlapping.name} shares its bytes with another file`)
  return entries
})

/** Where the packed bytes of an entry begin, after its own header, which has to say the same as the table. */
export const contentAt = Effect.fnUntraced(function*(file: string, path: string, entry: ArchiveEntry) {
  const header = yield* readAt(path, entry.at, 30 + Buffer.byteLength(entry.name))
  if (header.length < 30 || header.readUInt32LE(0) !== signature.local) {
    return yield* new ExportDamaged({ file, why: `${entry.name} is not where its table of contents says` })
  }
  const nameLength = header.readUInt16LE(26)
  if (header.subarray(30, 30 + nameLength).toString("utf8") !== entry.name) {
    return yield* new UnsafeArchive({ file, why: `${entry.name} has another name where it stands` })
  }
  return entry.at + 30 + nameLength + header.readUInt16LE(28)
})
