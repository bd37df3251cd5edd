/** When a delivery that failed is tried again: the schedule of Standard Webhooks. */
import { Duration, Effect, Option, Random } from "effect"

/** How long before each try, after the one before it has failed. */
export const waits: ReadonlyArray<Duration.Duration> = [
  Duration.zero,
  Duration.seconds(5),
  Duration.minutes(5),
  Duration.minutes(30),
  Duration.hours(2),
  Duration.hours(5),
  Duration.hours(10),
  Duration.hours(14),
  Duration.hours(20),
  Duration.hours(24)
]

/** A wait is up to this share longer, so that what failed together does not come together. */
const jitter = 0.1

/**
 * How long after its so-manieth try has failed a delivery waits, in milliseconds; none when that was the last one. What a receiver asks for
 * makes it longer, never shorter.
 */
export const waitAfter = (tries: number, asked: number): Effect.Effect<Option.Option<number>> => {
  const wait = waits[tries]
  return wait === undefined
    ? Effect.succeedNone
    : Effect.map(
      Random.next,
      (random) => Option.some(Math.ceil(Math.max(asked, Duration.toMillis(wait) * (1 + jitter * random))))
    )
}
