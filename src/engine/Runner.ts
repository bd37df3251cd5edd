import { Context, type Effect } from "effect"
import type { Progress } from "../domain/Progress.ts"
import type { Run, Trigger } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import type { Sync } from "../syncs/Sync.ts"

/** A sync that is due: which task it belongs to, what made it start and how. */
export interface RunRequest {
  readonly task: TaskName
  readonly trigger: Trigger
  readonly sync: Sync
  /** Told of every committed page. */
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
}

/** Executes syncs as runs: the only place where a sync's pages are committed. */
export class Runner extends Context.Service<Runner, {
  /**
   * Executes the sync to its end and records it. Never fails: typed failures, defects and the run timeout end as the
   * run's status; an interruption ends the run as `interrupted` (after the page under way has been committed) and goes on.
   */
  readonly run: (request: RunRequest) => Effect.Effect<Run>
}>()("glider/engine/Runner") {}
