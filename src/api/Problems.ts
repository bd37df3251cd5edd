/** The failures of the HTTP API, as problem details (RFC 9457), each with a stable `code` and, where there is one, a `fix`. */
import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { ApiScope } from "../domain/IssuedToken.ts"

/** One thing that is wrong with a request: where, as a JSON pointer (RFC 6901) that begins with the part of the request. */
export const Detail = Schema.Struct({ pointer: Schema.String, message: Schema.String })
export type Detail = typeof Detail.Type

const members = <const Code extends string>(code: Code) => ({
  code: Schema.tag(code),
  detail: Schema.String,
  details: Schema.optionalKey(Schema.Array(Detail)),
  /** The command that mends it, or a sentence. */
  fix: Schema.optionalKey(Schema.String)
})

const declare = <const Code extends string, const Status extends number>(
  code: Code,
  status: Status,
  title: string
) => ({
  type: `urn:glider:problem:${code}` as const,
  status,
  title
})

/** The request cannot be read; `details` says where. */
export class InvalidRequest extends HttpApiError.Problem<InvalidRequest>()(
  "InvalidRequest",
  declare("invalid_request", 400, "The request cannot be read"),
  members("invalid_request")
) {}

/** No token, or one that is not known or no longer good. */
export class Unauthorized extends HttpApiError.Problem<Unauthorized>()(
  "Unauthorized",
  declare("unauthorized", 401, "The token is missing or no longer good"),
  members("unauthorized")
) {}

/** A token that lacks the scope of the endpoint. */
export class InsufficientScope extends HttpApiError.Problem<InsufficientScope>()(
  "InsufficientScope",
  declare("insufficient_scope", 403, "The token does not allow that"),
  { ...members("insufficient_scope"), scope: ApiScope }
) {}

/** Nothing bears that name or stands at that address. */
export class NotFound extends HttpApiError.Problem<NotFound>()(
  "NotFound",
  declare("not_found", 404, "There is no such thing"),
  members("not_found")
) {}

/** The run is not in a state in which that can be done. */
export class RunConflict extends HttpApiError.Problem<RunConflict>()(
  "RunConflict",
  declare("run_conflict", 409, "The run does not allow that now"),
  members("run_conflict")
) {}

/** The thing is no longer as it was when the change was made from it. */
export class PreconditionFailed extends HttpApiError.Problem<PreconditionFailed>()(
  "PreconditionFailed",
  declare("precondition_failed", 412, "It has been changed since"),
  members("precondition_failed")
) {}

/** The request came under another name than this machine's: a page that was rebound to loopback. */
export class Misdirected extends HttpApiError.Problem<Misdirected>()(
  "Misdirected",
  declare("misdirected_request", 421, "The Host header is not that of this server"),
  members("misdirected_request")
) {}

/** The config file cannot be used; every mistake is one of the `details`. */
export class InvalidConfig extends HttpApiError.Problem<InvalidConfig>()(
  "InvalidConfig",
  declare("invalid_config", 422, "The config file has mistakes"),
  members("invalid_config")
) {}

/** The sign-in or the revocation did not go through. */
export class SignInFailed extends HttpApiError.Problem<SignInFailed>()(
  "SignInFailed",
  declare("sign_in_failed", 502, "The sign-in did not go through"),
  members("sign_in_failed")
) {}

/** The store does not answer. */
export class StoreFailed extends HttpApiError.Problem<StoreFailed>()(
  "StoreFailed",
  declare("store_failed", 503, "The store does not answer"),
  members("store_failed")
) {}

/** Not ready, or part of it is not. */
export class Unready extends HttpApiError.Problem<Unready>()(
  "Unready",
  declare("not_ready", 503, "Not ready"),
  members("not_ready")
) {}

/** A bug. */
export class Internal extends HttpApiError.Problem<Internal>()(
  "Internal",
  declare("internal", 500, "This is a bug of Glider"),
  members("internal")
) {}
