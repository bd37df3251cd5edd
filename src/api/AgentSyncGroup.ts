/** Songs that agents put into playlists (contract 1D). */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { AgentSyncAccepted, AgentSyncRequest, AgentSyncState } from "./AgentSyncMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

export class AgentSyncGroup extends HttpApiGroup.make("agentSync")
  .add(
    HttpApiEndpoint.post("start", "/", {
      payload: AgentSyncRequest,
      success: AgentSyncAccepted.pipe(HttpApiSchema.status(202)),
      error: [InvalidRequest, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.get("state", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: AgentSyncState,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/agent-sync")
{}
