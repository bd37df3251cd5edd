import { Context, Data, type Effect } from "effect"
import type { Progress } from "../domain/Progress.ts"
import type { Run, Trigger } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import type { Task } from "../Config.ts"
import type { Sync } from "../syncs/Sync.ts"

/** A sync that is due: which task it belongs to, what made it start and how. */
export interface RunRequest {
  readonly task: Task
  readonly trigger: Trigger
  readonly sync: Sync
  /** Told of every committed page. */
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
}

/** What became of a request: a run with its end, or none because the task was running already. */
export type RunOutcome = Data.TaggedEnum<{
  readonly Ran: { readonly run: Run }
  readonly Skipped: { readonly task: TaskName; readonly runningId: string }
}>
export const RunOutcome = Data.taggedEnum<RunOutcome>()

/** Executes syncs as runs: the only place where a sync's pages are committed. */
export class Runner extends Context.Service<Runner, {
  /**
   * Executes the sync to its end and records it. Never fails: typed failures, defects and the run timeout end as the
   * run's status; an interruption is recorded as `interrupted` once the page under way is committed, and goes on.
   */
  readonly run: (request: RunRequest) => Effect.Effect<RunOutcome>
}>()("glider/engine/Runner") {}
