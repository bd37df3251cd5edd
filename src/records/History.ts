import { Context, Effect, Layer } from "effect"
import { listened } from "../domain/Listening.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type PlayedTrack, Plays } from "../store/Plays.ts"
import { Connected } from "./Connected.ts"

/** A play, and for how many milliseconds it was listened to. */
export interface HeardPlay extends PlayedTrack {
  readonly listened: number
}

/** How long after a play its end is looked for, in the start of the next. */
const step = 6 * 3_600_000

/** All plays of all accounts, for sums over long times. */
export class History extends Context.Service<History, {
  /** The plays with `from <= at < to`, in milliseconds, oldest first. */
  readonly between: (from: number, to: number) => Effect.Effect<ReadonlyArray<HeardPlay>, SurrealError>
}>()("glider/records/History") {
  static readonly layer = Layer.effect(
    History,
    Effect.gen(function*() {
      const connected = yield* Connected
      const plays = yield* Plays
      const between = Effect.fn("History.between")(function*(from: number, to: number) {
        const found = yield* connected.read("spotify", (id) => plays.shown(id, { from, to: to + step }))
        const all = found.flat().toSorted((one, other) => one.at - other.at)
        return all.flatMap((play, index) => play.at < to ? [{ ...play, listened: listened(play, all[index + 1]) }] : [])
      })
      return History.of({ between })
    })
  )
}
