/** A text as it is compared: what people leave out or write otherwise is gone, what tells songs apart is kept. */
import { spelled } from "../domain/Words.ts"
import { transliterated, withSpelling } from "./Transliterate.ts"

/**
 * Small letters without accents. Marks of every script go that are shared between scripts (accents, Arabic vowel signs);
 * those that are letters stay: Indic vowel signs, and the Japanese dakuten, which makes `か` another syllable than `が`.
 */
const withoutMarks = (text: string): string =>
  text.normalize("NFKD").replaceAll(/[[\p{M}&&\p{Script=Inherited}]--[\u3099\u309A]]/gv, "").normalize("NFC")

/** Letters alone: compatible forms unified, case and accents folded, Cyrillic and Greek in Latin. */
const latin = (text: string): string => {
  const small = withSpelling(text.normalize("NFKC").toLowerCase())
  return withoutMarks(transliterated(withoutMarks(small)))
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => spelled[letter] ?? letter)
}

/** Small numbers as digits: `Two Become One` is `2 Become 1`. */
const digits: { readonly [word: string]: string } = {
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  ten: "10"
}

const romans: { readonly [numeral: string]: string } = {
  i: "1",
  ii: "2",
  iii: "3",
  iv: "4",
  v: "5",
  vi: "6",
  vii: "7",
  viii: "8",
  ix: "9",
  x: "10"
}

/** The number of a movement, which a mark follows: `Op. 67: I. Allegro`. */
const movements = (text: string): string =>
  text.replaceAll(/(?<=(?:^|[:,\-–—])\s*)([ivx]+)\.(?=\s)/g, (whole, numeral: string) => romans[numeral] ?? whole)

/** Abbreviations, and what they stand for before a number. */
const abbreviated: { readonly [word: string]: string } = {
  pt: "part",
  pts: "part",
  vol: "volume",
  nr: "no",
  number: "no",
  opus: "op"
}

/** After these a single `i`, `v` or `x` is a number, and no word. */
const counting = new Set(["part", "volume", "chapter", "act", "book", "no"])

/** Numbers in digits, and what is counted in full: `pt ii` is `part 2`, `seven nation army` is `7 nation army`. */
const numbered = (words: ReadonlyArray<string>): ReadonlyArray<string> =>
  words
    .map((word) => digits[word] ?? (word.length > 1 ? romans[word] : undefined) ?? word)
    .map((word, at, all) => /^(?:\d+|[ivx])$/.test(all[at + 1] ?? "") ? abbreviated[word] ?? word : word)
    .map((word, at, all) => counting.has(all[at - 1] ?? "") ? romans[word] ?? word : word)

/**
 * The text in small letters and single spaces, without accents, punctuation and a leading `The`; `&`, `+` and `'n'` are
 * `and`. Of a text that is nothing but punctuation (`!!!`) that remains. Folding twice is folding once.
 */
export const fold = (text: string): string => {
  const plain = movements(latin(text))
    .replaceAll(/['’‘ʼʻ`´]/g, "") // as in don't; after the others, so that they stay folded
    .replaceAll(/(?<=\p{L})!(?=\p{L})/gu, "i") // P!nk
    .replaceAll(/\$(?=\p{L})|(?<=\p{L})\$/gu, "s") // A$AP, Ke$ha
    .replaceAll(/[&+]/g, " and ")
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim()
  const words = plain.split(" ")
  const told = numbered(words.map((word, at) => word === "n" && at > 0 && at < words.length - 1 ? "and" : word))
  const first = told.findIndex((word) => word !== "the")
  const title = told.slice(first < 0 ? -1 : first).join(" ")
  return title || latin(text).replaceAll(/\s+/g, "") || text.trim().toLowerCase()
}

/** Whether the texts have letters of different scripts: a title and its translation, rather than a title and more of it. */
export const isOtherScript = (one: string, other: string): boolean => isLatin(one) !== isLatin(other)

const isLatin = (text: string): boolean => !/\p{L}/u.test(text) || /\p{Script=Latin}/u.test(text)
