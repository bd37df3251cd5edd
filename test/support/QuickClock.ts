import { Clock, Duration, Effect, Layer } from "effect"

/**
 * A clock that goes so many times as fast as the real one: waits are as they would be beside one another, and short. What a
 * request really takes counts as many times as much, so time-outs have to leave room for it.
 */
export const layer = (factor: number): Layer.Layer<never> =>
  Layer.effect(
    Clock.Clock,
    Effect.map(Clock.Clock, (real): Clock.Clock => {
      const start = real.currentTimeMillisUnsafe()
      const begun = real.monotonicTimeNanosUnsafe()
      const millis = () => start + Number(real.monotonicTimeNanosUnsafe() - begun) / 1e6 * factor
      const nanos = () => BigInt(Math.round(millis())) * 1_000_000n
      return {
        currentTimeMillisUnsafe: () => Math.floor(millis()),
        currentTimeMillis: Effect.sync(() => Math.floor(millis())),
        currentTimeNanosUnsafe: nanos,
        currentTimeNanos: Effect.sync(nanos),
        monotonicTimeNanosUnsafe: nanos,
        monotonicTimeNanos: Effect.sync(nanos),
        sleep: (duration) => real.sleep(Duration.millis(Duration.toMillis(duration) / factor))
      }
    })
  )
