/** What a provider's answer means: statuses, headers and the error bodies of all three, turned into reasons. */
import { DateTime, Duration, Option, Result, Schema } from "effect"
import { Headers } from "effect/http"
import {
  BadRequest,
  CursorExpired,
  Forbidden,
  Malformed,
  NotFound,
  type ProviderError,
  RateLimited,
  Unauthorized,
  Unavailable
} from "../domain/ProviderError.ts"
import { readRefusal } from "./ProviderRefusal.ts"

/** An answer, read to its end. */
export interface ProviderResponse {
  readonly status: number
  readonly headers: Headers.Headers
  readonly text: string
}

/** No provider is believed to want a longer pause than this; a larger `Retry-After` counts as this. */
export const longestRetryAfter = Duration.days(7)

/** How long a spent quota is left alone when the provider does not say. */
export const quotaPause = Duration.hours(1)

/** Google's two ways to say "slow down" with a 403. */
const slowDown = new Set(["rateLimitExceeded", "userRateLimitExceeded"])

/** A quota that refills by the hour or the day. */
const quotaSpent = new Set(["quotaExceeded", "dailyLimitExceeded", "QUOTA_EXCEEDED"])

/** Why an answer other than 2xx was given. */
export const refusal = (response: ProviderResponse, now: DateTime.Utc): ProviderError["reason"] => {
  const { status } = response
  const { location, message, reason } = readRefusal(response.text)
  const text = message === "" ? `HTTP ${status}` : message
  const later = (pause: Option.Option<Duration.Duration>) =>
    Option.map(
      Option.orElse(retryAfter(response.headers, now), () => pause),
      (wait) => DateTime.addDuration(now, wait)
    )
  const limited = (pause: Option.Option<Duration.Duration>) => new RateLimited({ retryAt: later(pause) })
  if (quotaSpent.has(reason) && (status === 403 || status === 429)) return limited(Option.some(quotaPause))
  if (status === 429 || (status === 403 && slowDown.has(reason))) return limited(Option.none())
  if (status === 401) return new Unauthorized({ message: text })
  if (status === 403) return new Forbidden({ message: text })
  if (status === 404) return new NotFound({ message: text })
  if (status === 410 || isDeadCursor(status, reason, location, text)) return new CursorExpired({ message: text })
  if (status >= 500 || status === 408 || status === 425) {
    return new Unavailable({ status: Option.some(status), retryAt: later(Option.none()), message: text })
  }
  return status >= 400
    ? new BadRequest({ status, message: text })
    : new Malformed({ message: `an unexpected HTTP ${status}` })
}

/** Google refuses a token that it cannot read, of a sync or of a page, with a 400; a new listing helps in both cases. */
const isDeadCursor = (status: number, reason: string, location: string, message: string): boolean =>
  status === 400 && reason === "invalid" &&
  (location === "syncToken" || location === "pageToken" || /\b(sync|page) ?token\b/i.test(message))

/** `Retry-After` (RFC 9110, 10.2.3) as a wait from now; none when absent, unreadable or in the past. */
export const retryAfter = (headers: Headers.Headers, now: DateTime.Utc): Option.Option<Duration.Duration> =>
  Headers.get(headers, "retry-after").pipe(
    Option.flatMap((text) => Result.getSuccess(Headers.parseRetryAfter(text))),
    Option.map((parsed) => Headers.retryAfterDelay(parsed, DateTime.toEpochMillis(now))),
    Option.filter((wait) => !Duration.isZero(wait)),
    Option.map((wait) => Duration.min(wait, longestRetryAfter))
  )

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

/** The JSON of a 2xx; `undefined` for an answer that says by its status that it has no body. */
export const readJson = ({ status, text }: ProviderResponse): Result.Result<unknown, Malformed> =>
  status === 204 || status === 205 ? Result.succeed(undefined) : Result.mapError(parse(text), () =>
    new Malformed({
      message: text.trim() === ""
        ? "an empty answer"
        : text.trimStart().startsWith("<")
        ? "a page for people instead of JSON"
        : "the answer is not JSON, or was cut short"
    }))
