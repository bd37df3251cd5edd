/** Spotify's search of tracks, as far as its field filters and its ranking matter to a client. */
import type { Track } from "./Catalogue.ts"
import type { JsonObject } from "./Contract.ts"

const filters = ["track", "artist", "album", "isrc", "year", "genre"] as const

type Filter = (typeof filters)[number]

interface Query {
  /** Words that may stand anywhere. */
  readonly words: ReadonlyArray<string>
  readonly fields: { readonly [F in Filter]?: ReadonlyArray<string> }
}

const wordsOf = (text: string): ReadonlyArray<string> =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** `track:"…" artist:… plain words`: a filter reaches to the next one, or to the end of its quotes. */
const parse = (text: string): Query => {
  const fields: { [F in Filter]?: ReadonlyArray<string> } = {}
  const starts = [...text.matchAll(/\b(track|artist|album|isrc|year|genre):/gi)]
  const plain = text.slice(0, starts[0]?.index ?? text.length)
  starts.forEach((start, index) => {
    const name = filters.find((filter) => filter === start[1]?.toLowerCase())
    const value = text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length)
    if (name !== undefined) fields[name] = wordsOf(value)
  })
  return { words: wordsOf(plain), fields }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const nameOf = (value: unknown): string => isObject(value) ? String(value["name"] ?? "") : ""

interface Indexed {
  readonly track: Track
  readonly of: { readonly [F in Filter]: ReadonlySet<string> }
}

const indexed = (track: Track): Indexed => {
  const { album, artists, external_ids: ids, name } = track.json
  const words = (text: string) => new Set(wordsOf(text))
  return {
    track,
    of: {
      track: words(String(name)),
      artist: words((Array.isArray(artists) ? artists : []).map(nameOf).join(" ")),
      album: words(nameOf(album)),
      isrc: words(isObject(ids) ? String(ids["isrc"] ?? "") : ""),
      year: words(isObject(album) ? String(album["release_date"] ?? "").slice(0, 4) : ""),
      genre: new Set()
    }
  }
}

/** The share of the words that are there; every filter has to hold in most of its words. */
const scoreOf = ({ fields, words }: Query, { of }: Indexed): number => {
  const share = (wanted: ReadonlyArray<string>, there: ReadonlySet<string>): number =>
    wanted.length === 0 ? 1 : wanted.filter((word) => there.has(word)).length / wanted.length
  const everywhere = new Set(filters.flatMap((filter) => [...of[filter]]))
  const shares = filters.flatMap((filter) => {
    const wanted = fields[filter]
    return wanted === undefined ? [] : [share(wanted, of[filter])]
  })
  if (words.length > 0) shares.push(share(words, everywhere))
  return shares.length === 0 || shares.some((one) => one < 0.5) ? 0 : shares.reduce((sum, one) => sum + one, 0)
}

/** Finds tracks by a query, the best first; of equal ones the order of the catalogue stands, in which versions come first. */
export const trackSearch = (tracks: ReadonlyArray<Track>) => {
  const all = tracks.map(indexed)
  return (text: string): ReadonlyArray<Track> => {
    const query = parse(text)
    return all.map((one) => ({ track: one.track, score: scoreOf(query, one) }))
      .filter(({ score }) => score > 0)
      .toSorted((one, other) => other.score - one.score)
      .map(({ track }) => track)
  }
}
