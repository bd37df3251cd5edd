import { Clock, DateTime, Duration, Effect, Layer } from "effect"

/** Sleeps of at least this long never end: time-outs of runs, pauses between ticks. */
const longest = Duration.toMillis(Duration.hours(1))

/** A clock that stands still except while somebody sleeps: it then jumps to the end of that sleep. */
export const make = (start: DateTime.DateTime.Input): Clock.Clock => {
  let now = DateTime.toEpochMillis(DateTime.makeUnsafe(start))
  const millis = () => now
  const nanos = () => BigInt(Math.round(now)) * 1_000_000n
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => {
      const wait = Duration.toMillis(duration)
      return wait >= longest
        ? Effect.never
        : Effect.andThen(
          Effect.sync(() => {
            now += Math.ceil(wait) // a jittered wait is not whole; an instant is
          }),
          Effect.yieldNow
        )
    }
  }
}

/**
 * For tests that speak real HTTP to the sandbox. Sleeps of less than an hour return at once and move the virtual time on,
 * which is deterministic while one task runs; longer ones never return. A time-out around a request must therefore be an
 * hour or more (`RequestTimeouts` of `services/ProviderHttp.ts`), else it strikes at once.
 */
export const layer = (start: DateTime.DateTime.Input): Layer.Layer<never> => Layer.sync(Clock.Clock, () => make(start))
