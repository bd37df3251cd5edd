/**
 * What stands in brackets or after a dash in a title, and what it says. Some of it names the same recording in another
 * pressing (an edition), some of it another recording (a qualifier); what is neither belongs to the title.
 */
import { fold } from "./Fold.ts"

/** What makes another recording of a song. */
export type Kind =
  | "live"
  | "acoustic"
  | "remix"
  | "demo"
  | "instrumental"
  | "alternate"
  | "rerecorded"
  | "speed"
  | "piece"
  | "medley"
  | "karaoke"
  | "cover"

/** A recording that is told from others by its kind, and by the words that say which of the kind: `tiesto`, `wembley`. */
export interface Qualifier {
  readonly kind: Kind
  readonly details: ReadonlyArray<string>
}

/** What a group of words is. */
export type Meaning =
  | { readonly _tag: "Edition" }
  | { readonly _tag: "Featured"; readonly artists: string }
  | { readonly _tag: "Recording"; readonly qualifiers: ReadonlyArray<Qualifier> }
  | { readonly _tag: "Words" }

/** On folded text. A kind before another one is looked for first; all that are found count. */
const kinds: ReadonlyArray<readonly [Kind, RegExp]> = [
  ["karaoke", /\bkaraoke\b|\bbacking track\b|\bsing along\b/],
  [
    "cover",
    /\bin style of\b|\bin the style of\b|\bmade famous by\b|\b(?:originally )?performed by\b|\boriginally by\b|\btribute\b|\bcover\b|\bcovers\b|\bas made\b|\blullaby\b|\b8 bit\b|\bstring quartet\b|\bcast version\b/
  ],
  [
    "live",
    /^live\b(?! (?:your|my|forever|and let|for|it|like|life|while|with|to)\b)|\blive$|\blive (?:at|in|from|on|version|session|sessions|recording|performance|\d{4})\b|\bunplugged\b|\bin concert\b|\bmtv unplugged\b|\ben vivo\b|\ben directo\b|\bao vivo\b|\bdal vivo\b|\brecorded at\b/
  ],
  ["acoustic", /\bacoustic\b|\bpiano version\b|\bstripped\b|\bakustik\b|\bacustico\b|\bacustica\b/],
  ["instrumental", /\binstrumental\b/],
  ["speed", /\bsped up\b|\bspeed up\b|\bslowed\b|\bnightcore\b|\bchopped\b/],
  ["demo", /\bdemos?\b|\brough mix\b|\bouttakes?\b|\brehearsal\b/],
  ["rerecorded", /\bre ?record(?:ed|ing)\b|^(?!albums|singles|years)[a-z]+s version\b/],
  [
    "remix",
    /\bremix\b|\brmx\b|\bremixed\b|\bmix\b|\bdub\b|\bbootleg\b|\bmashup\b|\bflip\b|\brework\b|\bextended\b|\bedit\b|\bvip\b|\b12 (?:inch|version)\b/
  ],
  [
    "alternate",
    /\balternat(?:e|ive)\b|\btake \d+\b|\borchestral\b|\bsymphonic\b|\ba ?cappella\b|\bspanish version\b|\benglish version\b|\bfrench version\b|\bgerman version\b|\bjapanese version\b|\bkorean version\b|\bsessions?\b|\breimagined\b|\bchoir version\b|\bearly version\b|\bstudio outtake\b/
  ],
  ["piece", /^(?:intro|outro|interlude|reprise|prelude|skit|overture|introduction)$|\breprise\b|\binterlude\b/],
  ["medley", /\bmedley\b/]
]

/** The same recording, said at length; looked for before the kinds, because `single edit` is no remix. On folded text. */
const editions: ReadonlyArray<RegExp> = [
  /\bremaster(?:ed|izado|isado|isee?|t)?\b/,
  /^(?:single|album|lp|original|main|standard|explicit|clean|stereo|mono|radio|studio|us|uk|7|ep|short|full|full length|7 inch|video)(?: (?:single|album|radio|mono|stereo))? (?:version|edit|mix|recording|single)$/,
  /^(?:\d{4} )?(?:mono|stereo|explicit|clean|single|ep|deluxe|bonus|original|digital|remastered)$/,
  /^(?:the )?(?:\d+(?:th|st|nd|rd) )?(?:\w+ ){0,3}(?:edition|anniversary)$|\banniversary (?:edition|version|deluxe)\b|\bdeluxe\b|\bexpanded\b/,
  /^bonus track(?: version)?$|^(?:international|us|uk|japan) version$|^version originale$/,
  /^from (?!the vault)|\bsoundtrack\b|\bmotion picture\b|^original (?:cast|motion|score)\b|^music from\b|^theme from\b/,
  /^(?:19|20)\d{2}(?: (?:digital|version|mix|stereo mix|mono))?$|^\d{4} - /,
  /^(?:official )?(?:music |lyric |lyrics )?(?:video|audio|lyrics)$|^official (?:music |lyric )?(?:video|audio)$|^visuali[sz]er$/
]

const featured = /^(?:feat|ft|featuring|with|con|avec|mit)(?:\.|\b)\s*(.+)$/isu

/** Words that say nothing of which recording of its kind it is. */
const bare = new Set(
  ("live at in from on the a of version remix mix edit session sessions and by recorded recording performance acoustic demo "
    + "karaoke instrumental cover unplugged mtv concert original with style made famous originally performed tribute "
    + "to rmx remixed for s version edition remaster remastered digital mono stereo")
    .split(" ")
)
/** The other recordings that a folded text speaks of. */
export const qualifiersOf = (folded: string): ReadonlyArray<Qualifier> => {
  const details = folded.split(" ").filter((word) => !bare.has(word))
  return kinds.flatMap(([kind, pattern]) => pattern.test(folded) ? [{ kind, details }] : [])
}

/** What a group in brackets or after a dash says. */
export const meaningOf = (group: string): Meaning => {
  const artists = featured.exec(group.trim())?.[1]
  const text = fold(group)
  if (artists !== undefined && qualifiersOf(text).length === 0) return { _tag: "Featured", artists }
  if (
    editions.some((pattern) => pattern.test(text)) &&
    !/\b(?:live|karaoke|acoustic|demo|instrumental|remix)\b/.test(text)
  ) {
    return { _tag: "Edition" }
  }
  const qualifiers = qualifiersOf(text)
  return qualifiers.length > 0 ? { _tag: "Recording", qualifiers } : { _tag: "Words" }
}
