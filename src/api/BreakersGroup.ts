import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Breaker, BreakerName } from "../domain/Breaker.ts"
import { Authorization, Readable } from "./Guards.ts"
import { NotFound } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

const { failures, openedAt, retryAt, state } = Breaker.fields

/** How a circuit breaker stands. */
export class BreakerState extends Schema.Class<BreakerState>("glider/api/BreakerState")({
  name: BreakerName,
  /** `open`: calls fail at once. `half_open`: the next call tries whether it is over. */
  state,
  /** How many calls in a row have failed. */
  failures,
  /** Since when it has not been closed. */
  opened_at: openedAt,
  /** When the next call is let through. */
  retry_at: retryAt
}) {}

/** The circuit breakers: what is left alone because it fails too often. */
export class BreakersGroup extends HttpApiGroup.make("breakers")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(BreakerState) }).annotate(RequiredScope, "system:read"),
    HttpApiEndpoint.post("reset", "/:name/reset", {
      params: { name: Schema.NonEmptyString },
      success: BreakerState,
      error: NotFound
    }).annotate(RequiredScope, "admin")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v1/health/circuit-breakers")
{}
