import { Context, Effect, Layer, Option } from "effect"
import { listened } from "../domain/Listening.ts"
import { kindOfUri, type PlayKind } from "../domain/Play.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type CountedPlay, ListeningDays } from "../store/ListeningDays.ts"
import { type Track, Tracks } from "../store/Tracks.ts"
import { Connected } from "./Connected.ts"

/** A play, and for how many milliseconds it was listened to. */
export interface HeardPlay extends CountedPlay {
  readonly listened: number
}

/** What is shown of a play, as its track is called now. */
export interface PlayedTrack extends CountedPlay, Pick<Track, "name" | "artists" | "album"> {
  readonly kind: PlayKind
}

/** How long after a play its end is looked for, in the start of the next. */
const step = 6 * 3_600_000

/** All plays of all accounts, for sums over long times. */
export class History extends Context.Service<History, {
  /** The plays with `from <= at < to`, in milliseconds, oldest first. */
  readonly plays: (from: number, to: number) => Effect.Effect<ReadonlyArray<CountedPlay>, SurrealError>
  /** The same, and how long they were listened to. */
  readonly heard: (from: number, to: number) => Effect.Effect<ReadonlyArray<HeardPlay>, SurrealError>
  /** What was played, by its address. */
  readonly tracks: (uris: ReadonlySet<string>) => Effect.Effect<ReadonlyMap<string, Track>, SurrealError>
  /** Plays with all that is shown of them. */
  readonly shown: (plays: ReadonlyArray<CountedPlay>) => Effect.Effect<ReadonlyArray<PlayedTrack>, SurrealError>
}>()("glider/records/History") {
  static readonly layer = Layer.effect(
    History,
    Effect.gen(function*() {
      const connected = yield* Connected
      const days = yield* ListeningDays
      const known = yield* Tracks
      const plays = Effect.fn("History.plays")(function*(from: number, to: number) {
        const found = yield* connected.read("spotify", (id) => days.between(id, { from, to }))
        const [only = []] = found
        return found.length <= 1 ? only : found.flat().toSorted((one, other) => one.at - other.at)
      })
      const heard = Effect.fn("History.heard")(function*(from: number, to: number) {
        const all = yield* plays(from, to + step)
        const heard: Array<HeardPlay> = []
        for (const [index, play] of all.entries()) {
          if (play.at >= to) break
          heard.push({ ...play, listened: listened(play, all[index + 1]) })
        }
        return heard
      })
      const tracks = Effect.fn("History.tracks")(function*(uris: ReadonlySet<string>) {
        if (uris.size === 0) return new Map<string, Track>()
        const found = yield* connected.read("spotify", (id) => known.named(id, uris))
        return new Map(found.flat().map((track) => [track.uri, track]))
      })
      const shown = Effect.fn("History.shown")(function*(plays: ReadonlyArray<CountedPlay>) {
        const known = yield* tracks(new Set(plays.map(({ uri }) => uri)))
        return plays.map((play): PlayedTrack => {
          const { album = Option.none(), artists = [], name = Option.none() } = known.get(play.uri) ?? {}
          return { ...play, kind: kindOfUri(play.uri), name, artists, album }
        })
      })
      return History.of({ plays, heard, tracks, shown })
    })
  )
}
