import { Context, Effect, Layer, Option } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type Measure, Tallies, type Tally } from "../domain/Tops.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { History } from "./History.ts"
import { Owner } from "./Owner.ts"

/** What is counted. Every artist of a track counts, and a play of it is one of each of them. */
export type TopKind = "artists" | "tracks" | "albums"

export interface Top extends Tally {
  readonly name: string
  readonly artists: ReadonlyArray<string>
}

/** What the owner listened to most. */
export class Tops extends Context.Service<Tops, {
  readonly between: (
    range: DayRange,
    options: { readonly of: TopKind; readonly by: Measure; readonly limit: number }
  ) => Effect.Effect<{ readonly total: number; readonly tops: ReadonlyArray<Top> }, SurrealError>
}>()("glider/records/Tops") {
  static readonly layer = Layer.effect(
    Tops,
    Effect.gen(function*() {
      const history = yield* History
      const { zone } = yield* Owner
      const between = Effect.fn("Tops.between")(
        function*(
          range: DayRange,
          { by, limit, of }: { readonly of: TopKind; readonly by: Measure; readonly limit: number }
        ) {
          const { from, to } = spanOf(range, zone)
          const plays = yield* history.between(from.epochMilliseconds, to.epochMilliseconds)
          const tallies = new Tallies<{ readonly name: string; readonly artists: ReadonlyArray<string> }>()
          for (const { album, artists, listened, name, uri } of plays) {
            const tally = { plays: 1, listened }
            if (of === "tracks") tallies.add(uri, { name: Option.getOrElse(name, () => uri), artists }, tally)
            else if (of === "artists") {
              for (const artist of new Set(artists)) tallies.add(artist, { name: artist, artists: [] }, tally)
            } else if (Option.isSome(album)) {
              tallies.add(`${album.value}\n${artists[0] ?? ""}`, { name: album.value, artists }, tally)
            }
          }
          return {
            total: tallies.size,
            tops: tallies.most(by, limit).map(({ listened, plays, thing }) => ({ ...thing, plays, listened }))
          }
        }
      )
      return Tops.of({ between })
    })
  )
}
