import { Context, type Effect, type Redacted } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"

/** Good access tokens, refreshed when due. Its realisation, over the store, is `accounts/TokenKeeper.ts`. */
export class AccessTokens extends Context.Service<AccessTokens, {
  /** A token with at least a minute to live. Fails with `NeedsAuth` when only a person can help. */
  readonly get: (connection: ConnectionId) => Effect.Effect<Redacted.Redacted<string>, ProviderError>
  /**
   * For an answer of 401: a token other than `refused`. Refreshes at most once for all who were refused with the same
   * token.
   */
  readonly renew: (
    connection: ConnectionId,
    refused: Redacted.Redacted<string>
  ) => Effect.Effect<Redacted.Redacted<string>, ProviderError>
}>()("glider/services/AccessTokens") {}
