import { Context, Effect, Layer, Semaphore } from "effect"
import type { ActivityLimit } from "../workflow/ActivityLimit.ts"

/**
 * A playlist is changed by one run at a time: Spotify adds again what is there, so whoever has looked has to have added before
 * the next one looks.
 */
export class PlaylistTurns extends Context.Service<PlaylistTurns, {
  /** The turn of a playlist, which an attempt waits for. */
  readonly turn: (playlist: string) => ActivityLimit
}>()("glider/workflows/PlaylistTurns") {
  static readonly layer = Layer.sync(PlaylistTurns, () => {
    const turns = new Map<string, { readonly turn: Semaphore.Semaphore; users: number }>()
    return PlaylistTurns.of({
      turn: (playlist) => ({
        name: `playlist ${playlist}`,
        withLimit: (effect) =>
          Effect.suspend(() => {
            const held = turns.get(playlist) ?? { turn: Semaphore.makeUnsafe(1), users: 0 }
            turns.set(playlist, held)
            held.users++
            return Effect.ensuring(
              held.turn.withPermits(1)(effect),
              Effect.sync(() => {
                held.users--
                if (held.users === 0) turns.delete(playlist)
              })
            )
          })
      })
    })
  })
}
