/** The failures of the HTTP API, as problem details (RFC 9457), each with a stable `code` and, where there is one, a `fix`. */
import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { ApiScope } from "../domain/IssuedToken.ts"

/** One thing that is wrong with a request: where, as a JSON pointer (RFC 6901) that begins with the part of the request. */
export const Detail = Schema.Struct({ pointer: Schema.String, message: Schema.String })
export type Detail = typeof Detail.Type

export const members = <const Code extends string>(code: Code) => ({
  code: Schema.tag(code),
  detail: Schema.String,
  details: Schema.optionalKey(Schema.Array(Detail)),
  /** The command that mends it, or a sentence. */
  fix: Schema.optionalKey(Schema.String)
})

export const declare = <const Code extends string, const Status extends number>(
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

/** A change that a web page of another origin asks for. */
export class OriginNotAllowed extends HttpApiError.Problem<OriginNotAllowed>()(
  "OriginNotAllowed",
  declare("origin_not_allowed", 403, "The page may not do that"),
  members("origin_not_allowed")
) {}

/** A change that a browser's session asks for, and that does not come from a page of this server. */
export class CsrfRefused extends HttpApiError.Problem<CsrfRefused>()(
  "CsrfRefused",
  declare("csrf_refused", 403, "The page did not show that it is of this server"),
  members("csrf_refused")
) {}

/** Nothing bears that name or stands at that address. */
export class NotFound extends HttpApiError.Problem<NotFound>()(
  "NotFound",
  declare("not_found", 404, "There is no such thing"),
  members("not_found")
) {}

/** There is such an address, for other methods: `Allow` names them. */
export class MethodNotAllowed extends HttpApiError.Problem<MethodNotAllowed>()(
  "MethodNotAllowed",
  declare("method_not_allowed", 405, "That address does not take this method"),
  members("method_not_allowed")
) {}

/** The client does not take the kinds of answers that there are. */
export class NotAcceptable extends HttpApiError.Problem<NotAcceptable>()(
  "NotAcceptable",
  declare("not_acceptable", 406, "There is no such answer"),
  members("not_acceptable")
) {}

/** The client was too slow to send its request. */
export class RequestTooSlow extends HttpApiError.Problem<RequestTooSlow>()(
  "RequestTooSlow",
  declare("request_too_slow", 408, "The request took too long to arrive"),
  members("request_too_slow")
) {}

/** The run is not in a state in which that can be done. */
export class RunConflict extends HttpApiError.Problem<RunConflict>()(
  "RunConflict",
  declare("run_conflict", 409, "The run does not allow that now"),
  members("run_conflict")
) {}

/** No song can be put into a playlist here: it is not switched on, or nobody has signed in to Spotify for it. */
export class MusicUnavailable extends HttpApiError.Problem<MusicUnavailable>()(
  "MusicUnavailable",
  declare("music_unavailable", 409, "No song can be put into a playlist now"),
  members("music_unavailable")
) {}

/** The first request with that Idempotency-Key has no answer yet. */
export class KeyInFlight extends HttpApiError.Problem<KeyInFlight>()(
  "KeyInFlight",
  declare("idempotency_key_in_flight", 409, "The first request with that key is still under way"),
  members("idempotency_key_in_flight")
) {}

/** The thing is no longer as it was when the change was made from it. */
export class PreconditionFailed extends HttpApiError.Problem<PreconditionFailed>()(
  "PreconditionFailed",
  declare("precondition_failed", 412, "It has been changed since"),
  members("precondition_failed")
) {}

/** The body is larger than `[server] max_body_bytes`. */
export class PayloadTooLarge extends HttpApiError.Problem<PayloadTooLarge>()(
  "PayloadTooLarge",
  declare("payload_too_large", 413, "The body is too large"),
  members("payload_too_large")
) {}

/** The request target is longer than any address here. */
export class UriTooLong extends HttpApiError.Problem<UriTooLong>()(
  "UriTooLong",
  declare("uri_too_long", 414, "The address is too long"),
  members("uri_too_long")
) {}

/** The Content-Type is not one that the endpoint reads. */
export class UnsupportedMediaType extends HttpApiError.Problem<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  declare("unsupported_media_type", 415, "The body is of another type than this takes"),
  members("unsupported_media_type")
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

/** A message of a webhook is not signed as it should be. */
export class SignatureRefused extends HttpApiError.Problem<SignatureRefused>()(
  "SignatureRefused",
  declare("signature_refused", 401, "The message is not signed by a secret that is known here"),
  members("signature_refused")
) {}

/** The Idempotency-Key came with another request before. */
export class KeyReused extends HttpApiError.Problem<KeyReused>()(
  "KeyReused",
  declare("idempotency_key_reused", 422, "That key belongs to another request"),
  members("idempotency_key_reused")
) {}

/** The client has used up its requests of this minute: `Retry-After` says for how long. */
export class TooManyRequests extends HttpApiError.Problem<TooManyRequests>()(
  "TooManyRequests",
  declare("too_many_requests", 429, "Too many requests in a minute"),
  members("too_many_requests")
) {}

/** The header fields are larger than 16 KiB together. */
export class HeadersTooLarge extends HttpApiError.Problem<HeadersTooLarge>()(
  "HeadersTooLarge",
  declare("headers_too_large", 431, "The header fields are too large"),
  members("headers_too_large")
) {}

/** The sign-in or the revocation did not go through. */
export class SignInFailed extends HttpApiError.Problem<SignInFailed>()(
  "SignInFailed",
  declare("sign_in_failed", 502, "The sign-in did not go through"),
  members("sign_in_failed")
) {}

/** A provider is asked something that needs an account there, and none is signed in. */
export class SignInNeeded extends HttpApiError.Problem<SignInNeeded>()(
  "SignInNeeded",
  declare("sign_in_needed", 409, "No account is signed in"),
  members("sign_in_needed")
) {}

/** The provider does not let this account do that. */
export class ProviderRefused extends HttpApiError.Problem<ProviderRefused>()(
  "ProviderRefused",
  declare("provider_refused", 403, "The provider does not allow that"),
  members("provider_refused")
) {}

/** The provider did not answer as it should. */
export class ProviderFailed extends HttpApiError.Problem<ProviderFailed>()(
  "ProviderFailed",
  declare("provider_failed", 502, "The provider did not answer as it should"),
  members("provider_failed")
) {}

/** The provider asked for patience: `Retry-After` says how long. */
export class ProviderBusy extends HttpApiError.Problem<ProviderBusy>()(
  "ProviderBusy",
  declare("provider_busy", 503, "The provider asked for patience"),
  { ...members("provider_busy"), retry_after_seconds: Schema.Natural }
) {}

/** The store does not answer. */
export class StoreFailed extends HttpApiError.Problem<StoreFailed>()(
  "StoreFailed",
  declare("store_failed", 503, "The store does not answer"),
  members("store_failed")
) {}

/** The files of the store are not as Glider left them: it is only read, until it is restored. */
export class StoreDamaged extends HttpApiError.Problem<StoreDamaged>()(
  "StoreDamaged",
  declare("store_damaged", 503, "The store is damaged, and only read"),
  members("store_damaged")
) {}

/** No answer within `[server] request_timeout_seconds`; what was begun may still be done. */
export class RequestTimedOut extends HttpApiError.Problem<RequestTimedOut>()(
  "RequestTimedOut",
  declare("request_timed_out", 503, "The answer took too long"),
  members("request_timed_out")
) {}

/** As many event streams are open as there may be. */
export class TooManyStreams extends HttpApiError.Problem<TooManyStreams>()(
  "TooManyStreams",
  declare("too_many_streams", 503, "Too many streams are open"),
  members("too_many_streams")
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
