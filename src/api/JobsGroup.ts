import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { JobStatus } from "../domain/BackgroundJob.ts"
import { Authorization, Readable } from "./Guards.ts"
import {
  JobCancelled,
  JobProbed,
  JobRepeated,
  JobsPage,
  JobsPurged,
  JobView,
  PurgeOptions,
  ReplayOptions,
  StandingView
} from "./JobMessages.ts"
import { JobConflict } from "./JobProblems.ts"
import { InvalidRequest, NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

const JobParams = { id: Schema.NonEmptyString }

/** Work that the store holds until it is done. */
export class JobsGroup extends HttpApiGroup.make("jobs")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        organization_id: Schema.optionalKey(Schema.String),
        job_type: Schema.optionalKey(Schema.String),
        status: Schema.optionalKey(JobStatus),
        /** The `next` of the page before. */
        after: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: JobsPage,
      error: [InvalidRequest, StoreFailed]
    }),
    HttpApiEndpoint.get("get", "/:id", { params: JobParams, success: JobView, error: [NotFound, StoreFailed] }),
    HttpApiEndpoint.post("cancel", "/:id/cancel", {
      params: JobParams,
      success: JobCancelled,
      error: [NotFound, StoreFailed]
    }),
    HttpApiEndpoint.post("retry", "/:id/retry", {
      params: JobParams,
      success: JobRepeated,
      error: [NotFound, JobConflict, InvalidRequest, StoreFailed]
    }),
    HttpApiEndpoint.post("replay", "/:id/replay", {
      params: JobParams,
      payload: ReplayOptions,
      success: JobRepeated,
      error: [NotFound, JobConflict, InvalidRequest, StoreFailed]
    }),
    HttpApiEndpoint.post("purge", "/purge", { payload: PurgeOptions, success: JobsPurged, error: StoreFailed }),
    HttpApiEndpoint.post("probe", "/probe", { success: JobProbed, error: StoreFailed })
  )
  .prefix("/api/v1/jobs")
  // beside them: below them it would stand where the id of a job does
  .add(
    HttpApiEndpoint.get("standing", "/api/v1/standing-jobs", {
      success: Schema.Array(StandingView),
      error: StoreFailed
    })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .annotate(RequiredScope, "admin")
{}
