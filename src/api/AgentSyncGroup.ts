/** Songs that agents put into playlists (contract 1D): as those of `/api/v1/sync`, and told of in the same way. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Authorization, Readable } from "./Guards.ts"
import { AgentSyncRequest, Cancellable, SyncAccepted, SyncCancelled, SyncState } from "./MusicMessages.ts"
import { InvalidRequest, MusicUnavailable, NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Params = { id: Schema.NonEmptyString }

export class AgentSyncGroup extends HttpApiGroup.make("agentSync")
  .add(
    HttpApiEndpoint.post("start", "/", {
      payload: AgentSyncRequest,
      success: SyncAccepted.pipe(HttpApiSchema.status(202)),
      error: [InvalidRequest, MusicUnavailable, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("state", "/:id", {
      params: Params,
      success: SyncState,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("cancel", "/:id/cancel", {
      params: Params,
      success: SyncCancelled,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("cancellable", "/:id/cancellable", {
      params: Params,
      success: Cancellable,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/agent-sync")
{}
