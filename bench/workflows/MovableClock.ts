import { Clock, Duration, Effect, Latch, Layer } from "effect"

/** A clock that goes as the machine's, and can be moved on: whoever sleeps until then wakes at once. */
export const make = () => {
  let offset = 0
  let moved = Latch.makeUnsafe(false)
  const moveOn = (duration: Duration.Input) =>
    Effect.sync(() => {
      offset += Duration.toMillis(Duration.fromInputUnsafe(duration))
      moved.openUnsafe()
      moved = Latch.makeUnsafe(false)
    })
  const layer = Layer.effect(
    Clock.Clock,
    Effect.gen(function*() {
      const real = yield* Clock.Clock
      const millis = () => real.currentTimeMillisUnsafe() + offset
      const nanos = () => BigInt(Math.round(millis())) * 1_000_000n
      const sleepUntil = (due: number): Effect.Effect<void> =>
        Effect.suspend(() => {
          const left = due - millis()
          if (left <= 0) return Effect.void
          return Effect.andThen(
            Effect.raceFirst(real.sleep(Duration.millis(left)), moved.await),
            sleepUntil(due)
          )
        })
      return {
        sleep: (duration: Duration.Duration) =>
          Effect.suspend(() => sleepUntil(millis() + Duration.toMillis(duration))),
        monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: real.monotonicTimeNanos,
        currentTimeMillisUnsafe: millis,
        currentTimeMillis: Effect.sync(millis),
        currentTimeNanosUnsafe: nanos,
        currentTimeNanos: Effect.sync(nanos)
      }
    })
  )
  return { layer, moveOn }
}
