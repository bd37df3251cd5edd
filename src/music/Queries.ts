/** What is asked of Spotify's search for a request. */
import { titleOf } from "./Normalise.ts"
import { isrcOf, type TrackRequest } from "./Track.ts"

/** A text for `q` of `GET /search`, with what it tries. */
export interface SearchQuery {
  readonly by: "isrc" | "album" | "artist" | "words"
  readonly text: string
  /** The most that Spotify gives at once (since 2026). */
  readonly limit: 10
}

/** Spotify refuses longer texts; in characters. */
const longest = 250

/** What each field may take of it. */
const share = { title: 110, artist: 70, album: 45 }

/** Text of people as words: without quotes, the colon that makes a field, wildcards, and the operators in capitals. */
const neutral = (text: string): string =>
  text.normalize("NFKC")
    .replaceAll(/["“”„«»*:()[\]{}\\]/g, " ")
    .replaceAll(/\b(?:NOT|OR|AND)\b/g, (operator) => operator.toLowerCase())
    .replaceAll(/(?<=^|\s)-+(?=\S)/g, "") // a leading dash excludes a word
    .replaceAll(/\s+/g, " ")
    .trim()

/** Whole words of at most so many characters; a single word that is longer is cut. */
const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  const end = text.lastIndexOf(" ", most)
  return end > 0 ? text.slice(0, end) : [...text].slice(0, Math.floor(most / 2)).join("")
}

const field = (text: string, most: number): string => cut(neutral(text), most)

/** A search for plain words of whoever asks, at most as many as Spotify takes; empty where nothing is left of them. */
export const wordsOf = (text: string): string => cut(neutral(text), longest)

/**
 * The searches for a request, to be tried in turn until one has enough: by ISRC, by title, artist and album, by title and
 * artist, by plain words. Titles are without featured artists and editions, but with what makes another recording (`Live`).
 */
export const queriesOf = (request: TrackRequest): ReadonlyArray<SearchQuery> => {
  const title = titleOf(request.trackName)
  const name = field([title.words, ...title.recordings].join(" "), share.title)
  const artist = field(request.artist.replace(/\s+[([]?(?:feat|ft|featuring)\b\.?\s.*$/i, ""), share.artist)
  const album = request.album === undefined ? "" : field(titleOf(request.album).words, share.album)
  const isrc = isrcOf(request.isrc)
  const fields = name === "" || artist === "" ? undefined : `track:${name} artist:${artist}`
  const texts: ReadonlyArray<readonly [SearchQuery["by"], string | undefined]> = [
    ["isrc", isrc === undefined ? undefined : `isrc:${isrc}`],
    ["album", fields === undefined || album === "" ? undefined : `${fields} album:${album}`],
    ["artist", fields],
    ["words", cut([name, artist].join(" ").trim(), longest)]
  ]
  return texts.flatMap(([by, text]) => text === undefined || text === "" ? [] : [{ by, text, limit: 10 }])
}
