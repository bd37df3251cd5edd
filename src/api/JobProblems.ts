import { HttpApiError } from "effect/http-api"
import { declare, members } from "./Problems.ts"

/** The job is not in a state in which that can be done. */
export class JobConflict extends HttpApiError.Problem<JobConflict>()(
  "JobConflict",
  declare("job_conflict", 409, "The job does not allow that now"),
  members("job_conflict")
) {}
