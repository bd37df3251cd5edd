import { Context, type Effect, type Redacted } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { ProviderProfile } from "./ProviderProfile.ts"

/** Spotify's Web API, as far as a listening history needs it. */
export class Spotify extends Context.Service<Spotify, {
  /** Who the token belongs to: asked once, at the sign-in. */
  readonly profile: (token: Redacted.Redacted<string>) => Effect.Effect<ProviderProfile, ProviderError>
  /**
   * The plays within reach, as sent, newest first: at most the last 50, more does not exist. One request, always the
   * whole window, since plays made offline surface late with an old `played_at`.
   */
  readonly recentlyPlayed: (connection: ConnectionId) => Effect.Effect<ReadonlyArray<unknown>, ProviderError>
}>()("glider/services/Spotify") {}
