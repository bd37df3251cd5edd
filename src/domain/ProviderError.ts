import { DateTime, Effect, Option, Schema } from "effect"
import { Provider, providerTitle } from "./Provider.ts"

/** 429, or a quota refusal: no call to this provider before `retryAt`, when the provider named one. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  retryAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
}) {
  override get message(): string {
    return Option.match(this.retryAt, {
      onNone: () => "rate limited",
      onSome: (at) => `rate limited until ${DateTime.formatIso(at)}`
    })
  }
}

/** The sign-in is no longer good (`invalid_grant`, revoked, never made): a person must sign in again. */
export class NeedsAuth extends Schema.TaggedError<NeedsAuth>()("NeedsAuth", { message: Schema.String }) {}

/** 401 on a fresh access token. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", { message: Schema.String }) {}

/** 403: a scope that was not granted, a lapsed membership, a user who is not allowed. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { message: Schema.String }) {}

/** 404. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { message: Schema.String }) {}

/** 410: the cursor is dead; a full listing is due. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", { message: Schema.String }) {}

/** Any other 4xx: our request is at fault, so it is not repeated. */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", {
  status: Schema.Int,
  message: Schema.String
}) {}

/** 5xx, a reset, a refused connection: worth repeating, not before `retryAt` when the provider named one. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  status: Schema.OptionFromNullOr(Schema.Int),
  retryAt: Schema.OptionFromOptionalKey(Schema.DateTimeUtcFromString).pipe(
    Schema.withConstructorDefault(Effect.succeedNone)
  ),
  message: Schema.String
}) {}

/** No answer in time; worth repeating. */
export class TimedOut extends Schema.TaggedError<TimedOut>()("TimedOut", { message: Schema.String }) {}

/** Calls have failed so often that none is made before `retryAt`. The same call does not try again, its maker may. */
export class CircuitOpen extends Schema.TaggedError<CircuitOpen>()("CircuitOpen", {
  retryAt: Schema.DateTimeUtcFromString
}) {
  override get message(): string {
    return `failed too often, and is left alone until ${DateTime.formatIso(this.retryAt)}`
  }
}

/** A 2xx whose body is not what was asked for (captive portal, cut stream, wrong shape); worth repeating. */
export class Malformed extends Schema.TaggedError<Malformed>()("Malformed", { message: Schema.String }) {}

/** The one error that leaves a provider client; recover by reason (`Effect.catchReason`). */
export class ProviderError extends Schema.TaggedError<ProviderError>()("ProviderError", {
  provider: Provider,
  /** What was asked of the provider, e.g. `recently-played`; never an address with parameters. */
  operation: Schema.String,
  reason: Schema.Union([
    RateLimited,
    NeedsAuth,
    Unauthorized,
    Forbidden,
    NotFound,
    CursorExpired,
    BadRequest,
    Unavailable,
    TimedOut,
    CircuitOpen,
    Malformed
  ])
}) {
  override get message(): string {
    return `${providerTitle[this.provider]} ${this.operation}: ${this.reason.message}`
  }
  /** The instant before which the provider asked for no call, or before which its circuit breaker lets none through. */
  get retryAt(): Option.Option<DateTime.Utc> {
    switch (this.reason._tag) {
      case "RateLimited":
      case "Unavailable":
        return this.reason.retryAt
      case "CircuitOpen":
        return Option.some(this.reason.retryAt)
      default:
        return Option.none()
    }
  }
  /** Whether the same call may succeed a moment later. */
  get retryable(): boolean {
    switch (this.reason._tag) {
      case "RateLimited":
      case "Unavailable":
      case "TimedOut":
      case "Malformed":
        return true
      default:
        return false
    }
  }
}
