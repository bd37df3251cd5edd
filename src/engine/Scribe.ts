import { Context, Effect } from "effect"
import { RunScribe } from "../workflow/RunScribe.ts"
import type { Execution } from "./Execution.ts"
import type { GroupCommit } from "./GroupCommit.ts"

/** What a body and its activities tell of their run goes into its row, with the next commit. */
export const scribeOf = (committer: GroupCommit, execution: Execution): Context.Context<never> =>
  Context.make(RunScribe, {
    attributes: (attributes) =>
      Effect.sync(() => {
        execution.change({ attributes: { ...execution.row.attributes, ...attributes } })
        committer.offer(execution)
      }),
    progress: (progress) =>
      Effect.sync(() => {
        execution.change({ progress })
        committer.offer(execution)
      }),
    // it is of use once the run is over, so it waits for the next commit
    report: (report) => Effect.sync(() => execution.change({ report }))
  })
