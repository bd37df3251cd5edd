import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { EvidenceKind, LegalHold } from "../domain/Evidence.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, NotFound, RunConflict, StoreFailed } from "./Problems.ts"
import { HoldOrder, RetentionAuditPage, RetentionDone, RetentionOrder } from "./RetentionMessages.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** What is kept for a while, and what somebody wants kept longer. */
export class RetentionGroup extends HttpApiGroup.make("retention")
  .add(
    HttpApiEndpoint.post("run", "/run", {
      payload: RetentionOrder,
      success: RetentionDone,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "admin"),
    /** By kind and subject. */
    HttpApiEndpoint.get("holds", "/holds", {
      query: {
        /** The last kind and subject of the page before. */
        after_kind: Schema.optionalKey(EvidenceKind),
        after_subject: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: Schema.Array(LegalHold),
      error: StoreFailed
    }).annotate(RequiredScope, "system:read"),
    HttpApiEndpoint.post("hold", "/holds", {
      payload: HoldOrder,
      success: LegalHold,
      error: [InvalidRequest, NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "admin"),
    HttpApiEndpoint.delete("release", "/holds", {
      query: { kind: EvidenceKind, subject: Schema.NonEmptyString },
      success: LegalHold,
      error: [NotFound, RunConflict, StoreFailed]
    }).annotate(RequiredScope, "admin"),
    HttpApiEndpoint.get("audit", "/audit", {
      query: { after: Schema.optionalKey(Schema.String), limit: Schema.optionalKey(Limit) },
      success: RetentionAuditPage,
      error: StoreFailed
    }).annotate(RequiredScope, "system:read")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/retention")
{}
