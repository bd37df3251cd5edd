import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { AffinityKind } from "../domain/Affinity.ts"
import { Affinity, AffinityPage, Decayed, PriorityOrder } from "./AffinityMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** Tracks, artists, places and people, by how near they are to the owner. */
export class AffinityGroup extends HttpApiGroup.make("affinity")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        kind: AffinityKind,
        /** Those that were not met for long, in place of the others. */
        archived: Schema.optionalKey(Schema.Literals(["true", "false"])),
        after: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: AffinityPage,
      error: StoreFailed
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.put("prefer", "/priority", {
      payload: PriorityOrder,
      success: Affinity,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:write"),
    HttpApiEndpoint.post("decay", "/decay", { success: Decayed, error: StoreFailed }).annotate(
      RequiredScope,
      "data:write"
    )
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/affinity")
{}
