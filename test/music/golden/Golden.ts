/** Requests with what a search finds for them, as `title | artist; artist | album`. */
import { Candidate, TrackRequest } from "../../../src/music/Track.ts"

/** The request, which of the candidates it is (`ask`: none that may be taken without asking), and the candidates in order. */
export type Row = readonly [request: string, expected: number | "ask", ...candidates: ReadonlyArray<string>]

const partsOf = (text: string) => {
  const [name = "", artists = "", album] = text.split(" | ")
  return { name, artists, album: album === undefined ? {} : { album } }
}

export const requestOf = ([text]: Row): TrackRequest => {
  const { album, artists, name } = partsOf(text)
  return new TrackRequest({ trackName: name, artist: artists, ...album })
}

export const candidatesOf = ([, , ...texts]: Row): ReadonlyArray<Candidate> =>
  texts.map((text, at) => {
    const { album, artists, name } = partsOf(text)
    return new Candidate({ uri: `spotify:track:${at}`, name, artists: artists.split("; "), isPlayable: true, ...album })
  })
