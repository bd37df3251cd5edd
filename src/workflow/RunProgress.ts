/** What a run says of how far it has come, for those who watch it. */
import { Effect } from "effect"
import { type Reached, RunScribe } from "./RunScribe.ts"

/** Says how far the run has come; in the body of a workflow or in an activity. Replaces what was said before. */
export const set = (reached: Reached): Effect.Effect<void> =>
  Effect.flatMap(RunScribe, (scribe) => scribe.progress(reached))
