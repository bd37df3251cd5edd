/**
 * What a search finds beside the tracks of the catalogue: the remasters, concerts, karaoke tracks and covers that a real one
 * lists among and above them, and that a client has to tell apart.
 */
import type { Track } from "./Catalogue.ts"
import type { JsonObject } from "./Contract.ts"
import { base62, draw } from "./Seeded.ts"

interface Version {
  /** How likely a track has one. */
  readonly likely: number
  readonly title: (title: string) => string
  /** Whose it is, when it is not the artist's. */
  readonly artist?: string
  readonly album: (album: string) => string
}

const versions: ReadonlyArray<Version> = [
  {
    likely: 0.5,
    title: (title) => `${title} - Remastered 2011`,
    album: (album) => `${album} (Deluxe Edition)`
  },
  { likely: 0.4, title: (title) => `${title} - Live`, album: () => "Live at the Lucerna" },
  {
    likely: 0.4,
    title: (title) => `${title} (Karaoke Version)`,
    artist: "Sing Along Stars",
    album: () => "Karaoke Hits 7"
  },
  { likely: 0.3, title: (title) => title, artist: "The Night Covers", album: () => "Other People's Songs" }
]

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const objectAt = (json: JsonObject, name: string): JsonObject => {
  const value = json[name]
  return isObject(value) ? value : {}
}

const versionOf = (track: Track, { album, artist, title }: Version): Track => {
  const name = title(String(track.json["name"]))
  const [firstArtist] = Array.isArray(track.json["artists"]) ? track.json["artists"] : []
  const original = isObject(firstArtist) ? firstArtist : {}
  const whose = artist === undefined
    ? original
    : {
      ...original,
      id: base62(22, "artist", artist),
      name: artist,
      uri: `spotify:artist:${base62(22, "artist", artist)}`
    }
  const albumName = album(String(objectAt(track.json, "album")["name"]))
  const albumId = base62(22, "album", artist ?? track.artistUri, albumName)
  const id = base62(22, "version", track.id, name, albumName)
  const uri = `spotify:track:${id}`
  return {
    ...track,
    id,
    uri,
    albumUri: `spotify:album:${albumId}`,
    json: {
      ...track.json,
      id,
      uri,
      name,
      href: `https://api.spotify.com/v1/tracks/${id}`,
      external_urls: { spotify: `https://open.spotify.com/track/${id}` },
      artists: [whose],
      album: {
        ...objectAt(track.json, "album"),
        id: albumId,
        name: albumName,
        uri: `spotify:album:${albumId}`,
        artists: [whose]
      },
      external_ids: { isrc: `XX${draw("isrc", id).int(1_000_000_000, 9_999_999_999)}` }
    }
  }
}

/** The other versions of these tracks, always the same ones. */
export const versionsOf = (tracks: ReadonlyArray<Track>): ReadonlyArray<Track> =>
  tracks.flatMap((track) => {
    const from = draw("versions", track.id)
    return versions.flatMap((version) => from.chance(version.likely) ? [versionOf(track, version)] : [])
  })
