import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Report } from "../domain/Report.ts"
import { ReportKind } from "../domain/ReportPeriod.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, NotFound, StoreFailed } from "./Problems.ts"
import { ReportOrder, ReportsPage } from "./ReportMessages.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** Such as `daily_reports:2026-11-26` or `weekly_reports:2026-W48`. */
const Params = { key: Schema.NonEmptyString }

/** What days and weeks were like, against those before. */
export class ReportsGroup extends HttpApiGroup.make("reports")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        kind: Schema.optionalKey(ReportKind),
        /** The `next` of the page before. */
        after: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: ReportsPage,
      error: StoreFailed
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.get("get", "/:key", {
      params: Params,
      success: Report,
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.get("markdown", "/:key/markdown", {
      params: Params,
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/markdown" })),
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:read"),
    HttpApiEndpoint.get("html", "/:key/html", {
      params: Params,
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" })),
      error: [NotFound, StoreFailed]
    }).annotate(RequiredScope, "data:read"),
    /** The same report made again takes the place of the one before. */
    HttpApiEndpoint.post("make", "/", {
      payload: ReportOrder,
      success: Report,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "data:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/reports")
{}
