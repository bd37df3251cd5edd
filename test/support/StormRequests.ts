/** What is asked for in a storm of songs, and what each of them is. */
import { Option } from "effect"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
import type { MusicSync } from "../../src/workflows/MusicSync.ts"
import type { Randomness } from "./RandomQueries.ts"

type Payload = Parameters<typeof MusicSync.execute>[0]

export interface Asked {
  readonly payload: Payload
  /** The song as the catalogue has it; none where there is no such song. */
  readonly song: Option.Option<Song>
}

interface Song {
  readonly title: string
  readonly artist: string
  readonly album: string
}

/** All that there are. */
export const songs: ReadonlyArray<Song> = makeCatalogue(false).map(({ json }) => {
  const { album, artists, name } = JSON.parse(JSON.stringify(json))
  return { title: String(name), artist: String(artists[0].name), album: String(album.name) }
})

/** Of the longest of three or more words only the beginning, as of a voice that was misheard: the scores alone may not say that it is it. */
const misheard = (title: string): string => {
  const words = title.split(" ")
  const longest = words.toSorted((one, other) => other.length - one.length)[0] ?? ""
  return words.length < 3 ? title : words.map((word) => word === longest ? word.slice(0, 2) : word).join(" ")
}

/** One of ten cannot be fulfilled, one of ten was asked before, and of the others many ask for one song at the same time. */
export const requests = (count: number, playlists: ReadonlyArray<string>, random: Randomness): ReadonlyArray<Asked> => {
  const all: Array<Asked> = []
  while (all.length < count) {
    const playlist_id = random.pick(playlists)
    const song = random.pick(songs)
    const key = `storm ${all.length}`
    const draw = random.next()
    if (draw < 0.05) {
      const payload = { key, track_name: `${song.title} ${key} xyzzy`, artist: "Nobody At All", playlist_id }
      all.push({ payload, song: Option.none() })
    } else if (draw < 0.1) {
      const payload = { key, track_name: song.title, artist: "The Quux Ensemble", playlist_id }
      all.push({ payload, song: Option.none() })
    } else if (draw < 0.2 && all.length > 0) {
      all.push(random.pick(all.slice(-20)))
    } else {
      const payload = {
        key,
        track_name: random.pick([
          song.title,
          song.title.toUpperCase(),
          `${song.title} (Remastered)`,
          misheard(song.title)
        ]),
        artist: song.artist,
        ...(random.next() < 0.5 ? { album: song.album } : {}),
        playlist_id
      }
      all.push({ payload, song: Option.some(song) })
    }
  }
  return all
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

/** Whether what was found is the song. */
export const isSong = (
  { artist, title }: Song,
  found: { readonly name: string; readonly artists: ReadonlyArray<string> }
) =>
  found.artists.map(folded).includes(folded(artist)) &&
  folded(found.name).replace(/ - remastered.*$/, "") === folded(title)
