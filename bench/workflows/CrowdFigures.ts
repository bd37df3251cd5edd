import { Schema } from "effect"

export const CrowdSetup = Schema.Struct({ folder: Schema.String, runs: Schema.Natural })

export const CrowdFigures = Schema.Struct({
  /** From the first start until the last caller has its result. */
  millis: Schema.Finite,
  /** Callers that heard the right result. */
  right: Schema.Natural,
  /** Runs that the store knows to be completed. */
  completed: Schema.Natural,
  /** Resident memory in megabytes. */
  beforeRuns: Schema.Finite,
  atMost: Schema.Finite
})
