import { Schema } from "effect"

/** What has a circuit breaker: each provider, and the language model. */
export const BreakerName = Schema.Literals(["google", "spotify", "oura", "ai"])
export type BreakerName = typeof BreakerName.Type

/** How a circuit breaker stands. */
export class Breaker extends Schema.Class<Breaker>("glider/Breaker")({
  name: BreakerName,
  /** `open`: calls fail at once. `half_open`: the next call tries whether it is over, and the others fail until that is known. */
  state: Schema.Literals(["closed", "open", "half_open"]),
  /** How many calls in a row have failed. */
  failures: Schema.Natural,
  /** Since when it has not been closed. */
  openedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** When the next call is let through. */
  retryAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
}) {}
