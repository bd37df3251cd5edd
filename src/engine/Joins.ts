/** Waits of a parent for a run that others have started. */
import { Effect, type Scope } from "effect"
import { recovery } from "../RetryPolicy.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import type { Start } from "./NewRun.ts"
import type { Passes } from "./Passes.ts"
import type { Residents } from "./Residents.ts"

export interface JoinsParts {
  readonly passes: Passes
  readonly residents: Residents
  readonly scope: Scope.Scope
  readonly endOfRun: (id: string) => Effect.Effect<RunRow>
}

/** Lets a parent be woken by the end of the run; the next process lets it ask again. */
export const make = ({ endOfRun, passes, residents, scope }: JoinsParts) => {
  /** Of whom for whom: a parent may come to the same wait in many passes. */
  const waits = new Set<string>()

  return Effect.fnUntraced(function*({ discard, parent }: Start, { id, parent: starter }: RunRow) {
    const execution = parent === undefined || discard ? undefined : residents.get(parent.executionId)
    if (execution === undefined || execution.id === starter) return
    execution.joins = true
    const wait = `${execution.id} ${id}`
    if (waits.has(wait)) return
    waits.add(wait)
    // asked for before the row is read: it may end meanwhile
    const isOverNow = Effect.flatMap(
      Effect.retry(residents.row(id), recovery),
      (row) => row === undefined || isOver(row) ? Effect.void : Effect.never
    )
    const wake = Effect.raceFirst(Effect.asVoid(endOfRun(id)), isOverNow).pipe(
      Effect.andThen(Effect.retry(residents.find(execution.id), recovery)),
      Effect.flatMap((found) => found === undefined ? Effect.void : passes.resume(found, "automatic")),
      Effect.catch(({ message }) => Effect.logError(`a run stays as it is until the next start: ${message}`)),
      Effect.ensuring(Effect.sync(() => waits.delete(wait)))
    )
    yield* Effect.forkIn(wake, scope, { startImmediately: true })
  })
}
