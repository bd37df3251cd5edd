/**
 * Stand-ins for Spotify, Google Calendar and Oura, OAuth included, on one loopback HTTP server: for `glider run --demo`,
 * `glider sandbox` and the tests. They behave as the real ones are documented and recorded to behave, hold a believable
 * year of data, have a clock of their own, and can be made to fail in every way the real ones do.
 *
 * Everything they serve is a function of the seed, the mutations made and the instant of the sandbox's clock: what is
 * visible is what would exist at that instant. Times are RFC 3339 text with an offset where they go into a record, and
 * `DateTime` where they speak of the sandbox itself.
 */
import { Context, type DateTime, Effect, Layer } from "effect"
import type { HttpServerError } from "effect/http"
import type * as Contract from "./Contract.ts"
import type { Provider } from "./FaultRules.ts"

/** A running sandbox. */
export class Sandbox extends Context.Service<Sandbox, {
  /** The origin, `http://127.0.0.1:<port>`. */
  readonly url: string
  /** The provider addresses for `config.toml`. */
  readonly providerAddresses: Contract.ProviderAddresses
  /** The OAuth clients that are accepted. */
  readonly credentials: { readonly [P in Provider]: Contract.ClientCredentials }
  /** The year that the world holds before its clock goes on. */
  readonly year: { readonly start: DateTime.Utc; readonly end: DateTime.Utc; readonly timeZone: string }
  /** The sandbox's own clock. */
  readonly clock: Contract.SandboxClock
  /** Tokens and consent. */
  readonly tokens: Contract.SandboxTokens
  /** Changes to the plays. */
  readonly listening: Contract.SandboxListening
  /** Changes to the calendars. */
  readonly calendar: Contract.SandboxCalendar
  /** Changes to the ring's records. */
  readonly ring: Contract.SandboxRing
  /** The fault switches. */
  readonly faults: Contract.SandboxFaults
  /** What would be served now. */
  readonly truth: Contract.SandboxTruth
  /** Every request so far, oldest first (the last 50,000). */
  readonly requests: Effect.Effect<ReadonlyArray<Contract.LoggedRequest>>
}>()("glider/sandbox/Sandbox") {
  /** Starts the server on 127.0.0.1 and stops it with the scope, cutting what is still open. */
  static readonly layer = (_options: Contract.SandboxOptions = {}): Layer.Layer<Sandbox, HttpServerError.ServeError> =>
    Layer.effect(Sandbox, Effect.die("the sandbox is not built yet"))
}
