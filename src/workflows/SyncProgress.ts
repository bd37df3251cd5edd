import { Context, Effect, Layer } from "effect"
import type { Progress } from "../domain/Progress.ts"

type Hearer = (progress: Progress) => Effect.Effect<void>

/** Who wants to hear, in this process, of the pages that a run commits. */
export class SyncProgress extends Context.Service<SyncProgress, {
  /** Told of every page of that run while `effect` goes on. */
  readonly hearing: (run: string, hearer: Hearer) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly tell: (run: string, progress: Progress) => Effect.Effect<void>
}>()("glider/workflows/SyncProgress") {
  static readonly layer = Layer.sync(SyncProgress, () => {
    const hearers = new Map<string, Hearer>()
    return SyncProgress.of({
      hearing: (run, hearer) => (effect) =>
        Effect.acquireUseRelease(
          Effect.sync(() => hearers.set(run, hearer)),
          () => effect,
          () => Effect.sync(() => hearers.delete(run))
        ),
      tell: (run, progress) => hearers.get(run)?.(progress) ?? Effect.void
    })
  })
}
