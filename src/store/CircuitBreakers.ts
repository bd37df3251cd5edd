import { Cause, Clock, DateTime, Duration, Effect, Exit, Latch, Layer, Option, Schema, Semaphore } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { Breaker, BreakerName } from "../domain/Breaker.ts"
import { providerTitle } from "../domain/Provider.ts"
import { CircuitOpen } from "../domain/ProviderError.ts"
import * as Series from "../Series.ts"
import { CircuitBreakers, type Verdict } from "../services/CircuitBreakers.ts"
import { Surreal } from "../services/Surreal.ts"
import { Key, OptionalInstant, recordId } from "../services/SurrealValue.ts"
import { type Circuit, closed, stateOf, storeOf } from "./Circuits.ts"

/** So many failed calls in a row open a breaker, */
const failuresInARow = 5
/** for so long. */
const openFor = Duration.minutes(1)
/** Those who come while a call tries whether it is over wait so long for what it finds, and are to come back after as long again. */
const probeTakes = Duration.seconds(5)

const seeds = BreakerName.literals.map((connector) => ({ connector }))

const states = Series.gauge("circuit_breaker_state", {
  description: "0 closed, 1 half open, 2 open until a call tries again; of a provider, or of the language model (ai)",
  labels: ["connector"],
  seeds
})

const failuresTotal = Series.counter("circuit_breaker_failures_total", {
  description: "Failed calls that a circuit breaker counted",
  labels: ["connector"],
  seeds
})

const gaugeOf = { Closed: 0, HalfOpen: 1, Open: 2 } as const
const shown = { Closed: "closed", HalfOpen: "half_open", Open: "open" } as const

const titleOf = (name: BreakerName): string => name === "ai" ? "the language model" : providerTitle[name]

const isName = Schema.is(BreakerName)

const outcomes = {
  "out of order": CircuitBreaker.failure(),
  works: CircuitBreaker.success,
  nothing: CircuitBreaker.ignored
} as const satisfies Record<Verdict, CircuitBreaker.Outcome>

/**
 * The breakers, in memory and in `circuit_breaker`: what one process has met holds in the next. They are read from the store
 * once. A store that fails costs no call: they then hold for this process alone, and it says so.
 */
