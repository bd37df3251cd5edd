/** Several files as one archive, as they are, written as it is read: a folder is uploaded like the archive it came in. */
import { Effect, Stream } from "effect"
import { Buffer } from "node:buffer"
import { crc32 } from "node:zlib"

/** A file to be packed. */
export interface PackedFile<E, R> {
  readonly name: string
  readonly bytes: Stream.Stream<Uint8Array, E, R>
}

const versionNeeded = 20

/** The sum and the sizes of a file follow it, and its name is UTF-8. */
const flags = 0x0808

interface Written {
  readonly name: Buffer
  readonly at: number
  readonly size: number
  readonly sum: number
}

const localHeader = (name: Buffer): Buffer => {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(versionNeeded, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name])
}

const descriptor = ({ size, sum }: Written): Buffer => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(sum, 4)
  bytes.writeUInt32LE(size, 8)
  bytes.writeUInt32LE(size, 12)
  return bytes
}

const tableEntry = ({ at, name, size, sum }: Written): Buffer => {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(versionNeeded, 4)
  header.writeUInt16LE(versionNeeded, 6)
  header.writeUInt16LE(flags, 8)
  header.writeUInt32LE(sum, 16)
  header.writeUInt32LE(size, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(at, 42)
  return Buffer.concat([header, name])
}

const end = (entries: number, length: number, at: number): Buffer => {
  const bytes = Buffer.alloc(22)
  bytes.writeUInt32LE(0x06054b50, 0)
  bytes.writeUInt16LE(entries, 8)
  bytes.writeUInt16LE(entries, 10)
  bytes.writeUInt32LE(length, 12)
  bytes.writeUInt32LE(at, 16)
  return bytes
}

/** The bytes of an archive of these files, less than 4 GB together. */
export const pack = <E, R>(files: ReadonlyArray<PackedFile<E, R>>): Stream.Stream<Uint8Array, E, R> => {
  const written: Array<Written> = []
  let at = 0
  const counted = (bytes: Buffer): Uint8Array => {
    at += bytes.length
    return bytes
  }
  const fileOf = ({ bytes, name: text }: PackedFile<E, R>): Stream.Stream<Uint8Array, E, R> =>
    Stream.suspend(() => {
      const name = Buffer.from(text)
      const begin = at
      let [size, sum] = [0, 0]
      return Stream.make(counted(localHeader(name))).pipe(
        Stream.concat(Stream.map(bytes, (piece) => {
          size += piece.length
          at += piece.length
          sum = crc32(piece, sum)
          return piece
        })),
        Stream.concat(Stream.fromEffect(Effect.sync(() => {
          const file = { name, at: begin, size, sum }
          written.push(file)
          return counted(descriptor(file))
        })))
      )
    })
  return Stream.fromIterable(files).pipe(
    Stream.flatMap(fileOf),
    Stream.concat(Stream.fromEffect(Effect.sync(() => {
      const table = Buffer.concat(written.map(tableEntry))
      return Buffer.concat([table, end(written.length, table.length, at)])
    })))
  )
}
