/**
 * The plays of the world. A day is a few sessions of an album, an artist or a playlist in a row; now and then a session
 * is heard offline and surfaces hours later with its old `played_at`, as the real feed does.
 */
import { Effect } from "effect"
import { localTrack, makeCatalogue, type Track } from "./Catalogue.ts"
import type { JsonObject, SandboxListening } from "./Contract.ts"
import { atLocal, dayAt, minute, parseInstant, shortUtcText } from "./Instants.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"
import { base62, type Draw } from "./Seeded.ts"
import { firstDay, home, type World, zoneOfDay } from "./World.ts"

interface Play {
  readonly playedAt: number
  readonly visibleFrom: number
  readonly track: Track
  readonly contextUri: string | undefined
}

/** Begin of the session's window and its end, in minutes after local midnight, and how likely it is. */
const sessions = [
  { from: 7 * 60 + 10, to: 8 * 60 + 20, likely: 0.75, songs: [4, 12] },
  { from: 9 * 60 + 15, to: 11 * 60, likely: 0.6, songs: [6, 18] },
  { from: 13 * 60, to: 15 * 60 + 30, likely: 0.65, songs: [6, 20] },
  { from: 17 * 60 + 20, to: 18 * 60 + 30, likely: 0.6, songs: [3, 10] },
  { from: 19 * 60 + 30, to: 22 * 60, likely: 0.7, songs: [5, 22] }
] as const

const disk: readonly [Track, ...ReadonlyArray<Track>] = [
  localTrack("Kapela Sousedi", "Demo 2019", "Zkouška ve sklepě", 214),
  localTrack("Field Recordings", "Šumava", "Rain on the tent", 602),
  localTrack("Táta", "Kazeta 3", "Písnička pro Aničku: 100 %", 97)
]

const contextJson = (uri: string): JsonObject => {
  const [, type = "", id = ""] = uri.split(":")
  return {
    external_urls: { spotify: `https://open.spotify.com/${type}/${id}` },
    href: `https://api.spotify.com/v1/${type}s/${id}`,
    type,
    uri
  }
}

const toJson = (play: Play): JsonObject => ({
  track: play.track.json,
  played_at: shortUtcText(play.playedAt),
  context: play.contextUri === undefined ? null : contextJson(play.contextUri)
})

/** A stored play: what it is, and what is served for it. */
export interface ListedPlay {
  readonly playedAt: number
  readonly json: JsonObject
}

export interface Listening extends SandboxListening {
  /** What the feed gives at that instant: the last 50 by `played_at`, newest first. */
  readonly feed: (now: number) => ReadonlyArray<ListedPlay>
  /** What is visible at `now` with `from <= played_at < to`, oldest first. */
  readonly between: (now: number, from: number, to: number) => ReadonlyArray<ListedPlay>
  /** The tracks that the person hears. */
  readonly tracks: ReadonlyArray<Track>
}

/** All that the feed ever gives. */
export const reach = 50

