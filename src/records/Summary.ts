import { Context, Effect, Layer } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type Session, sessionsOf } from "../domain/Listening.ts"
import type { Tally } from "../domain/Tops.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type HeardPlay, History, type PlayedTrack } from "./History.ts"
import { hourOfWeek, offsetsOf } from "./LocalClock.ts"
import { Owner } from "./Owner.ts"

/** A pause of ten minutes ends a session. */
const gap = 600_000

/** The listening of some days in a few numbers. */
export interface ListeningSummary extends Tally {
  readonly artists: number
  readonly tracks: number
  readonly first: PlayedTrack | undefined
  readonly last: PlayedTrack | undefined
  readonly sessions: number
  readonly longest: Session<HeardPlay> | undefined
  /** Of the 168 hours of the owner's week, Monday first. */
  readonly rhythm: ReadonlyArray<Tally>
}

export class Summary extends Context.Service<Summary, {
  readonly between: (range: DayRange) => Effect.Effect<ListeningSummary, SurrealError>
}>()("glider/records/Summary") {
  static readonly layer = Layer.effect(
    Summary,
    Effect.gen(function*() {
      const history = yield* History
      const { zone } = yield* Owner
      const offsetAt = offsetsOf(zone)

      const between = Effect.fn("Summary.between")(function*(range: DayRange) {
        const { from, to } = spanOf(range, zone)
        const plays = yield* history.heard(from.epochMilliseconds, to.epochMilliseconds)
        const rhythm = Array.from({ length: 168 }, () => ({ plays: 0, listened: 0 }))
        const uris = new Set<string>()
        let total = 0
        for (const play of plays) {
          const hour = rhythm[hourOfWeek(offsetAt, play.at)]
          if (hour !== undefined) {
            hour.plays++
            hour.listened += play.listened
          }
          total += play.listened
          uris.add(play.uri)
        }
        const tracks = yield* history.tracks(uris)
        const artists = new Set([...uris].flatMap((uri) => tracks.get(uri)?.artists ?? []))
        const last = plays.at(-1)
        // what cuts the last play short may come after the range
        const sessions = sessionsOf(
          last === undefined ? plays : [...plays.slice(0, -1), { ...last, duration: last.listened }],
          gap
        )
        const [first, final = first] = yield* history.shown(
          plays.length > 1 && last !== undefined
            ? [...plays.slice(0, 1), last]
            : plays
        )
        return {
          plays: plays.length,
          listened: total,
          artists: artists.size,
          tracks: uris.size,
          first,
          last: final,
          sessions: sessions.length,
          longest: sessions.reduce<Session<HeardPlay> | undefined>(
            (longest, session) => longest === undefined || session.listened > longest.listened ? session : longest,
            undefined
          ),
          rhythm
        }
      })
      return Summary.of({ between })
    })
  )
}
