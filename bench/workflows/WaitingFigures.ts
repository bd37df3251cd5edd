import { Schema } from "effect"

export const WaitingSetup = Schema.Struct({
  /** Of the store. */
  folder: Schema.String,
  runs: Schema.Natural,
  /** The first process begins the runs and is killed while they wait; the second finds them. */
  life: Schema.Literals(["first", "second"]),
  /** Until memory is read: what a start has left behind is gone by then. */
  restSeconds: Schema.Finite
})
export type WaitingSetup = typeof WaitingSetup.Type

/** Of the process that began the runs. Memory in megabytes of 10^6 bytes, resident. */
export const BegunFigures = Schema.Struct({
  beforeRuns: Schema.Finite,
  /** From the first start until all are known to the store as waiting. */
  millis: Schema.Finite,
  atMost: Schema.Finite,
  whileTheyWait: Schema.Finite,
  /** Of it the heap of JavaScript, which Node lets grow and never gives back, and the objects in it that are in use. */
  heap: Schema.Finite,
  objects: Schema.Finite,
  stored: Schema.Natural
})

/** Of the process that found them. */
export const FoundFigures = Schema.Struct({
  /** From the start of the process until their timers are set. */
  readyMillis: Schema.Finite,
  whileTheyWait: Schema.Finite,
  heap: Schema.Finite,
  objects: Schema.Finite,
  /** From the instant at which all are due until the last has ended, durably. */
  resumeMillis: Schema.Finite,
  atMostMeanwhile: Schema.Finite,
  completed: Schema.Natural,
  /** Queries a run. */
  reads: Schema.Finite,
  commits: Schema.Finite
})
