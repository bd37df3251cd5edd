/** The circuits behind the circuit breakers, in memory; what the next process is to know is kept elsewhere. */
import { Clock, Duration, Effect } from "effect"
import { CircuitBreaker } from "effect/persistence"

/** What is known of one. */
export interface Circuit {
  /** How many calls in a row have failed. */
  readonly failures: number
  /** Since when it has not been closed, in epoch milliseconds. */
  readonly openedAt: number | undefined
  /** When the next call is let through; closed without it. */
  readonly retryAt: number | undefined
  /** Whether a call is trying whether it is over. */
  readonly isProbing: boolean
  /** The number of those calls that an outcome counts for: what was begun before a change of state says nothing any more. */
  readonly generation: number
  /** How often it has opened since it was closed for as long as it had been open. */
  readonly openings: number
  /** From when on a circuit that is closed forgets its openings. */
  readonly forgetsAt: number
  readonly lastOpenFor: number
}

export const closed: Circuit = {
  failures: 0,
  openedAt: undefined,
  retryAt: undefined,
  isProbing: false,
  generation: 0,
  openings: 0,
  forgetsAt: 0,
  lastOpenFor: 0
}

type State = CircuitBreaker.State["_tag"]

/** `HalfOpen` from the instant on at which a call is let through, whether or not there has been one. */
export const stateOf = ({ retryAt }: Circuit, now: number): State =>
  retryAt === undefined ? "Closed" : now < retryAt ? "Open" : "HalfOpen"

/** Where circuits are; none of this may fail. */
export interface Keeping {
  /** Waits until `circuits` holds what an earlier process has left. */
  readonly ready: Effect.Effect<void>
  readonly circuits: Map<string, Circuit>
  /** Keeps one as it is now where the next process will read it. */
  readonly keep: (key: string) => Effect.Effect<void>
  /** Told of each failure that counted. */
  readonly failed: (key: string) => Effect.Effect<void>
  /** Told of what a call has changed, with the circuit of which it is said. */
  readonly moved: (transition: CircuitBreaker.Transition, circuit: Circuit) => Effect.Effect<void>
  /** Told when a call that tried whether it is over has ended, however. */
  readonly probed: (key: string) => Effect.Effect<void>
}

const refused = (reason: CircuitBreaker.CircuitBreakerErrorReason) =>
  Effect.fail(new CircuitBreaker.CircuitBreakerError({ reason }))

/** The store of Effect's circuit breaker, for breakers that count failures in a row. A circuit is read and changed in one go. */
export const storeOf = (
  { circuits, failed, keep, moved, probed, ready }: Keeping
): CircuitBreaker.CircuitBreakerStore["Service"] => {
  const now = Effect.andThen(ready, Clock.currentTimeMillis)
  const get = (key: string): Circuit => circuits.get(key) ?? closed

  const admit = Effect.fnUntraced(function*(key: string) {
    const at = yield* now
    const circuit = get(key)
    const { generation, openings, retryAt = at } = circuit
    switch (stateOf(circuit, at)) {
      case "Closed": {
        const left = at >= circuit.forgetsAt ? 0 : openings
        if (left !== openings) circuits.set(key, { ...circuit, openings: left })
        return { generation, probe: false, consecutiveOpenings: left, transition: undefined }
      }
      case "Open":
        return yield* refused(new CircuitBreaker.CircuitOpen({ key, retryAfter: Duration.millis(retryAt - at) }))
      case "HalfOpen": {
        if (circuit.isProbing) return yield* refused(new CircuitBreaker.CircuitHalfOpen({ key }))
        const probing: Circuit = { ...circuit, isProbing: true, generation: generation + 1 }
        circuits.set(key, probing)
        const transition = { key, from: "Open", to: "HalfOpen" } as const
        yield* moved(transition, probing)
        return { generation: probing.generation, probe: true, consecutiveOpenings: openings, transition }
      }
    }
  })

  /** What a call has come to: the circuit as it is then, and whether it has changed sides. */
  const after = (
    circuit: Circuit,
    outcome: "Success" | "Failure" | "Ignored",
    most: number,
    openFor: number,
    at: number
  ): { readonly next: Circuit; readonly to?: "Open" | "Closed" } => {
    const { generation, isProbing, lastOpenFor, openings } = circuit
    const failures = outcome === "Failure" ? circuit.failures + 1 : circuit.failures
    if (outcome === "Failure" && (isProbing || failures >= most)) {
      const next: Circuit = {
        ...circuit,
        failures,
        openedAt: circuit.openedAt ?? at,
        retryAt: at + openFor,
        isProbing: false,
        generation: generation + 1,
        openings: openings + 1,
        lastOpenFor: openFor
      }
      return { next, to: "Open" }
    }
    if (!isProbing) return { next: { ...circuit, failures: outcome === "Success" ? 0 : failures } }
    return outcome === "Success"
      ? { next: { ...closed, generation: generation + 1, openings, forgetsAt: at + lastOpenFor }, to: "Closed" }
      : { next: { ...circuit, isProbing: false, generation: generation + 1 } }
  }

  const record: CircuitBreaker.CircuitBreakerStore["Service"]["record"] = Effect.fnUntraced(
    function*(
      { generation, key, openFor, outcome, tripPolicy }
    ): Effect.fn.Return<CircuitBreaker.Transition | undefined> {
      if (tripPolicy._tag === "Rate") return yield* Effect.die(new Error("circuits count failures in a row alone"))
      const at = yield* now
      const circuit = get(key)
      if (circuit.generation !== generation) return undefined
      const { next, to } = after(circuit, outcome, tripPolicy.failures, Duration.toMillis(openFor), at)
      circuits.set(key, next)
      if (circuit.isProbing) yield* probed(key)
      if (outcome === "Failure") yield* failed(key)
      if (to !== undefined || next.failures !== circuit.failures) yield* keep(key)
      if (to === undefined) return undefined
      const transition: CircuitBreaker.Transition = to === "Closed" ? { key, from: "HalfOpen", to } : {
        key,
        from: circuit.isProbing ? "HalfOpen" : "Closed",
        to,
        retryAfter: openFor,
        consecutiveOpenings: next.openings
      }
      yield* moved(transition, next)
      return transition
    }
  )

  const state = Effect.fnUntraced(function*(key: string): Effect.fn.Return<CircuitBreaker.State> {
    const at = yield* now
    const circuit = get(key)
    const { isProbing, openings: consecutiveOpenings, retryAt = at } = circuit
    switch (stateOf(circuit, at)) {
      case "Closed":
        return { _tag: "Closed", key }
      case "Open":
        return { _tag: "Open", key, retryAfter: Duration.millis(retryAt - at), consecutiveOpenings }
      case "HalfOpen":
        return { _tag: "HalfOpen", key, probing: isProbing, consecutiveOpenings }
    }
  })

  return { admit, record, state }
}
