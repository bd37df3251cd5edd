import { Context, Effect, Layer, Semaphore } from "effect"

/**
 * A playlist is changed by one run at a time: Spotify adds again what is there, so whoever has looked has to have added before
 * the next one looks.
 */
export class PlaylistTurns extends Context.Service<PlaylistTurns, {
  readonly withTurn: (playlist: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}>()("glider/workflows/PlaylistTurns") {
  static readonly layer = Layer.sync(PlaylistTurns, () => {
    const turns = new Map<string, { readonly turn: Semaphore.Semaphore; users: number }>()
    return PlaylistTurns.of({
      withTurn: (playlist) => (effect) =>
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
}
