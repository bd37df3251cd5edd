import { Context, Effect } from "effect"
import type { RunRow } from "../store/RunColumns.ts"

/** Told by the engine what becomes of runs, after it is durable. What it does must not fail, and holds up the run. */
export class RunListener extends Context.Reference<{
  /** A run begins, or goes on after another process. */
  readonly begun: (run: RunRow) => Effect.Effect<void>
  readonly ended: (run: RunRow) => Effect.Effect<void>
}>("glider/engine/RunListener", {
  defaultValue: () => ({ begun: () => Effect.void, ended: () => Effect.void })
}) {}
