import { Context, Effect, Layer } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type Session, sessionsOf } from "../domain/Listening.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { CountedPlay } from "../store/ListeningDays.ts"
import { History, type PlayedTrack } from "./History.ts"
import { Owner } from "./Owner.ts"

/** Around the days that are asked for, plays are looked at in steps of this and the gap together: longer than any track. */
const step = 6 * 3_600_000

/** How far before and after those days a session is followed. */
const reach = 7 * 86_400_000

/** The listening history of all accounts together. */
export class Listening extends Context.Service<Listening, {
  /**
   * The sessions that touch the days of the owner, by start. Each is whole, although it began before the range or goes on
   * after it, by up to a week: it belongs to the day on which it starts.
   */
  readonly sessions: (
    range: DayRange,
    gapMillis: number
  ) => Effect.Effect<ReadonlyArray<Session<PlayedTrack>>, SurrealError>
}>()("glider/records/Listening") {
  static readonly layer = Layer.effect(
    Listening,
    Effect.gen(function*() {
      const history = yield* History
      const { zone } = yield* Owner

      /** Reads outwards from the edge of what is known, until a pause or the end of the reach; the nearest first. */
      const beyond = Effect.fnUntraced(function*(edge: CountedPlay, from: number, gap: number, way: -1 | 1) {
        const found: Array<CountedPlay> = []
        const inOrder = () => way === 1 ? [edge, ...found] : [edge, ...found].toReversed()
        for (let at = from; Math.abs(at - from) < reach;) {
          const next = at + way * (gap + step)
          const more = way === 1 ? yield* history.plays(at, next) : (yield* history.plays(next, at)).toReversed()
          found.push(...more)
          if (more.length === 0 || sessionsOf(inOrder(), gap).length > 1) break
          at = next
        }
        return found
      })

      const sessions = Effect.fn("Listening.sessions")(function*(range: DayRange, gapMillis: number) {
        const { from: { epochMilliseconds: from }, to: { epochMilliseconds: to } } = spanOf(range, zone)
        // of a session that sounds into the range, or has a pause in it, the last play may lie before
        const early = from - step - gapMillis
        const within = yield* history.plays(early, to)
        const [first] = within
        const last = within.at(-1)
        if (first === undefined || last === undefined) return []
        const all = [
          ...(yield* beyond(first, early, gapMillis, -1)).toReversed(),
          ...within,
          ...yield* beyond(last, to, gapMillis, 1)
        ]
        const isAsked = ({ end, start }: Session<CountedPlay>) => start < to && (end > from || start >= from)
        const plays = sessionsOf(all, gapMillis).filter(isAsked).flatMap(({ plays }) => plays)
        return sessionsOf(yield* history.shown(plays), gapMillis)
      })
      return Listening.of({ sessions })
    })
  )
}
