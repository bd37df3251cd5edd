import { Effect } from "effect"
import type { Journal } from "../../src/engine/Journal.ts"
import { StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"

/** A journal whose store a test takes away and brings back. */
export interface AwayJournal extends Journal {
  readonly leave: Effect.Effect<void>
  readonly comeBack: Effect.Effect<void>
  /** How many commits it refused because it was away. */
  readonly refused: () => number
}

export const gone = new SurrealError({ operation: "journal", reason: new StoreUnavailable({ message: "it is away" }) })

export const of = (journal: Journal): AwayJournal => {
  let away = false
  let refused = 0
  const unless = <A>(call: Effect.Effect<A, SurrealError>) => Effect.suspend(() => away ? Effect.fail(gone) : call)
  return {
    commit: (changes) =>
      Effect.suspend(() => {
        if (away) refused++
        return unless(journal.commit(changes))
      }),
    rows: (ids) => unless(journal.rows(ids)),
    load: (id) => unless(journal.load(id)),
    unfinished: (workflow) => unless(journal.unfinished(workflow)),
    leave: Effect.sync(() => {
      away = true
    }),
    comeBack: Effect.sync(() => {
      away = false
    }),
    refused: () => refused
  }
}
