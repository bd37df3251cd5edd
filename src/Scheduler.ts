import { Context, type DateTime, type Effect } from "effect"
import type { ConfigFileError } from "./Config.ts"
import type { TaskName } from "./domain/Task.ts"

/** What a reload of the config changed. */
export interface Reloaded {
  readonly started: ReadonlyArray<TaskName>
  readonly stopped: ReadonlyArray<TaskName>
  readonly changed: ReadonlyArray<TaskName>
}

/** The supervisor: a fiber per enabled task, which runs it at start and then an interval after the end of each run. */
export class Scheduler extends Context.Service<Scheduler, {
  /** When each enabled task starts next; absent while it runs. */
  readonly nextStarts: Effect.Effect<ReadonlyMap<TaskName, DateTime.Utc>>
  /** Reads the config file again and takes over what changed; running syncs end as they began. */
  readonly reload: Effect.Effect<Reloaded, ConfigFileError>
}>()("glider/Scheduler") {}
