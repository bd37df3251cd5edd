import { Context, type Effect, Option } from "effect"
import type { RunRow } from "../store/RunColumns.ts"

/** Who wants to hear what becomes of runs; what it does must not fail. */
export interface Listener {
  /** A run has begun, or goes on after another process or after it was parked; it goes on meanwhile. */
  readonly begun: (run: RunRow) => Effect.Effect<void>
  /** A run is parked: nobody knows when it goes on. */
  readonly parked: (run: RunRow) => Effect.Effect<void>
  /** A run is over. Whoever waits for its end waits for this too. */
  readonly ended: (run: RunRow) => Effect.Effect<void>
}

/** Told by the engine what becomes of runs, once that is durable, and of one run in order. */
export class RunListener extends Context.Reference<Option.Option<Listener>>("glider/engine/RunListener", {
  defaultValue: Option.none
}) {}
