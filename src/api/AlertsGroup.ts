import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { AlertSinkView, AlertsPage, SinkTried, TestedSink } from "./AlertMessages.ts"
import { Authorization, Readable } from "./Guards.ts"
import { InvalidRequest, NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))

/** What somebody should look at, and whom that is told. */
export class AlertsGroup extends HttpApiGroup.make("alerts")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        /** Those that last, or all that are kept. */
        state: Schema.optionalKey(Schema.Literals(["open", "all"])),
        /** The `next` of the page before. */
        after: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Limit)
      },
      success: AlertsPage,
      error: [InvalidRequest, StoreFailed]
    }).annotate(RequiredScope, "system:read"),
    HttpApiEndpoint.get("sinks", "/sinks", { success: Schema.Array(AlertSinkView), error: StoreFailed }).annotate(
      RequiredScope,
      "system:read"
    ),
    HttpApiEndpoint.post("test", "/test", {
      payload: TestedSink,
      success: Schema.Array(SinkTried),
      error: NotFound
    }).annotate(RequiredScope, "admin")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/alerts")
{}