export const layer: Layer.Layer<CircuitBreakers, never, Surreal> = Layer.effect(
  CircuitBreakers,
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const circuits = new Map<string, Circuit>()
    const loading = yield* Semaphore.make(1)
    const writing = yield* Semaphore.make(1)
    /** Those who wait for what a call finds that tries whether it is over. */
    const waiting = new Map<string, Latch.Latch>()
    const waitingFor = (name: string): Latch.Latch => {
      const latch = waiting.get(name) ?? Latch.makeUnsafe()
      waiting.set(name, latch)
      return latch
    }
    let isLoaded = false

    const show = (name: string, circuit: Circuit, now: number) =>
      states.update({ connector: name }, gaugeOf[stateOf(circuit, now)])

    /** What an earlier process has left, unless this one has met something since. */
    const load = Effect.suspend(() => isLoaded ? Effect.void : loading.withPermits(1)(read)).pipe(
      Effect.catch((error) => Effect.logWarning("cannot read how the circuit breakers stood", error))
    )
    const read = Effect.gen(function*() {
      if (isLoaded) return
      const rows = yield* surreal.query(Stored, "SELECT * FROM circuit_breaker")
      isLoaded = true
      const now = yield* Clock.currentTimeMillis
      for (const { failures, id: [name], opened_at, retry_at } of rows) {
        if (!isName(name) || circuits.has(name)) continue
        const circuit: Circuit = {
          ...closed,
          failures,
          openedAt: Option.getOrUndefined(Option.map(opened_at, DateTime.toEpochMillis)),
          retryAt: Option.getOrUndefined(Option.map(retry_at, DateTime.toEpochMillis))
        }
        circuits.set(name, circuit)
        yield* show(name, circuit, now)
      }
    })

    const keep = (name: string) =>
      Effect.suspend(() => {
        const { failures, openedAt, retryAt } = circuits.get(name) ?? closed
        return surreal.execute("UPSERT $breaker SET failures = $failures, opened_at = $openedAt, retry_at = $retryAt", {
          breaker: recordId("circuit_breaker", [name]),
          failures,
          openedAt: openedAt === undefined ? undefined : DateTime.makeUnsafe(openedAt),
          retryAt: retryAt === undefined ? undefined : DateTime.makeUnsafe(retryAt)
        })
      }).pipe(
        writing.withPermits(1), // the last write is of the last state
        Effect.catch((error) => Effect.logWarning("cannot store how a circuit breaker stands", error)),
        Effect.uninterruptible
      )

    const said = Effect.fnUntraced(function*(transition: CircuitBreaker.Transition, { failures, retryAt }: Circuit) {
      const { from, key, to } = transition
      yield* states.update({ connector: key }, gaugeOf[to])
      if (to === "HalfOpen" || !isName(key)) return
      if (to === "Closed") return yield* Effect.logInfo(`${titleOf(key)} works again`)
      const until = DateTime.formatIso(DateTime.makeUnsafe(retryAt ?? 0))
      yield* Effect.logWithLevel(from === "Closed" ? "Warn" : "Debug")(
        `${titleOf(key)} is left alone until ${until}: ${failures} calls in a row have failed`
      )
    })

    const probed = (key: string) => Effect.asVoid(waitingFor(key).release)
    const failed = (key: string) => failuresTotal.update({ connector: key }, 1)
    const store = storeOf({ ready: load, circuits, keep, failed, moved: said, probed })
    const breaker = yield* CircuitBreaker.make({
      tripPolicy: CircuitBreaker.consecutive(failuresInARow),
      openDuration: openFor
    }).pipe(Effect.provideService(CircuitBreaker.CircuitBreakerStore, store))

    const rejected = Effect.fnUntraced(function*({ reason }: CircuitBreaker.CircuitBreakerError) {
      if (reason._tag === "CircuitBreakerStoreError") return yield* Effect.die(reason) // the store keeps what fails to itself
      const now = yield* DateTime.now
      const wait = reason._tag === "CircuitOpen" ? reason.retryAfter : probeTakes
      return yield* new CircuitOpen({ retryAt: DateTime.addDuration(now, wait) })
    })

    const classify = <A, E>(ended: Exit.Exit<Exit.Exit<A, E>>, verdict: (error: E) => Verdict) => {
      if (Exit.isFailure(ended)) return CircuitBreaker.ignored
      if (Exit.isSuccess(ended.value)) return CircuitBreaker.success
      return Option.match(Cause.findErrorOption(ended.value.cause), {
        onNone: () => CircuitBreaker.ignored,
        onSome: (error) => outcomes[verdict(error)]
      })
    }

    /** Tries again when the call that tries whether it is over has ended: it may have closed the breaker, or said nothing. */
    const insist = <A, R>(
      name: BreakerName,
      attempt: Effect.Effect<A, CircuitBreaker.CircuitBreakerError, R>,
      until: number
    ): Effect.Effect<A, CircuitBreaker.CircuitBreakerError, R> =>
      Effect.catchIf(attempt, ({ reason }) => reason._tag === "CircuitHalfOpen", (error) =>
        Effect.gen(function*() {
          const left = until - (yield* Clock.currentTimeMillis)
          if (left <= 0) return yield* error
          yield* Effect.timeoutOption(waitingFor(name).await, left)
          return yield* insist(name, attempt, until)
        }))

    const protect: CircuitBreakers["Service"]["protect"] = (name, verdict) => (call) => {
      // as an exit, so that what the call fails with is told from what the breaker does
      const attempt = breaker.execute(Effect.exit(call), { key: name, classify: (ended) => classify(ended, verdict) })
      return Clock.currentTimeMillis.pipe(
        Effect.flatMap((now) => insist(name, attempt, now + Duration.toMillis(probeTakes))),
        Effect.catchTag("CircuitBreakerError", rejected),
        Effect.flatten
      )
    }

    const one = (name: BreakerName) =>
      Effect.map(Effect.andThen(load, Clock.currentTimeMillis), (now) => {
        const circuit = circuits.get(name) ?? closed
        return new Breaker({
          name,
          state: shown[stateOf(circuit, now)],
          failures: circuit.failures,
          openedAt: Option.map(Option.fromUndefinedOr(circuit.openedAt), (at) => DateTime.makeUnsafe(at)),
          retryAt: Option.map(Option.fromUndefinedOr(circuit.retryAt), (at) => DateTime.makeUnsafe(at))
        })
      })

    const all = Effect.forEach(BreakerName.literals, one)

    const reset = Effect.fn("CircuitBreakers.reset")(function*(name: BreakerName) {
      yield* load
      const { generation, retryAt } = circuits.get(name) ?? closed
      circuits.set(name, { ...closed, generation: generation + 1 })
      yield* probed(name)
      yield* keep(name)
      yield* states.update({ connector: name }, gaugeOf.Closed)
      if (retryAt !== undefined) yield* Effect.logInfo(`${titleOf(name)} is asked again, as a person wants it`)
      return yield* one(name)
    })

    return CircuitBreakers.of({ protect, all, reset })
  })
)

const Stored = Schema.Array(Schema.Struct({
  id: Key,
  failures: Schema.Natural,
  opened_at: OptionalInstant,
  retry_at: OptionalInstant
}))
