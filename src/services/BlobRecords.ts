/**
 * The large values of RocksDB (`*.blob`) by their own checksums: a head of 30 bytes, of which all but the first eight are zero
 * here; records, each with a head of 32 bytes, a key and a value; and a foot of 32.
 */
import { Effect, Option } from "effect"
import { crc32c, masked } from "./Crc32c.ts"
import { bytesBetween, placesIn } from "./StoreFiles.ts"

const headSize = 30
const recordHeadSize = 32
const footSize = 32
const magic = "378f2400"

/** A head that follows the format; what is after it begins where it says. */
const isHead = (head: Buffer): boolean =>
  head.toString("hex", 0, 8) === `${magic}01000000` && head.subarray(8).every((byte) => byte === 0)

const isRecordHead = (head: Buffer): boolean =>
  head.length === recordHeadSize && masked(crc32c(head.subarray(0, 24))) === head.readUInt32LE(24)

const isFoot = (foot: Buffer): boolean =>
  foot.length === footSize && foot.toString("hex", 0, 4) === magic &&
  masked(crc32c(foot.subarray(0, 28))) === foot.readUInt32LE(28)

/** Whether a file of values ends as those do that are finished; nothing is written to it afterwards. */
export const hasBlobEnd = (path: string, size: number) =>
  Effect.map(bytesBetween(path, Math.max(0, size - footSize), size), isFoot)

/**
 * The first byte of what is not as it was written; none also of a file that was not finished, for its writer had not yet told
 * anybody of it, unless the manifest names it.
 */
export const faultOfBlob = Effect.fnUntraced(function*(path: string, size: number, isNamed = false) {
  const foot = size - footSize
  if (foot < headSize) return isNamed ? Option.some(0) : Option.none<number>()
  const bytes = placesIn(path)
  const end = Buffer.from(yield* bytes(foot, size))
  const isFinished = isNamed || isFoot(end)
  const fault = (at: number) => isFinished ? Option.some(at) : Option.none<number>()
  if (!isHead(yield* bytes(0, headSize))) return fault(0)
  let at = headSize
  let count = 0n
  while (at < foot) {
    const head = yield* bytes(at, at + recordHeadSize)
    if (!isRecordHead(head)) return fault(at)
    const body = at + recordHeadSize
    const next = body + Number(head.readBigUInt64LE(0)) + Number(head.readBigUInt64LE(8))
    if (next > foot) return fault(at)
    if (masked(crc32c(yield* bytes(body, next))) !== head.readUInt32LE(28)) return fault(at)
    at = next
    count++
  }
  if (isFinished) return isFoot(end) && end.readBigUInt64LE(4) === count ? Option.none() : Option.some(foot)
  // all values are there: so is the foot, unless its writer was cut off before it, or after the head of one more
  return end.every((byte) => byte === 0) || isRecordHead(end) ? Option.none() : Option.some(foot)
})
