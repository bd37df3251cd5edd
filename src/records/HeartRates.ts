import { Context, Effect, Layer } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { type HeartRatePoint, heartRatePoints } from "../domain/HeartRatePoints.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { OuraRecords } from "../store/OuraRecords.ts"
import { Connected } from "./Connected.ts"
import { Owner } from "./Owner.ts"

/** The heart rate of all rings together. */
export class HeartRates extends Context.Service<HeartRates, {
  /** The days of the owner by stretches of so many seconds, or, with 0, every sample. */
  readonly between: (
    range: DayRange,
    resolutionSeconds: number
  ) => Effect.Effect<ReadonlyArray<HeartRatePoint>, SurrealError>
}>()("glider/records/HeartRates") {
  static readonly layer = Layer.effect(
    HeartRates,
    Effect.gen(function*() {
      const connected = yield* Connected
      const records = yield* OuraRecords
      const { zone } = yield* Owner
      const between = Effect.fn("HeartRates.between")(function*(range: DayRange, resolutionSeconds: number) {
        const { from: { epochMilliseconds: from }, to: { epochMilliseconds: to } } = spanOf(range, zone)
        const all = yield* connected.read("oura", (connection) => records.samples(connection, { from, to }))
        const [only = []] = all
        const samples = all.length <= 1 ? only : all.flat().toSorted(([one], [other]) => one - other)
        return heartRatePoints(samples, resolutionSeconds)
      })
      return HeartRates.of({ between })
    })
  )
}
