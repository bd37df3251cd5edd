import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Authorization, Readable } from "./Guards.ts"
import { NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { Reviewed, ReviewInfo } from "./ReviewMessages.ts"
import { RequiredScope } from "./Scopes.ts"

const Params = { id: Schema.NonEmptyString }

/** Songs that wait for a person to say whether they are the track. */
export class ReviewsGroup extends HttpApiGroup.make("reviews")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(ReviewInfo), error: StoreFailed }).annotate(
      RequiredScope,
      "workflow.run:read"
    ),
    HttpApiEndpoint.post("approve", "/:id/approve", {
      params: Params,
      success: Reviewed,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("reject", "/:id/reject", {
      params: Params,
      success: Reviewed,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/reviews")
{}
