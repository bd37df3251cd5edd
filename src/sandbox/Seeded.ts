/**
 * Chance that is a function of a seed and a name: the same words always draw the same numbers, so any part of the
 * world can be made on its own, in any order, and comes out the same.
 */

/** 32 bits of FNV-1a with a final mix (murmur3's), good enough to spread names. */
const hash32 = (text: string, salt: number): number => {
  let h = 0x811c9dc5 ^ salt
  for (let index = 0; index < text.length; index++) {
    h = Math.imul(h ^ text.charCodeAt(index), 0x01000193)
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

type Word = string | number

const nameOf = (words: ReadonlyArray<Word>): string => words.join("\u0001")

/** A stream of draws. */
export interface Draw {
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number, both ends included. */
  readonly int: (low: number, high: number) => number
  /** A number around `mean`, rarely further than twice `spread` away. */
  readonly around: (mean: number, spread: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(items: readonly [A, ...ReadonlyArray<A>]) => A
  readonly index: (length: number) => number
}

/** The draws that belong to these words (mulberry32). */
export const draw = (...words: ReadonlyArray<Word>): Draw => {
  let state = hash32(nameOf(words), 0)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const index = (length: number): number => Math.floor(next() * length)
  return {
    next,
    index,
    int: (low, high) => low + index(high - low + 1),
    around: (mean, spread) => mean + (next() + next() + next() - 1.5) * spread * 1.4,
    chance: (probability) => next() < probability,
    pick: (items) => items[index(items.length)] ?? items[0]
  }
}

const letters = (alphabet: string, length: number, words: ReadonlyArray<Word>): string => {
  const from = draw("letters", ...words)
  return Array.from({ length }, () => alphabet.charAt(from.index(alphabet.length))).join("")
}

const lower = "abcdefghijklmnopqrstuvwxyz"

/** As Spotify's ids and most tokens are written. */
export const base62 = (length: number, ...words: ReadonlyArray<Word>): string =>
  letters(`0123456789${lower}${lower.toUpperCase()}`, length, words)

/** As Google's event ids are written: 0-9 and a-v. */
export const base32hex = (length: number, ...words: ReadonlyArray<Word>): string =>
  letters("0123456789abcdefghijklmnopqrstuv", length, words)

export const hex = (length: number, ...words: ReadonlyArray<Word>): string => letters("0123456789abcdef", length, words)

/** A version 4 UUID in form, as Oura's document ids are. */
export const uuid = (...words: ReadonlyArray<Word>): string => {
  const text = hex(32, ...words)
  const variant = "89ab".charAt(draw("variant", ...words).index(4))
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(13, 16)}`,
    `${variant}${text.slice(17, 20)}`,
    text.slice(20)
  ].join("-")
}

/** A short mark of a text, for etags and parameter checks. */
export const mark = (text: string): string => `${hash32(text, 0).toString(36)}${hash32(text, 0x9e3779b9).toString(36)}`
