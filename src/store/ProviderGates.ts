import { Clock, DateTime, Duration, Effect, HashMap, Layer, Option, Ref, Schema, Semaphore } from "effect"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { ProviderError, RateLimited } from "../domain/ProviderError.ts"
import { LongestWait } from "../RetryPolicy.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import { Surreal } from "../services/Surreal.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"

/**
 * The gates, in memory and in `provider_gate`: what one process was told to wait for holds in the next. A gate is read
 * from the store once. A store that fails costs no call: the gate then holds for this process alone, and says so.
 */
export const layer: Layer.Layer<ProviderGate, never, Surreal> = Layer.effect(
  ProviderGate,
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const known = yield* Ref.make(HashMap.empty<Provider, number>())
    const loading = yield* Semaphore.make(1)

    /** Until when the gate is shut, in milliseconds; 0 when it never was. */
    const load = (provider: Provider) =>
      Effect.gen(function*() {
        const gates = yield* Ref.get(known)
        const cached = HashMap.get(gates, provider)
        if (Option.isSome(cached)) return cached.value
        const rows = yield* surreal.query(Stored, "SELECT VALUE shut_until FROM $gate", { gate: gateOf(provider) })
        const until = rows[0] === undefined ? 0 : DateTime.toEpochMillis(rows[0])
        yield* Ref.update(known, HashMap.set(provider, until))
        return until
      }).pipe(
        loading.withPermits(1),
        Effect.catch((error) =>
          Effect.as(
            Effect.logWarning(`cannot read until when ${providerTitle[provider]} is to be left alone`, error),
            0
          )
        )
      )

    const remaining = (provider: Provider) =>
      Effect.zipWith(load(provider), Clock.currentTimeMillis, (until, now) => ({ until, wait: until - now }))

    const pass = Effect.fn("ProviderGate.pass")(function*(provider: Provider, operation: string) {
      for (;;) {
        const { until, wait } = yield* remaining(provider)
        if (wait <= 0) return
        if (wait > Duration.toMillis(yield* LongestWait)) {
          const retryAt = Option.some(DateTime.makeUnsafe(until))
          return yield* new ProviderError({ provider, operation, reason: new RateLimited({ retryAt }) })
        }
        yield* Effect.sleep(Duration.millis(wait))
      }
    })

    const shut = Effect.fn("ProviderGate.shut")(function*(provider: Provider, until: DateTime.Utc) {
      yield* load(provider)
      yield* Effect.uninterruptible(extendTo(provider, until)) // what memory knows, the next process must know too
    })

    const extendTo = Effect.fnUntraced(function*(provider: Provider, until: DateTime.Utc) {
      const after = DateTime.toEpochMillis(until)
      const longer = yield* Ref.modify(known, (gates) => {
        const before = Option.getOrElse(HashMap.get(gates, provider), () => 0)
        return [after > before, HashMap.set(gates, provider, Math.max(before, after))]
      })
      if (!longer) return
      const title = providerTitle[provider]
      const long = after - (yield* Clock.currentTimeMillis) > Duration.toMillis(yield* LongestWait)
      yield* Effect.logWithLevel(long ? "Warn" : "Debug")(
        `${title} asks for no calls until ${DateTime.formatIso(until)}`
      )
      yield* surreal.execute(extend, { gate: gateOf(provider), until }).pipe(
        Effect.catch((error) => Effect.logWarning(`cannot store until when ${title} is to be left alone`, error))
      )
    })

    const shutUntil = Effect.fn("ProviderGate.shutUntil")(function*(provider: Provider) {
      const { until, wait } = yield* remaining(provider)
      return wait > 0 ? Option.some(DateTime.makeUnsafe(until)) : Option.none()
    })

    return ProviderGate.of({ pass, shut, shutUntil })
  })
)

const gateOf = (provider: Provider) => recordId("provider_gate", [provider])

const extend = "UPSERT $gate SET shut_until = IF shut_until > $until { shut_until } ELSE { $until }"

const Stored = Schema.Array(Instant)
