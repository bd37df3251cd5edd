import { Schema } from "effect"

/** Activities of each run. */
export const steps = 5

export const RecoverySetup = Schema.Struct({
  /** Of the store. */
  folder: Schema.String,
  /** Every activity that begins and every one that has ended is a line of this file. */
  log: Schema.String,
  runs: Schema.Natural,
  /** The first process starts the runs, and is killed in the middle of them; the second finds them. */
  life: Schema.Literals(["first", "second"])
})
export type RecoverySetup = typeof RecoverySetup.Type

/** Milliseconds from the start of the process until each of these was reached. */
export const Milestones = Schema.Struct({
  /** The program is loaded. */
  loaded: Schema.Finite,
  /** The store is open. */
  opened: Schema.Finite,
  /** Its schema is known to be up to date. */
  checked: Schema.Finite,
  /** The first run has gone on to its end, durably. */
  first: Schema.Finite,
  /** All have. */
  done: Schema.Finite
})
export type Milestones = typeof Milestones.Type
