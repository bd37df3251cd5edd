import { Clock, Effect, Exit, Result } from "effect"
import type { EntryTooLarge, Noted } from "../domain/RunEntry.ts"
import type { Statement } from "../services/Surreal.ts"
import { QueryFailed, SurrealError } from "../services/SurrealError.ts"
import type { Execution } from "./Execution.ts"
import type { Committing, GroupCommit } from "./GroupCommit.ts"

/** The transaction of one activity: its writes and its journal entry, in a segment of its own. */
export const transactionOf = (
  committer: GroupCommit,
  execution: Execution,
  entryOf: (exit: Exit.Exit<unknown, unknown>, at: number) => Result.Result<Noted, EntryTooLarge>
) => {
  let done = false
  const commit = Effect.fnUntraced(function*(writes: ReadonlyArray<Statement>, success: unknown) {
    const entry = entryOf(Exit.succeed(success), yield* Clock.currentTimeMillis)
    if (Result.isFailure(entry)) {
      const { message } = entry.failure
      return yield* new SurrealError({ operation: "commit", reason: new QueryFailed({ message }) })
    }
    const unit: Committing = {
      take: () => ({
        run: execution.id,
        create: undefined,
        patch: undefined,
        segment: { number: execution.nextSegment(), entries: [entry.success] },
        attributes: undefined,
        wakes: [],
        writes,
        deadLetter: undefined
      }),
      touches: () => [execution],
      needs: execution,
      pending: undefined,
      underWay: undefined,
      refused: undefined
    }
    committer.offer(unit)
    yield* Effect.tapError(committer.durable(unit), (error) =>
      Effect.sync(() => {
        // whether it is there is not known, so the run goes on from what its journal says
        if (error.reason._tag === "StoreUnavailable") execution.refused ??= error
      }))
    execution.learn(entry.success.entry)
    done = true
  }, Effect.uninterruptible)
  return { commit, isDone: () => done }
}
