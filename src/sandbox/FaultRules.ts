/**
 * What can go wrong on purpose: the faults a stand-in provider knows, and the two ways to ask for them (a scripted rule,
 * a seeded random plan). All of it is schema, because `POST /sandbox/faults` takes the same values as a test does.
 */
import { Schema } from "effect"

/** The providers the sandbox stands in for. */
export const Provider = Schema.Literals(["spotify", "google", "oura"])
export type Provider = typeof Provider.Type

/** Whatever is asked over HTTP: the providers, and the language model. */
export const Peer = Schema.Literals([...Provider.literals, "model"])
export type Peer = typeof Peer.Type

/** Which part of a provider a rule is about: its data API, or one of its OAuth endpoints. */
export const Endpoint = Schema.Literals(["api", "authorize", "token", "revoke"])
export type Endpoint = typeof Endpoint.Type

/**
 * How a `Retry-After` header is written. `Seconds` also serves for the absurd (86400); `Date` is an HTTP date that many
 * seconds from now by the clock the layer was built with; `Garbage` is sent as it stands.
 */
export const RetryAfter = Schema.TaggedUnion({
  Seconds: { seconds: Schema.Natural },
  Date: { seconds: Schema.Natural },
  Garbage: { text: Schema.String }
})
export type RetryAfter = typeof RetryAfter.Type

/** One way for an answer to go wrong. */
export const Fault = Schema.TaggedUnion({
  /**
   * An error status with the provider's own body. `reason` is Google's `errors[0].reason` or Spotify's `error.reason`;
   * `body` replaces the JSON by an HTML page or by nothing.
   */
  Status: {
    status: Schema.Literals([400, 401, 403, 404, 410, 429, 500, 502, 503, 504]),
    reason: Schema.optionalKey(Schema.String),
    retryAfter: Schema.optionalKey(RetryAfter),
    body: Schema.optionalKey(Schema.Literals(["json", "html", "empty"]))
  },
  /** The connection is reset before a byte of the answer. The request has not been acted on. */
  Reset: {},
  /** The true answer begins with its full `content-length`, then the connection is reset half way. */
  ResetMidBody: {},
  /** The true answer begins with its full `content-length`, then the connection closes normally half way. */
  Truncated: {},
  /** The true answer drips out over so many seconds of the clock the layer was built with. */
  Slow: { seconds: Schema.Natural },
  /** No answer at all until the client gives up or the sandbox stops. */
  Hang: {},
  /** 200, the right content type and length, a body cut in the middle of the JSON. */
  MalformedJson: {},
  /** 200 with an HTML page, as a captive portal sends it. */
  Html: {},
  /** The true body under `text/plain`. */
  WrongContentType: {},
  /** One record of the page has a field of a wrong type; the others are untouched. */
  MalformedRecord: {},
  /** The page says there is nothing; its cursors and tokens stay as they are. */
  EmptyList: {},
  /** The page is served, and the page after it is the same page again (Spotify: the page lists each play twice). */
  DuplicatePage: {},
  /** The access token used is expired from now on: 401, a refresh helps. */
  TokenExpired: {},
  /** The access token used is revoked from now on, its refresh token still works: 401, a refresh helps. */
  TokenRevoked: {},
  /** The whole grant is revoked: 401, and every refresh is `invalid_grant`. */
  GrantRevoked: {},
  /** A token endpoint answers `invalid_grant` although the token is good, and burns nothing. */
  InvalidGrant: {},
  /** Google only: the sync token of this request is dead from now on, 410 `fullSyncRequired`. */
  SyncTokenGone: {}
})
export type Fault = typeof Fault.Type

/** A scripted fault. Rules are tried in the order given; the first that applies wins, and wins over the random plan. */
export const FaultRule = Schema.Struct({
  fault: Fault,
  /** Only this one; any otherwise. */
  provider: Schema.optionalKey(Peer),
  /** Only this part of it; `api` otherwise, and `token` for `InvalidGrant`. */
  endpoint: Schema.optionalKey(Endpoint),
  /** Only paths that contain this text; a star stands for any text within. */
  path: Schema.optionalKey(Schema.String),
  /** How many matching requests pass before the rule begins; none otherwise. */
  after: Schema.optionalKey(Schema.Natural),
  /** How many times it applies: once otherwise. `"always"` until cleared. */
  times: Schema.optionalKey(Schema.Union([Schema.Natural, Schema.Literal("always")])),
  /** The chance that a matching request is hit, from 0 to 1; certain otherwise. Drawn from the sandbox's seed. */
  probability: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })))
})
export type FaultRule = typeof FaultRule.Type

/**
 * A seeded plan: every request of `providers` at `api` and `token` is hit with `rate`, by a fault drawn from `kinds`.
 * The default kinds are those after which a correct client reaches the truth by itself. Left to scripted rules (or to
 * `kinds`) are faults that need a person (`GrantRevoked`, `InvalidGrant`), that never answer or answer slowly, that lose
 * an answer of a token endpoint (the token is burnt), `MalformedRecord`, and `EmptyList` for Google, whose sync token
 * would pass over what was hidden. At a token endpoint only resets, `InvalidGrant` and statuses from 429 up are drawn.
 */
export const RandomPlan = Schema.Struct({
  seed: Schema.Union([Schema.Int, Schema.String]),
  rate: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
  kinds: Schema.optionalKey(Schema.Array(Fault)),
  providers: Schema.optionalKey(Schema.Array(Peer)),
  /** At most so many hits in a row on one part of a provider; 3 otherwise, so that retries have an end. */
  burst: Schema.optionalKey(Schema.Natural)
})
export type RandomPlan = typeof RandomPlan.Type

/** One fault that was applied, for a test to compare with what its client made of it. */
export interface AppliedFault {
  readonly at: string
  readonly provider: Peer
  readonly method: string
  readonly path: string
  readonly fault: Fault
  /** The index of the spoilt record in its page and its key, for `MalformedRecord`. */
  readonly record?: { readonly index: number; readonly key: string }
}
