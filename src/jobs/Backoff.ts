/** How long a job that has failed is left alone before it is tried again. */
import { Duration, Effect, Random } from "effect"

const leastSeconds = 2
const mostSeconds = 300

/** After so many tries, without jitter: 2, 4, 8, … s, at most 300. */
export const plainBackoff = (attempts: number): Duration.Duration =>
  Duration.seconds(Math.min(mostSeconds, Math.max(leastSeconds, 2 ** attempts)))

/** The same, ± 20 %: what failed together does not come back together. */
export const backoff = (attempts: number): Effect.Effect<Duration.Duration> =>
  Effect.map(
    Random.nextBetween(0.8, 1.2),
    (factor) => Duration.millis(Math.round(Duration.toMillis(plainBackoff(attempts)) * factor))
  )
