/**
 * The logs of RocksDB, its write-ahead log and its manifest: blocks of 32 KiB, each filled with records that have a checksum
 * of their own (CRC32C, masked). See RocksDB's "Write Ahead Log File Format".
 */
import { Option } from "effect"
import { crc32c, differByABit, masked, unmasked } from "./Crc32c.ts"

/** Where records begin anew, however long the ones before were. */
export const blockSize = 32 * 1024

const header = 7
/** Of records in a file that is used again, which name their log. */
const recyclable: ReadonlySet<number> = new Set([5, 6, 7, 8, 11])

interface Head {
  readonly type: number
  readonly length: number
  /** With its header. */
  readonly size: number
  readonly checksum: number
}

const headAt = (view: DataView, at: number): Head => {
  const length = view.getUint16(at + 4, true)
  const type = view.getUint8(at + 6)
  const size = (recyclable.has(type) ? header + 4 : header) + length
  return { type, length, size, checksum: view.getUint32(at, true) }
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

const isRecord = (bytes: Uint8Array, at: number, { checksum, size }: Head): boolean =>
  masked(crc32c(bytes.subarray(at + 6, at + size))) === checksum

/** Whether a record stands somewhere from there to the end, which nothing is written behind before it is whole. */
const goesOn = (bytes: Uint8Array, view: DataView, from: number): boolean => {
  const until = Math.min(bytes.length - header, from + 2 * blockSize)
  for (let at = from; at <= until; at++) {
    const head = headAt(view, at)
    const isPossible = head.type > 0 && head.type <= 11 && head.length > 0 && at + head.size <= bytes.length
    if (isPossible && isRecord(bytes, at, head)) return true
  }
  return false
}

/**
 * Whether what is from there to the end is a record but for one bit, which a writer that was cut off does not leave. The
 * checksum is that of all after it and the length.
 */
const isButForABit = (bytes: Uint8Array, view: DataView, at: number): boolean => {
  const rest = bytes.subarray(at + 6)
  const stored = view.getUint32(at, true)
  const computed = crc32c(rest)
  const difference = (masked(computed) ^ stored) >>> 0
  // in the length, in the checksum, or in what it is of
  return difference === 0 || (difference & difference - 1) === 0 ||
    differByABit(computed, unmasked(stored), rest.length)
}

/** The first byte of what is not a record in this part of a log, which begins with a block; none when all of it is. */
export const faultIn = (bytes: Uint8Array): Option.Option<number> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at < bytes.length) {
    const left = blockSize - at % blockSize
    // the end of a block that no record fits into is filled with zeros
    if (left < header) {
      at += left
      continue
    }
    if (bytes.length - at < header) return Option.none()
    const head = headAt(view, at)
    if (head.length === 0 && head.type === 0 && head.checksum === 0) {
      // room that was taken before it was needed
      return isZero(bytes.subarray(at)) ? Option.none() : Option.some(at)
    }
    if (head.size > left) return Option.some(at)
    // a process or a machine that ended while it wrote: nobody was told that this is stored
    if (at + head.size > bytes.length) {
      return goesOn(bytes, view, at + header) || isButForABit(bytes, view, at) ? Option.some(at) : Option.none()
    }
    if (!isRecord(bytes, at, head)) {
      // the length of a file may outlive a cut of the power, where what was written last does not
      const end = at + head.size
      const isCutOff = isZero(bytes.subarray(Math.max(at + header, end - 8)))
      return isCutOff && !isButForABit(bytes.subarray(0, end), view, at) ? Option.none() : Option.some(at)
    }
    at += head.size
  }
  return Option.none()
}

/** The records of a log, of which the long ones are written in parts; up to the first that is not whole. */
export const recordsIn = (bytes: Buffer): ReadonlyArray<Buffer> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: Array<Buffer> = []
  let parts: Array<Buffer> = []
  let at = 0
  while (bytes.length - at >= header) {
    const left = blockSize - at % blockSize
    if (left < header) {
      at += left
      continue
    }
    const head = headAt(view, at)
    const end = at + head.size
    if (head.type === 0 || end > bytes.length || !isRecord(bytes, at, head)) break
    const place = placeOf.get(head.type)
    if (place === "full" || place === "first") parts = []
    if (place !== undefined) parts.push(bytes.subarray(end - head.length, end))
    if (place === "full" || place === "last") records.push(Buffer.concat(parts))
    at = end
  }
  return records
}

const placeOf: ReadonlyMap<number, "full" | "first" | "middle" | "last"> = new Map([
  [1, "full"],
  [2, "first"],
  [3, "middle"],
  [4, "last"],
  [5, "full"],
  [6, "first"],
  [7, "middle"],
  [8, "last"]
])
