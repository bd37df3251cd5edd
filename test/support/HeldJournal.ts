import { Effect, Latch } from "effect"
import type { Change, Journal } from "../../src/engine/Journal.ts"

/** A journal whose commits a test holds up and lets go. */
export interface HeldJournal extends Journal {
  /** From now on commits wait, all or those with such a change. */
  readonly hold: Effect.Effect<void>
  readonly holdThose: (which: (change: Change) => boolean) => Effect.Effect<void>
  readonly release: Effect.Effect<void>
  /** How many commits wait now. */
  readonly waiting: () => number
}

export const of = (journal: Journal): HeldJournal => {
  const gate = Latch.makeUnsafe(true)
  let waiting = 0
  let held = (_: Change) => true
  const holdThose = (which: (change: Change) => boolean) =>
    Effect.andThen(
      Effect.sync(() => {
        held = which
      }),
      gate.close
    )
  return {
    ...journal,
    commit: (changes) =>
      Effect.suspend(() => {
        if (!changes.some((change) => held(change))) return journal.commit(changes)
        waiting++
        return Effect.andThen(
          gate.await,
          Effect.suspend(() => {
            waiting--
            return journal.commit(changes)
          })
        )
      }),
    hold: holdThose(() => true),
    holdThose,
    release: gate.open,
    waiting: () => waiting
  }
}
