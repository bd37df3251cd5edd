/** Providers that ask for patience, or are left alone since they fail: a sync of any account there would only fail, too. */
import { DateTime, Effect, Option } from "effect"
import { Provider } from "../domain/Provider.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { ProviderGate } from "../services/ProviderGate.ts"

export const hinderedProviders = Effect.gen(function*() {
  const breakers = yield* CircuitBreakers
  const gate = yield* ProviderGate
  return Effect.gen(function*() {
    const now = yield* DateTime.now
    // after that somebody has to try whether it works again
    const broken = new Set(
      (yield* breakers.all).filter(({ retryAt }) => Option.exists(retryAt, DateTime.isGreaterThan(now))).map((
        { name }
      ) => name)
    )
    const away = yield* Effect.filter(
      Provider.literals,
      (provider) => broken.has(provider) ? Effect.succeed(true) : Effect.map(gate.shutUntil(provider), Option.isSome)
    )
    return new Set<Provider>(away)
  })
})
