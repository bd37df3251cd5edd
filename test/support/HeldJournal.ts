import { Deferred, Effect, Exit } from "effect"
import type { Change, Journal } from "../../src/engine/Journal.ts"

/** A journal whose commits a test holds up and lets go. */
export interface HeldJournal extends Journal {
  /** From now on commits wait, all or those with such a change. */
  readonly hold: Effect.Effect<void>
  readonly holdThose: (which: (change: Change) => boolean) => Effect.Effect<void>
  /** Lets all go that wait and that come. */
  readonly release: Effect.Effect<void>
  /** Lets the one go that has waited longest. */
  readonly releaseOne: Effect.Effect<void>
  /** How many commits wait now. */
  readonly waiting: () => number
}

/** Whether a change holds the end of this activity. */
export const isResultOf = (name: string) => ({ segment }: Change): boolean =>
  segment?.entries.some(({ entry }) => entry._tag === "Activity" && entry.name === name) === true

export const of = (journal: Journal): HeldJournal => {
  const waiting: Array<Deferred.Deferred<void>> = []
  let held: (change: Change) => boolean = () => false
  const holdThose = (which: (change: Change) => boolean) =>
    Effect.sync(() => {
      held = which
    })
  const releaseOne = Effect.sync(() => {
    const first = waiting.shift()
    if (first !== undefined) Deferred.doneUnsafe(first, Exit.void)
  })
  return {
    ...journal,
    commit: (changes) =>
      Effect.suspend(() => {
        if (!changes.some((change) => held(change))) return journal.commit(changes)
        const gate = Deferred.makeUnsafe<void>()
        waiting.push(gate)
        return Effect.andThen(Deferred.await(gate), Effect.suspend(() => journal.commit(changes)))
      }),
    hold: holdThose(() => true),
    holdThose,
    release: Effect.andThen(holdThose(() => false), Effect.repeat(releaseOne, { until: () => waiting.length === 0 })),
    releaseOne,
    waiting: () => waiting.length
  }
}
