import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { BatchAccepted, BatchRequest, BatchState } from "./BatchMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, MusicUnavailable, NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

/** Many songs for one playlist. */
export class BatchGroup extends HttpApiGroup.make("batch")
  .add(
    HttpApiEndpoint.post("start", "/", {
      payload: BatchRequest,
      success: BatchAccepted.pipe(HttpApiSchema.status(202)),
      error: [InvalidRequest, MusicUnavailable, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("state", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: BatchState,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/sync/batch")
{}
