/** What every request of the API must pass, apart from how it is checked. */
import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import { InsufficientScope, InvalidRequest, StoreDamaged, Unauthorized } from "./Problems.ts"

/**
 * A bearer token whose scopes include the one that the endpoint names with `RequiredScope`. Of a store that is damaged, and so
 * only read, endpoints are served that change nothing.
 */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()("glider/api/Guards/Authorization", {
  requiredForClient: true,
  security: { bearer: HttpApiSecurity.bearer },
  error: [Unauthorized, InsufficientScope, StoreDamaged]
}) {}

/** Requests that do not decode are answered with what is wrong and where. */
export class Readable extends HttpApiMiddleware.Service<Readable>()("glider/api/Guards/Readable", {
  error: InvalidRequest
}) {}

/**
 * Whether a POST with an `Idempotency-Key` gets its answer again when it is sent again. Not so where the answer is a stream,
 * or holds a secret that is to be kept nowhere.
 */
export const Replayed = Context.Reference<boolean>("glider/api/Guards/Replayed", { defaultValue: () => true })

/** Whether the body is a file, which may be far larger and take far longer than what is asked for otherwise. */
export const Uploaded = Context.Reference<boolean>("glider/api/Guards/Uploaded", { defaultValue: () => false })

/**
 * What becomes of a request that is no GET while the store is damaged. `judged`: the endpoint itself refuses everything but
 * previews.
 */
export const WhileDamaged = Context.Reference<"refused" | "served" | "judged">("glider/api/Guards/WhileDamaged", {
  defaultValue: () => "refused"
})
