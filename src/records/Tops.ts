import { Context, Effect, Layer, Option } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type Measure, Tallies, type Tally } from "../domain/Tops.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Track } from "../store/Tracks.ts"
import { History } from "./History.ts"
import { Owner } from "./Owner.ts"

/** What is counted. */
export type TopKind = "artists" | "tracks" | "albums"

export interface TopsOptions {
  readonly of: TopKind
  readonly by: Measure
  readonly limit: number
}

export interface Top extends Tally {
  readonly name: string
  readonly artists: ReadonlyArray<string>
}

/**
 * What the owner listened to most. A play counts for every artist of its track. Artists are told apart by their names,
 * albums by Spotify's id, or by their name and first artist where there is none, tracks by their address.
 */
export class Tops extends Context.Service<Tops, {
  readonly between: (range: DayRange, options: TopsOptions) => Effect.Effect<
    { readonly total: number; readonly tops: ReadonlyArray<Top> },
    SurrealError
  >
}>()("glider/records/Tops") {
  static readonly layer = Layer.effect(
    Tops,
    Effect.gen(function*() {
      const history = yield* History
      const { zone } = yield* Owner
      const between = Effect.fn("Tops.between")(function*(range: DayRange, { by, limit, of }: TopsOptions) {
        const { from, to } = spanOf(range, zone)
        const plays = yield* history.heard(from.epochMilliseconds, to.epochMilliseconds)
        const played = new Tallies<string>()
        for (const { listened, uri } of plays) played.add(uri, uri, 1, listened)
        if (of === "tracks") {
          const most = played.most(by, limit)
          const tracks = yield* history.tracks(new Set(most.map(({ thing }) => thing)))
          return {
            total: played.size,
            tops: most.map(({ thing: uri, ...tally }) => ({ ...tally, ...named(uri, tracks.get(uri)) }))
          }
        }
        const all = played.most(by, Infinity)
        const tracks = yield* history.tracks(new Set(all.map(({ thing }) => thing)))
        const tallies = new Tallies<Pick<Top, "name" | "artists">>()
        for (const { thing, ...tally } of all) {
          const track = tracks.get(thing)
          if (track === undefined) continue
          if (of === "albums") {
            addAlbum(tallies, track, tally)
            continue
          }
          for (const artist of new Set(track.artists)) {
            tallies.add(artist, { name: artist, artists: [] }, tally.plays, tally.listened)
          }
        }
        return {
          total: tallies.size,
          tops: tallies.most(by, limit).map(({ thing, ...tally }) => ({ ...thing, ...tally }))
        }
      })
      return Tops.of({ between })
    })
  )
}

const named = (uri: string, track: Track | undefined): Pick<Top, "name" | "artists"> => ({
  name: Option.getOrElse(Option.flatMap(Option.fromUndefinedOr(track), ({ name }) => name), () => uri),
  artists: track?.artists ?? []
})

/** Its artists are those of the track of it that was played most, which comes first. */
const addAlbum = (
  albums: Tallies<Pick<Top, "name" | "artists">>,
  { album, albumId, artists }: Track,
  tally: Tally
): void => {
  if (Option.isNone(album)) return
  const key = Option.getOrElse(albumId, () => `${album.value}\n${artists[0] ?? ""}`)
  albums.add(key, { name: album.value, artists }, tally.plays, tally.listened)
}
