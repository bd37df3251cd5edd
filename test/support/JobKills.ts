/** What the worker that is killed and those who kill it agree on. */
import { Schema } from "effect"
import * as Job from "../../src/jobs/Job.ts"

/** Short, so that a killed worker's jobs are soon another's. */
export const leaseMillis = 600

export const Labour = Job.make("victim.labour", {
  payload: Schema.Struct({ number: Schema.Natural }),
  success: Schema.Void,
  error: Schema.Never,
  maxAttempts: 1000
})
