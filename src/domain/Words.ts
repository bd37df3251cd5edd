/** Texts as words to search by: without case, accents and punctuation. */

/** Letters that are no letter with a mark, and what people type for them. */
export const spelled: { readonly [letter: string]: string } = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i"
}

/** The text in small letters without marks: `Straße` and `STRASSE` are the same, and so are `é`, `e` and `É`. */
export const folded = (text: string): string =>
  text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase()
    // what a small letter has besides its capital
    .normalize("NFKD").replaceAll(/\p{M}/gu, "")
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => spelled[letter] ?? letter)

/** A word of a script without spaces is one character, else a run of letters and digits. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])+/gu

/** Nobody types more of a word. */
const longest = 40

/** The words of a text, in order. */
export const wordsOf = (text: string): ReadonlyArray<string> =>
  (folded(text).match(word) ?? []).map((found) => found.slice(0, longest))

/** What remains of a description that may be HTML: its text, and of an address its host. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll(/&(nbsp|amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? " ")
    .replaceAll(/https?:\/\/([^\s/?#"'<>]+)[^\s"'<>]*/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim()

const entities: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: "\"", "#39": "'" }

/** Whether each of the asked words begins one of the others. */
export const hasAll = (words: ReadonlyArray<string>, asked: ReadonlyArray<string>): boolean =>
  asked.every((beginning) => words.some((word) => word.startsWith(beginning)))

/** The text around the first of the words, of about so many characters; none when it is not there. */
export const excerpt = (text: string, asked: ReadonlyArray<string>, size: number): string | undefined => {
  const plain = plainText(text)
  for (const { 0: run, index } of plain.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    if (!wordsOf(run).some((word) => asked.some((beginning) => word.startsWith(beginning)))) continue
    const from = Math.max(0, index - size / 4)
    const begin = from === 0 ? 0 : plain.indexOf(" ", from) + 1
    const end = begin + size >= plain.length
      ? plain.length
      : Math.max(plain.lastIndexOf(" ", begin + size), index + run.length)
    return `${begin === 0 ? "" : "… "}${plain.slice(begin > index ? index : begin, end)}${
      end === plain.length ? "" : " …"
    }`
  }
  return undefined
}
