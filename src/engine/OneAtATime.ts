import { Deferred, Effect, Exit } from "effect"

/**
 * Work for one id at a time: whoever comes meanwhile waits, and looks again whether it is still to be done. Two that read
 * one run at the same time would know it as of different moments.
 */
export const make = () => {
  const underWay = new Map<string, Deferred.Deferred<void>>()

  /** What is known of the id already, or what the work gives. */
  const knownOr = <A, B, E>(
    id: string,
    known: (id: string) => A | undefined,
    work: Effect.Effect<B, E>
  ): Effect.Effect<A | B, E> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend((): Effect.Effect<A | B, E> => {
        const here = known(id)
        if (here !== undefined) return Effect.succeed(here)
        const others = underWay.get(id)
        if (others !== undefined) return restore(Effect.flatMap(Deferred.await(others), () => knownOr(id, known, work)))
        const done = Deferred.makeUnsafe<void>()
        underWay.set(id, done)
        return Effect.ensuring(
          restore(work),
          Effect.sync(() => {
            underWay.delete(id)
            Deferred.doneUnsafe(done, Exit.void)
          })
        )
      })
    )

  return { knownOr }
}