export const makeListening = (world: World, legacy: boolean, now: () => number): Listening => {
  const tracks = makeCatalogue(legacy)
  const byUri = new Map([...tracks, ...disk].map((track) => [track.uri, track]))
  const first = tracks[0] ?? disk[0]
  const trackAt = (index: number): Track => tracks[index % tracks.length] ?? first

  /** Favourites come first in a seeded order that changes with the season. */
  const favourite = (from: Draw, day: number): number => {
    const season = Math.floor(day / 45)
    return (Math.floor(from.next() ** 2.2 * tracks.length) + season * 37) % tracks.length
  }

  /** What is played in a row: the rest of an album, or a playlist's shuffle. */
  const line = (from: Draw, day: number, count: number) => {
    const start = favourite(from, day)
    const kind = from.pick(["album", "playlist", "playlist", "artist", "none"])
    const album = tracks.filter((track) => track.albumUri === trackAt(start).albumUri)
    const list = Array.from(
      { length: count },
      (_, index) => kind === "album" ? album[index % album.length] ?? first : trackAt(favourite(from, day))
    )
    const contextUri = kind === "album"
      ? trackAt(start).albumUri
      : kind === "artist"
      ? trackAt(start).artistUri
      : kind === "playlist"
      ? `spotify:playlist:${base62(22, world.seed, "playlist", from.int(1, 9))}`
      : undefined
    return { list, contextUri }
  }

  const session = (from: Draw, day: number, begin: number, count: number): ReadonlyArray<Play> => {
    const { contextUri, list } = line(from, day, count)
    const plays: Array<Play> = []
    let at = begin
    for (const chosen of list) {
      const track = from.chance(0.006) ? from.pick(disk) : chosen
      const heard = from.chance(0.85) ? track.durationMillis : 31_000 + from.next() * (track.durationMillis - 31_000)
      at = Math.round(at + Math.max(heard, 31_000) + from.int(150, 2500))
      const playedAt = from.chance(0.03) ? at - (at % 1000) : at
      plays.push({ playedAt, visibleFrom: playedAt + from.int(800, 4000), track, contextUri })
      if (from.chance(0.008)) { // started again at once
        at += from.int(12_000, 29_000)
        plays.push({ playedAt: at, visibleFrom: at + 1500, track, contextUri })
      } else if (from.chance(0.002)) { // two devices of one account: the same instant, another track
        plays.push({
          playedAt,
          visibleFrom: playedAt + 4000,
          track: trackAt(favourite(from, day)),
          contextUri: undefined
        })
      }
    }
    if (!from.chance(0.06)) {
      return plays
    }
    const surfaces = at + from.int(2 * 60, 30 * 60) * minute // heard offline
    return plays.map((play, index) => ({ ...play, visibleFrom: surfaces + index * 40 }))
  }

  const made = new Map<number, ReadonlyArray<Play>>()
  const ofDay = (day: number): ReadonlyArray<Play> => {
    if (day < firstDay) {
      return []
    }
    const known = made.get(day)
    if (known !== undefined) {
      return known
    }
    const from = world.draw("plays", day)
    const plays: Array<Play> = []
    let free = 0
    for (const { from: opens, likely, songs, to } of sessions) {
      if (!from.chance(likely)) {
        continue
      }
      const begin = Math.max(atLocal(zoneOfDay(day), day, from.int(opens, to)), free)
      plays.push(...session(from, day, begin, from.int(songs[0], songs[1])))
      free = (plays.at(-1)?.playedAt ?? begin) + 5 * minute
    }
    if (made.size > 40) {
      made.clear()
    }
    made.set(day, plays)
    return plays
  }

  const added: Array<Play> = []
  const order = (a: Play, b: Play): number => a.playedAt - b.playedAt || (a.track.uri < b.track.uri ? -1 : 1)
  const listed = (play: Play): ListedPlay => ({ playedAt: play.playedAt, json: toJson(play) })

  const between: Listening["between"] = (at, from, to) => {
    const plays = added.filter((play) => play.visibleFrom <= at && play.playedAt >= from && play.playedAt < to)
    const last = Math.min(dayAt(home, to), dayAt(home, at)) + 1
    for (let day = Math.max(firstDay, dayAt(home, from) - 2); day <= last; day++) {
      plays.push(...ofDay(day).filter((play) => play.visibleFrom <= at && play.playedAt >= from && play.playedAt < to))
    }
    return plays.toSorted(order).map(listed)
  }

  const feed: Listening["feed"] = (at) => {
    const plays = added.filter((play) => play.visibleFrom <= at)
    let ofWorld = 0
    // A session may run past midnight, and one heard offline begins before: one more day than needed settles the order.
    for (let day = dayAt(home, at) + 1, spare = 1; day >= firstDay && spare >= 0; day--) {
      const visible = ofDay(day).filter((play) => play.visibleFrom <= at)
      plays.push(...visible)
      spare -= ofWorld >= reach ? 1 : 0
      ofWorld += visible.length
    }
    return plays.toSorted(order).toReversed().slice(0, reach).map(listed)
  }

  const addPlay: SandboxListening["addPlay"] = Effect.fn("Sandbox.addPlay")(function*(input) {
    const playedAt = parseInstant(input.playedAt)
    const visibleFrom = input.visibleFrom === undefined ? now() : parseInstant(input.visibleFrom)
    const track = input.trackUri === undefined ? first : byUri.get(input.trackUri)
    if (playedAt === undefined || visibleFrom === undefined) {
      return yield* new SandboxMisuse({ message: "playedAt and visibleFrom are RFC 3339 with an offset." })
    }
    if (track === undefined) {
      return yield* new SandboxMisuse({ message: `No such track: ${input.trackUri}. Take one of trackUris.` })
    }
    const play: Play = { playedAt, visibleFrom, track, contextUri: undefined }
    added.push(play)
    return toJson(play)
  })

  return { addPlay, between, feed, tracks, trackUris: tracks.map((track) => track.uri) }
}

/** The person's profile at Spotify. */
export const profile: JsonObject = {
  display_name: "Alex Novák",
  external_urls: { spotify: "https://open.spotify.com/user/sandbox-listener" },
  href: "https://api.spotify.com/v1/users/sandbox-listener",
  id: "sandbox-listener",
  images: [],
  type: "user",
  uri: "spotify:user:sandbox-listener"
}
