import { Schema } from "effect"
import { Provider } from "./Provider.ts"

/** `<provider>:<the provider's user id>`: what every record, cursor and token belongs to. */
export const ConnectionId = Schema.NonEmptyString.pipe(Schema.brand("glider/ConnectionId"))
export type ConnectionId = typeof ConnectionId.Type

/** The natural key of a signed-in account. */
export const connectionId = (provider: Provider, userId: string): ConnectionId =>
  ConnectionId.make(`${provider}:${userId}`)

/** `needs_auth` waits for a person to sign in again; nothing is deleted meanwhile. */
export const ConnectionState = Schema.Literals(["connected", "needs_auth", "revoked"])
export type ConnectionState = typeof ConnectionState.Type

/** One signed-in account at a provider, without its secrets. */
export class Connection extends Schema.Class<Connection>("glider/Connection")({
  id: ConnectionId,
  provider: Provider,
  userId: Schema.NonEmptyString,
  state: ConnectionState,
  scopes: Schema.Array(Schema.String),
  connectedAt: Schema.DateTimeUtcFromString,
  /** When the access token ends. */
  expiresAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  refreshedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Why the connection needs a new sign-in, and the command that mends it. */
  problem: Schema.OptionFromNullOr(Schema.String)
}) {}
