import { Context, type DateTime, Effect, Layer, Schema } from "effect"
import type { Span } from "../domain/DayRange.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant } from "../services/SurrealValue.ts"

/** A stretch of time whose records a provider could no longer give. */
export interface SyncGap {
  readonly stream: string
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
  readonly reason: string
}

/** The table `sync_gap`: what syncs found to be lost. */
export class SyncGaps extends Context.Service<SyncGaps, {
  /** The gaps of the stream that touch the time, by start. */
  readonly between: (stream: string, span: Span) => Effect.Effect<ReadonlyArray<SyncGap>, SurrealError>
}>()("glider/store/SyncGaps") {
  static readonly layer: Layer.Layer<SyncGaps, never, Surreal> = Layer.effect(
    SyncGaps,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const between = Effect.fn("SyncGaps.between")(function*(stream: string, { from, to }: Span) {
        const found = yield* surreal.query(
          Schema.Array(Row),
          "SELECT stream, from, to, reason FROM sync_gap WITH INDEX gap_by_time WHERE stream = $stream",
          { stream }
        )
        // compared here: the engine's indexes order instants by their text
        return found.filter((gap) =>
          gap.from.epochMilliseconds < to.epochMilliseconds && gap.to.epochMilliseconds > from.epochMilliseconds
        ).toSorted((one, other) => one.from.epochMilliseconds - other.from.epochMilliseconds)
      })
      return SyncGaps.of({ between })
    })
  )
}

const Row = Schema.Struct({ stream: Schema.String, from: Instant, to: Instant, reason: Schema.String })
