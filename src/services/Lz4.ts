import { Option } from "effect"
import { ByteCursor } from "./ByteCursor.ts"

/** Lengths of 15 and more go on in the bytes after. */
const extended = (cursor: ByteCursor, nibble: number): number => {
  let length = nibble
  if (nibble < 15) return length
  for (;;) {
    const more = cursor.byte()
    length += more
    if (more < 255) return length
  }
}

/** A block of LZ4 (its "block format") of which the length is known; none when it is not one. */
export const decompressed = (compressed: Buffer, length: number): Option.Option<Buffer> => {
  const cursor = new ByteCursor(compressed)
  const out = Buffer.alloc(length)
  let at = 0
  while (!cursor.isDone) {
    const token = cursor.byte()
    const literals = cursor.take(extended(cursor, token >>> 4))
    if (at + literals.length > length) return Option.none()
    literals.copy(out, at)
    at += literals.length
    if (cursor.isDone) break
    const distance = cursor.byte() | cursor.byte() << 8
    const matched = extended(cursor, token & 15) + 4
    if (distance === 0 || distance > at || at + matched > length) return Option.none()
    for (const end = at + matched; at < end; at++) out[at] = out[at - distance] ?? 0
  }
  return cursor.isBeyond || at !== length ? Option.none() : Option.some(out)
}
