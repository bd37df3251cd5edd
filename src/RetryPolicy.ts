/** Every `Schedule` used to repeat a call, named by what it protects. All draw their jitter from Effect's Random. */
import { Context, DateTime, Duration, Effect, Option, Schedule } from "effect"
import type { ProviderError } from "./domain/ProviderError.ts"
import type { SurrealError } from "./services/SurrealError.ts"

/**
 * The longest time a call waits for a provider that asked for patience: 60 s unless whoever calls has less. Above it the call
 * fails with the instant at which to come back, and whoever made it goes on with something else.
 */
export class LongestWait extends Context.Reference<Duration.Duration>("glider/RetryPolicy/LongestWait", {
  defaultValue: () => Duration.seconds(60)
}) {}

/** What is taken to be meant, in milliseconds, where a provider asks for patience and does not say for how long. */
const unnamedWait = 60_000

/**
 * One call to a provider's API: four more tries after 1, 2, 4 and 8 s, each ±20 %, when the failure is worth repeating
 * (5xx, resets, refused connections, time-outs, answers that are not what was asked for, rate limits).
 *
 * A provider that names an instant replaces the wait: the next try is at that very instant, or never when it is more
 * than `LongestWait` away. 400, 401, 403, 404 and 410 are not repeated.
 */
export const providerCall = Schedule.exponential("1 second", 2).pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 4 }),
  Schedule.setInputType<ProviderError>(),
  Schedule.while(({ input, now }) =>
    Effect.map(LongestWait, (longest) => {
      const unnamed = input.reason._tag === "RateLimited" ? unnamedWait : 0
      return input.retryable && Option.getOrElse(namedWait(input, now), () => unnamed) <= Duration.toMillis(longest)
    })
  ),
  Schedule.modifyDelay(({ duration, input, now }) =>
    Effect.succeed(Option.match(namedWait(input, now), { onNone: () => duration, onSome: Duration.millis }))
  ),
  Schedule.tap(({ attempt, duration, input }) =>
    Effect.annotateLogs(Effect.logDebug("asking the provider again"), {
      attempt,
      waitMillis: Duration.toMillis(duration),
      provider: input.provider,
      operation: input.operation,
      reason: input.reason._tag
    })
  )
)

/** A commit of the journal while the store is away: after 50 ms doubling to 2 s, eight times, which is about 8 s in all. */
export const journalCommit = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("2 seconds")]).pipe(
  Schedule.upTo({ times: 8 }),
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input: { reason } }) => reason._tag === "StoreUnavailable")
)

/** Finding the runs that are to go on, while the store is away: after 1 s doubling to 30 s, for as long as it takes. */
export const recovery = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")]).pipe(
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input: { reason } }) => reason._tag === "StoreUnavailable")
)

/** Writing what has become of a job: after 1 s doubling to 30 s, for as long as the store is away or others are faster. */
export const jobResult = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")]).pipe(
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input: { reason } }) => reason._tag === "StoreUnavailable" || reason._tag === "Conflict")
)

/** A store that is not there at the start: after 1 s doubling to 30 s, twenty times in all, for at most 5 minutes. */
export const storeAtStart = recovery.pipe(Schedule.upTo({ times: 19, duration: "5 minutes" }))

/** Milliseconds until the instant that the provider names. */
const namedWait = ({ retryAt }: ProviderError, now: number): Option.Option<number> =>
  Option.map(retryAt, (at) => Math.max(0, DateTime.toEpochMillis(at) - now))
