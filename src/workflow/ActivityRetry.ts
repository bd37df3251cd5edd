/** When an activity that failed is tried again. */
import { Duration, Option } from "effect"
import * as StableHash from "../domain/StableHash.ts"

/** The share by which a wait is shortened or lengthened, so that runs that failed together do not come back together. */
const jitter = 0.2

/** Named as at Temporal. */
export interface ActivityRetry<E> {
  /** The wait after the first attempt. */
  readonly initialInterval: Duration.Input
  /** By what each wait is longer than the one before; 2 unless said otherwise. */
  readonly backoffCoefficient?: number | undefined
  /** No wait is longer, unless `retryAfter` asks for it. */
  readonly maximumInterval: Duration.Input
  /** With the first one: 1 means no retry. */
  readonly maximumAttempts: number
  /** Errors that another attempt would not mend. */
  readonly nonRetryable?: ((error: E) => boolean) | undefined
  /** The wait that the other side asked for; it holds where it is longer than the one computed. */
  readonly retryAfter?: ((error: E) => Option.Option<Duration.Duration>) | undefined
}

/**
 * The wait after an attempt that failed: `initialInterval × backoffCoefficient ^ (attempt − 1)`, ±20 %, and at most
 * `maximumInterval`; none when it was the last one.
 *
 * The jitter is drawn from `seed` (the run and the activity) and the attempt, so a replay computes the same wait. What
 * it would add above the maximum it takes away instead, so the longest waits are spread as well.
 */
export const waitAfter = <E>(
  policy: ActivityRetry<E>,
  error: E,
  attempt: number,
  seed: string
): Option.Option<Duration.Duration> => {
  if (attempt >= policy.maximumAttempts || policy.nonRetryable?.(error) === true) return Option.none()
  const maximum = Duration.toMillis(policy.maximumInterval)
  const backoff = Duration.toMillis(policy.initialInterval) * (policy.backoffCoefficient ?? 2) ** (attempt - 1)
  const spread = 1 - jitter + 2 * jitter * StableHash.fraction(`${seed}/${attempt}`)
  const millis = Math.min(backoff, maximum) * spread
  const computed = Duration.millis(Math.round(Math.min(millis, 2 * maximum - millis)))
  const asked = policy.retryAfter?.(error) ?? Option.none()
  return Option.some(Option.match(asked, { onNone: () => computed, onSome: (asked) => Duration.max(asked, computed) }))
}
