import { Context, type DateTime, type Effect, type Option } from "effect"
import type { Run, RunStatus } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import type { SurrealError } from "../services/SurrealError.ts"

/** Which runs to list, newest first. */
export interface RunFilter {
  readonly task: Option.Option<TaskName>
  readonly status: Option.Option<RunStatus>
  /** Only runs that started before this instant: the next page. */
  readonly before: Option.Option<DateTime.Utc>
  /** At most 500. */
  readonly limit: number
}

/** The history of runs (`run`) and each task's last state (`sync_runs`). */
export class Runs extends Context.Service<Runs, {
  /** Records a start. */
  readonly started: (run: Run) => Effect.Effect<void, SurrealError>
  /** Records an end. */
  readonly finished: (run: Run) => Effect.Effect<void, SurrealError>
  /** Marks the runs that a process which is gone left `running` as `interrupted`; says how many. */
  readonly recover: Effect.Effect<number, SurrealError>
  readonly list: (filter: RunFilter) => Effect.Effect<ReadonlyArray<Run>, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<Run>, SurrealError>
  /** The newest run of each task. */
  readonly newest: Effect.Effect<ReadonlyArray<Run>, SurrealError>
}>()("glider/store/Runs") {}
