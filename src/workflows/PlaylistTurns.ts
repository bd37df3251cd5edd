import { Context, Effect, Layer, Semaphore } from "effect"
import type { ActivityLimit } from "../workflow/ActivityLimit.ts"

/** So many additions are remembered: far more than there are runs at the same time. */
const mostRemembered = 10_000

/**
 * A playlist is changed by one run at a time: Spotify adds again what is there, so whoever has looked has to have added before
 * the next one looks.
 */
export class PlaylistTurns extends Context.Service<PlaylistTurns, {
  /** The turn of a playlist, which an attempt waits for. */
  readonly turn: (playlist: string) => ActivityLimit
  /**
   * Whether the track, which is in the playlist now and was not when the run looked, is there by this run: it is unless another
   * run of this process has `claimed` it. A run that is killed between its addition and its commit finds its own track.
   */
  readonly isOf: (run: string, playlist: string, uri: string) => boolean
  /** The run has added the track. */
  readonly claim: (run: string, playlist: string, uri: string) => void
  /** The track is taken out. */
  readonly release: (playlist: string, uri: string) => void
}>()("glider/workflows/PlaylistTurns") {
  static readonly layer = Layer.sync(PlaylistTurns, () => {
    const turns = new Map<string, { readonly turn: Semaphore.Semaphore; users: number }>()
    const owners = new Map<string, string>()
    const keyOf = (playlist: string, uri: string) => `${playlist} ${uri}`
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
      }),
      isOf: (run, playlist, uri) => (owners.get(keyOf(playlist, uri)) ?? run) === run,
      claim: (run, playlist, uri) => {
        owners.set(keyOf(playlist, uri), run)
        const [oldest] = owners.keys()
        if (owners.size > mostRemembered && oldest !== undefined) owners.delete(oldest)
      },
      release: (playlist, uri) => void owners.delete(keyOf(playlist, uri))
    })
  })
}
