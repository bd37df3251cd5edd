/** Titles, albums and artists as they are compared: what they are called, apart from what else is said beside it. */
import { fold } from "./Fold.ts"
import { meaningOf, type Qualifier } from "./Qualifiers.ts"

/** A title, taken apart. Texts are folded, but for `words`, `featured` and `recordings`. */
export interface Title {
  /** As it is written, without artists, editions and recordings: what is searched for. */
  readonly words: string
  /** What is compared. */
  readonly plain: string
  /** Without what stands in brackets or after a dash. */
  readonly core: string
  /** What stands there and belongs to the title: `(I Can't Get No)`, a subtitle, a translation. */
  readonly asides: ReadonlyArray<string>
  /** The artists that it names. */
  readonly featured: ReadonlyArray<string>
  /** What makes it another recording of the song. */
  readonly qualifiers: ReadonlyArray<Qualifier>
  /** The same as it is written: `Live at Wembley`. */
  readonly recordings: ReadonlyArray<string>
  /** What names an edition of the same recording: `remastered 2009`. */
  readonly editions: ReadonlyArray<string>
}

const brackets = /\(([^()]*)\)|\[([^[\]]*)\]|\{([^{}]*)\}|【([^【】]*)】|「([^「」]*)」|『([^『』]*)』|〈([^〈〉]*)〉/

const dash = /\s+[-–—‐−~]+\s+/g

/** Ends without bracket or dash that leave no doubt. Wider ones are part of titles: `Long Live`, `With or Without You`. */
const ends: ReadonlyArray<RegExp> = [
  /\s+((?:feat|ft|featuring)\b\.?\s.+)$/i,
  /\s+((?:\d{4}\s+)?(?:digital(?:ly)?\s+)?remaster(?:ed)?(?:\s+version)?(?:\s+\d{4})?(?:\s+version)?)$/i,
  /\s+((?:live|acoustic|karaoke|instrumental|demo|piano|extended|single|album)\s+version)$/i,
  /\s+(karaoke|instrumental|unplugged|radio edit|remix|live (?:at|from)\s.+)$/i,
  /\s+(official (?:music |lyric )?(?:video|audio))$/i
]

/** Takes a title apart. A head that is nothing but one of the artists (`Queen - Innuendo`) is none of it. */
export const titleOf = (text: string, artists: ReadonlyArray<string> = []): Title => {
  const featured: Array<string> = []
  const qualifiers: Array<Qualifier> = []
  const recordings: Array<string> = []
  const editions: Array<string> = []
  const asides: Array<string> = []

  /** Notes what a group says, and gives what of it belongs to the title. */
  const take = (group: string): string => {
    const meaning = meaningOf(group)
    switch (meaning._tag) {
      case "Featured":
        featured.push(meaning.artists.trim())
        return ""
      case "Recording":
        qualifiers.push(...meaning.qualifiers)
        recordings.push(group.trim())
        return ""
      case "Edition":
        editions.push(fold(group))
        return ""
      case "Words":
        asides.push(group.trim())
        return group
    }
  }

  let words = text.normalize("NFKC")
  let core = words
  for (let found = brackets.exec(core); found !== null; found = brackets.exec(core)) {
    const group = found.slice(1).find((part) => part !== undefined) ?? ""
    core = core.replace(found[0], " ")
    // a dash in it divides nothing
    const kept = take(group.replaceAll(dash, " "))
    words = words.replace(found[0], () => ` ${kept} `)
  }
  const [head = "", ...tails] = core.split(dash)
  if (head.trim() !== "") {
    core = head
    words = words.split(dash)[0] ?? ""
    const isArtist = tails.length > 0 && artists.some((artist) => fold(artist) === fold(head))
    if (isArtist) words = core = tails.shift() ?? ""
    for (const tail of tails) {
      const kept = take(tail)
      if (kept !== "") words = `${words} - ${kept}`
    }
  }
  for (const end of [...ends, ...ends]) {
    const found = end.exec(core.trimEnd())
    const group = found?.[1]
    if (group === undefined || take(group) !== "") continue
    core = core.trimEnd().slice(0, -group.length)
    words = words.replace(group, " ")
  }
  if (fold(core) === "") core = text
  if (fold(words) === "") words = text
  return {
    words: words.replaceAll(/\s+/g, " ").trim(),
    plain: fold(words),
    core: fold(core),
    asides: asides.map(fold),
    featured,
    qualifiers,
    recordings,
    editions
  }
}

/** What stands between artists. A generation is no artist of its own: `Hank Williams, Jr.` */
const between = /\s*(?:,(?!\s*(?:jr|sr)\b)|;|\/|&|\+|×|(?<=\s)(?:feat|ft|featuring|with|and|x|vs)(?:\.|(?=\s)))\s*/iu

/** The artists that a text names, folded, each once and in their order. */
export const artistsOf = (texts: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(texts.flatMap((text) => text.normalize("NFKC").split(between)).map(fold).filter((name) => name !== ""))
]

/** The numbers that a folded title has: `Pt. 2` is another piece than `Pt. 1`. */
export const numbersOf = (plain: string): ReadonlyArray<string> => plain.match(/\d+/g) ?? []
