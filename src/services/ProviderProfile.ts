import type { Option } from "effect"

/** Who signed in, as the provider tells it. */
export interface ProviderProfile {
  /** The provider's user id: with the provider's name, the natural key of the connection. */
  readonly id: string
  readonly displayName: Option.Option<string>
}
