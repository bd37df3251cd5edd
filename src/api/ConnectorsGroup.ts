import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import {
  BackfillOptions,
  Connector,
  ConnectorBackfilled,
  ConnectorQueued,
  ConnectorReleased,
  ConnectorRun
} from "./ConnectorMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** A name, a provider (its first account) or an id. */
const params = { connection: Schema.NonEmptyString }

/** Accounts as things that are synced: how they are, what was done, and what a person may have done. */
export class ConnectorsGroup extends HttpApiGroup.make("connectors")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(Connector), error: StoreFailed }).annotate(
      RequiredScope,
      "account:read"
    ),
    /** The newest first. */
    HttpApiEndpoint.get("runs", "/:connection/runs", {
      params,
      query: { limit: Schema.optionalKey(Limit) },
      success: Schema.Array(ConnectorRun),
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:read"),
    HttpApiEndpoint.post("sync", "/:connection/sync", {
      params,
      success: ConnectorQueued.pipe(HttpApiSchema.status("Accepted")),
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("backfill", "/:connection/backfill", {
      params,
      payload: BackfillOptions,
      success: ConnectorBackfilled.pipe(HttpApiSchema.status("Accepted")),
      error: [NotFound, InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "workflow.run:write"),
    HttpApiEndpoint.post("release", "/:connection/release", {
      params,
      success: ConnectorReleased,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "account:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/connections")
{}
