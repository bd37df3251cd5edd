import { Effect } from "effect"

/** Counts what is at work at the same time. */
export class Gauge {
  now = 0
  most = 0
  readonly during = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        this.most = Math.max(this.most, ++this.now)
      }),
      () => effect,
      () => Effect.sync(() => this.now--)
    )
}
