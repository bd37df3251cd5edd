import { Context, DateTime, Effect, Layer, Option } from "effect"
import { hasAll, wordsOf } from "../domain/Words.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { SearchWords } from "../store/SearchWords.ts"
import { type PlayedTimes, Tracks } from "../store/Tracks.ts"
import { Connected } from "./Connected.ts"
import type { Found, Some } from "./Found.ts"

/** Where not all texts were looked at, so many artists are counted by their own names. */
const mostCounted = 10

/** Artists and tracks by words. */
export class MusicSearch extends Context.Service<MusicSearch, {
  /**
   * Those played most first. A track that several accounts have played is one. Where only some of the texts were looked
   * at, numbers are still of all plays, or are left out.
   */
  readonly find: (asked: ReadonlyArray<string>, limit: number) => Effect.Effect<
    { readonly artists: Some<Found>; readonly tracks: Some<Found> },
    SurrealError
  >
}>()("glider/records/MusicSearch") {
  static readonly layer = Layer.effect(
    MusicSearch,
    Effect.gen(function*() {
      const connected = yield* Connected
      const tracks = yield* Tracks
      const words = yield* SearchWords

      /** Tracks with the words, and whether there are more. */
      const having = Effect.fnUntraced(function*(asked: ReadonlyArray<string>) {
        const { keys, more } = yield* words.find("track", asked)
        const played = yield* tracks.played(keys)
        return { more, played: merged(played.filter((track) => hasAll(wordsOf(trackText(track)), asked))) }
      })

      /** With the plays of all accounts: another one may have it under another name, or beyond what was looked at. */
      const whole = Effect.fnUntraced(function*(some: ReadonlyArray<PlayedTimes>) {
        const all = yield* connected.read("spotify", (account) => tracks.played(some.map(({ uri }) => [account, uri])))
        return merged(all.flat())
      })

      /** An artist's plays by all words of the name; none where these are too many to look at all that have them. */
      const counted = Effect.fnUntraced(function*(name: string) {
        const { more, played } = yield* having([...new Set(wordsOf(name))])
        return more ? Option.none() : Option.fromUndefinedOr(playedOf(played).get(name))
      })

      const find = Effect.fn("MusicSearch.find")(function*(asked: ReadonlyArray<string>, limit: number) {
        const { more, played } = yield* having(asked)
        const artists = [...playedOf(played)].filter(([name]) => hasAll(wordsOf(name), asked)).toSorted(byPlays)
        const shown = artists.slice(0, limit)
        const known = more
          ? yield* Effect.forEach(
            shown,
            ([name], index) =>
              Effect.map(index < mostCounted ? counted(name) : Effect.succeedNone, (times) => ({ name, times }))
          )
          : shown.map(([name, times]) => ({ name, times: Option.some(times) }))
        return {
          artists: {
            found: known.toSorted((one, other) => playsOf(other.times) - playsOf(one.times)).map(asArtist),
            more: more || artists.length > limit
          },
          tracks: {
            found: (yield* whole(played.slice(0, limit))).map(asTrack),
            more: more || played.length > limit
          }
        }
      })
      return MusicSearch.of({ find })
    })
  )
}

type Times = Pick<PlayedTimes, "first" | "last" | "plays">

const plus = (one: Times, other: Times): Times => ({
  plays: one.plays + other.plays,
  first: Math.min(one.first, other.first),
  last: Math.max(one.last, other.last)
})

/** Each track once, as it was called when it was heard last; those played most first. */
const merged = (tracks: ReadonlyArray<PlayedTimes>): ReadonlyArray<PlayedTimes> => {
  const byUri = new Map<string, PlayedTimes>()
  for (const track of tracks) {
    const known = byUri.get(track.uri)
    byUri.set(
      track.uri,
      known === undefined ? track : { ...(track.last > known.last ? track : known), ...plus(known, track) }
    )
  }
  return [...byUri.values()].toSorted((one, other) => other.plays - one.plays)
}

/** The artists of the tracks, with their plays in all of these. */
const playedOf = (tracks: ReadonlyArray<PlayedTimes>): ReadonlyMap<string, Times> => {
  const artists = new Map<string, Times>()
  for (const track of tracks) {
    for (const name of new Set(track.artists)) {
      const known = artists.get(name)
      artists.set(name, known === undefined ? track : plus(known, track))
    }
  }
  return artists
}

const byPlays = ([, one]: readonly [string, Times], [, other]: readonly [string, Times]): number =>
  other.plays - one.plays

/** Those that could not be counted come last. */
const playsOf = (times: Option.Option<Times>): number =>
  Option.match(times, { onNone: () => 0, onSome: ({ plays }) => plays })

const trackText = ({ album, artists, name }: PlayedTimes): string =>
  [...Option.toArray(name), ...artists, ...Option.toArray(album)].join("\n")

const asArtist = ({ name, times }: { readonly name: string; readonly times: Option.Option<Times> }): Found => ({
  _tag: "Artist",
  name,
  played: Option.map(times, ({ first, last, plays }) => ({
    plays,
    first: DateTime.makeUnsafe(first),
    last: DateTime.makeUnsafe(last)
  }))
})

const asTrack = ({ album, artists, last, name, plays, uri }: PlayedTimes): Found => ({
  _tag: "Track",
  name: Option.getOrElse(name, () => uri),
  artists,
  album,
  plays,
  last: DateTime.makeUnsafe(last)
})
