import { Context, type Effect } from "effect"
import type { Breaker, BreakerName } from "../domain/Breaker.ts"
import type { CircuitOpen } from "../domain/ProviderError.ts"

/**
 * What a failed call says of the other side: that it is out of order, that it works (it has answered, and be it with a refusal),
 * or nothing.
 */
export type Verdict = "out of order" | "works" | "nothing"

/**
 * Circuit breakers: after five failed calls in a row no call is made for a minute, then one tries whether it is over. They hold
 * across restarts. Their realisation, over the store, is `store/CircuitBreakers.ts`.
 */
export class CircuitBreakers extends Context.Service<CircuitBreakers, {
  /**
   * Makes a call with all its repetitions, which count as one; or fails with `CircuitOpen` at once. A defect and an interruption
   * say nothing of the other side.
   */
  readonly protect: <E>(
    name: BreakerName,
    verdict: (error: E) => Verdict
  ) => <A, R>(call: Effect.Effect<A, E, R>) => Effect.Effect<A, E | CircuitOpen, R>
  readonly all: Effect.Effect<ReadonlyArray<Breaker>>
  /** Closes it, for a person who knows that the other side works again. */
  readonly reset: (name: BreakerName) => Effect.Effect<Breaker>
}>()("glider/services/CircuitBreakers") {}
