import type { Duration } from "effect"
import { DurableClock } from "effect/workflow"

/**
 * Sleeps until an instant that is in the journal, however short the sleep: a process that begins meanwhile sleeps what is
 * left of it. `DurableClock.sleep` keeps sleeps of up to a minute in memory, and such a one begins anew.
 *
 * The name is what a replay knows it by: each sleep of a run has its own.
 */
export const sleep = (options: { readonly name: string; readonly duration: Duration.Input }) =>
  DurableClock.sleep({ ...options, inMemoryThreshold: 0 })
