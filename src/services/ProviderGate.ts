import { Context, type DateTime, type Effect, type Option } from "effect"
import type { Provider } from "../domain/Provider.ts"
import type { ProviderError } from "../domain/ProviderError.ts"

/**
 * What a provider's `Retry-After` closes, for every call to that provider and across restarts. Its realisation, over the
 * store, is `store/ProviderGates.ts`.
 */
export class ProviderGate extends Context.Service<ProviderGate, {
  /** Waits while the gate is shut for a short time (a minute); fails with `RateLimited` when it is shut for longer. */
  readonly pass: (provider: Provider, operation: string) => Effect.Effect<void, ProviderError>
  /** Shuts the gate until the instant, unless it is shut for longer already. */
  readonly shut: (provider: Provider, until: DateTime.Utc) => Effect.Effect<void>
  /** Until when the gate is shut. */
  readonly shutUntil: (provider: Provider) => Effect.Effect<Option.Option<DateTime.Utc>>
}>()("glider/services/ProviderGate") {}
