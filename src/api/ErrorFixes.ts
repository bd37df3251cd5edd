/** What a person does about each error: the last column of docs/reference/errors.md. */
import type { ProviderError } from "../domain/ProviderError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type * as Problems from "./Problems.ts"

type CodeOf<A> = A extends abstract new(...args: never) => { readonly code: infer Code extends string } ? Code : never

export const problemFixes: { readonly [C in CodeOf<(typeof Problems)[keyof typeof Problems]>]: string } = {
  invalid_request: "Look at `details`: each names a place in the request by a JSON pointer.",
  unauthorized: "Make a token: `glider token create`; the page signs in with `glider open`.",
  insufficient_scope: "Make a token with the scope that `scope` names.",
  origin_not_allowed: "Add the page's origin to `[server] cors_origins`, if it is yours.",
  csrf_refused: "Load the page again, and send the form from there.",
  not_found: "Look at the list that `fix` names.",
  method_not_allowed: "Use one of the methods that `Allow` names.",
  not_acceptable: "Ask for `application/json`.",
  request_too_slow: "Send the request again, at once and whole.",
  run_conflict: "See how the run stands: `glider runs show`.",
  music_unavailable: "Set `[music] enabled = true`, start again, and sign in once more: `glider auth spotify`.",
  idempotency_key_in_flight: "Wait for the answer to the first request.",
  precondition_failed: "Read it again, and change it from there.",
  payload_too_large: "Send less, or raise `[server] max_body_bytes`.",
  uri_too_long: "Put less into the address.",
  unsupported_media_type: "Send `Content-Type: application/json`.",
  misdirected_request: "Add the name to `[server] allowed_hosts`, if it is yours.",
  invalid_config: "Mend what `details` lists; `glider config check` says the same.",
  idempotency_key_reused: "Use a new key for another request.",
  too_many_requests: "Wait as long as `Retry-After` says, or raise `[server] requests_per_minute`.",
  headers_too_large: "Send fewer header fields.",
  sign_in_failed: "Try again; `detail` tells what the provider said.",
  sign_in_needed: "`glider auth` with the provider's name.",
  provider_refused: "See the provider's page in these documents: a scope, a membership or a list of users.",
  provider_failed: "Try again later; Glider's own syncs do.",
  provider_busy: "Wait as long as `Retry-After` says.",
  store_failed: "See the log, and `glider doctor`; nothing of the request was stored.",
  request_timed_out: "See whether it was done; then ask again, with the same `Idempotency-Key`.",
  too_many_streams: "Close some: each page that is open in a browser may hold one.",
  not_ready: "Wait; `/health` tells which part is not ready.",
  internal: "Please report it, with the lines of the log that bear the request's id."
}

export const providerFixes: { readonly [R in ProviderError["reason"]["_tag"]]: string } = {
  RateLimited: "Nothing: no call is made before the time that the provider named.",
  NeedsAuth: "Sign in again: `glider auth` with the provider's name.",
  Unauthorized: "Nothing at first: the token is refreshed. Where it stays, sign in again.",
  Forbidden: "See the provider's page in these documents: a scope, a membership or a list of users.",
  NotFound: "Look at what the config names, as the id of a calendar.",
  CursorExpired: "Nothing: everything is listed again, and compared.",
  BadRequest: "Please report it: the request was not as the provider wants it.",
  Unavailable: "Nothing: it is tried again.",
  TimedOut: "Nothing: it is tried again.",
  CircuitOpen: "Nothing: it is tried again by itself; sooner with `glider breakers reset`.",
  Malformed: "Nothing: it is tried again. Where it stays, something between you and the provider answers in its place."
}

export const storeFixes: { readonly [R in SurrealError["reason"]["_tag"]]: string } = {
  StoreUnavailable: "See whether the folder can be written to, or the server reached.",
  StoreHeld: "Stop the process that is named, or give this one a folder of its own with `--data-dir`.",
  StoreDamaged: "Restore the newest backup: `glider db restore`; see docs/integrity.md.",
  QueryFailed: "See the log: a full disk is named there. Else please report it.",
  AlreadyExists: "Please report it.",
  Conflict: "Try again.",
  UnexpectedRow: "Was the store written by a newer Glider? Then use that one; see the upgrade notes."
}
