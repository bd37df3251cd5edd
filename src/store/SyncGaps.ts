import { Context, type DateTime, Effect, Layer, Schema } from "effect"
import { ConnectionId } from "../domain/Connection.ts"
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

/** One, with whose it is. */
export interface FoundGap extends SyncGap {
  readonly connection: ConnectionId
}

/** The table `sync_gap`: what syncs found to be lost. */
export class SyncGaps extends Context.Service<SyncGaps, {
  /** The gaps of the stream that touch the time, by start. */
  readonly between: (stream: string, span: Span) => Effect.Effect<ReadonlyArray<SyncGap>, SurrealError>
  /** Those that were found since then. */
  readonly foundSince: (since: DateTime.Utc) => Effect.Effect<ReadonlyArray<FoundGap>, SurrealError>
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
      const foundSince = Effect.fn("SyncGaps.foundSince")((since: DateTime.Utc) =>
        surreal.query(
          Schema.Array(FoundRow),
          "SELECT stream, connection, from, to, reason FROM sync_gap WHERE found_at >= $since",
          { since }
        )
      )
      return SyncGaps.of({ between, foundSince })
    })
  )
}

const Row = Schema.Struct({ stream: Schema.String, from: Instant, to: Instant, reason: Schema.String })

const FoundRow = Schema.Struct({ ...Row.fields, connection: ConnectionId })
