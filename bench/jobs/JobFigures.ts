/** What the process of this benchmark is told, and what it says. */
import { Schema } from "effect"

export const JobSetup = Schema.Struct({
  folder: Schema.String,
  /** Jobs that are given in one go. */
  given: Schema.Natural,
  /** Jobs that are done in each way. */
  done: Schema.Natural
})

/** A second. */
export const JobRates = Schema.Struct({
  given: Schema.Finite,
  oneWorker: Schema.Finite,
  eightWorkers: Schema.Finite,
  /** Eight workers, of jobs of which only two may be under way. */
  twoResources: Schema.Finite
})
