/** What to do about each problem of the API, where its own `fix` does not say it more exactly. */
import type * as JobProblems from "./JobProblems.ts"
import type * as Problems from "./Problems.ts"

/** The codes of all problems. */
type CodeOf<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new(...args: never) => { readonly code: infer C extends string }
    ? C
    : never
}[keyof Module]

type Code = CodeOf<typeof Problems> | CodeOf<typeof JobProblems>

/** By code; the compiler asks for one of each. */
export const problemMends: { readonly [C in Code]: string } = {
  invalid_request: "correct the parts that `details` names",
  unauthorized: "send `Authorization: Bearer <token>`; make one with `glider token create`",
  insufficient_scope: "make a token with the scope that `scope` names: `glider token create`",
  origin_not_allowed: "name the page's origin in `[server] cors_origins`, when it is to be trusted",
  csrf_refused: "send JSON, or `X-CSRF-Token`, from a page of this server; other programs use a token",
  not_found: "look at the list that `fix` names for the ids that there are",
  method_not_allowed: "use a method that the header `Allow` names",
  not_acceptable: "leave `Accept` out, or take `application/json`",
  request_too_slow: "send the whole request at once",
  run_conflict: "look at the run: `glider runs show <run>`",
  job_conflict: "as `fix` says; look at the job: `glider jobs show <job>`",
  music_unavailable: "set `[music] enabled = true`, start `glider run` again, then `glider auth spotify`",
  idempotency_key_in_flight: "ask again after `Retry-After`: the first request is still at work",
  precondition_failed: "read it again, and repeat the change with its new `ETag`",
  payload_too_large: "send less, or raise `[server] max_body_bytes`",
  uri_too_long: "put what is long into the body",
  unsupported_media_type: "send `Content-Type: application/json`",
  misdirected_request: "reach it as `127.0.0.1`, or name the host in `[server] allowed_hosts`",
  invalid_config: "`glider config check`",
  signature_refused: "sign it anew with the secret of that inbox, by a clock that is right; docs/webhooks.md says how",
  idempotency_key_reused: "use a new key for a new request, such as a random UUID",
  too_many_requests: "wait for `Retry-After`, or raise `[server] requests_per_minute`",
  headers_too_large: "send fewer or shorter headers: 16 KiB together",
  sign_in_failed: "as `detail` says; mostly `glider auth <provider>`",
  sign_in_needed: "`glider auth <provider>`",
  provider_refused: "look at the account's permissions there, then `glider auth <provider>`",
  provider_failed: "ask again later; what was asked for may be done all the same",
  provider_busy: "ask again after `Retry-After`",
  store_failed: "as `fix` says; look at the disk and at the log of `glider run`",
  store_damaged: "as `fix` says: stop `glider run`, then `glider db restore <backup> --yes`, then `glider run`",
  request_timed_out: "look whether it is done, then ask again; `[server] request_timeout_seconds` bounds it",
  too_many_streams: "close a stream that nobody reads",
  not_ready: "wait until it has started; `GET /health` says what is not ready",
  internal: "report it, with the log of `glider run` from that time"
}
