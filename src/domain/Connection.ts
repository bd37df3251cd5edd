import { Effect, Option, Schema } from "effect"
import { Provider } from "./Provider.ts"

/** `<provider>:<the provider's user id>`: what every record, cursor and token belongs to. */
export const ConnectionId = Schema.NonEmptyString.pipe(Schema.brand("glider/ConnectionId"))
export type ConnectionId = typeof ConnectionId.Type

/** The natural key of a signed-in account. */
export const connectionId = (provider: Provider, userId: string): ConnectionId =>
  ConnectionId.make(`${provider}:${userId}`)

/** Whose account it is: the first part of the id. */
export const isOf = (id: ConnectionId, provider: Provider): boolean => id.startsWith(`${provider}:`)

const isName = (text: string): boolean =>
  text.length <= 32 && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) && !Provider.literals.some((name) => name === text)

/** What a further account of a provider is called: `[connection.<name>]`, `glider auth google --connection <name>`. */
export const ConnectionName = Schema.String.check(
  Schema.makeFilter(isName, {
    expected: "a name of at most 32 small letters, digits and single _ between them, which is no provider's",
    toJsonSchema: () => ({ pattern: "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", maxLength: 32 })
  })
).pipe(Schema.brand("glider/ConnectionName"))
export type ConnectionName = typeof ConnectionName.Type

/** `needs_auth` waits for a person to sign in again; nothing is deleted meanwhile. */
export const ConnectionState = Schema.Literals(["connected", "needs_auth", "revoked"])
export type ConnectionState = typeof ConnectionState.Type

/** One signed-in account at a provider, without its secrets. */
export class Connection extends Schema.Class<Connection>("glider/Connection")({
  id: ConnectionId,
  provider: Provider,
  userId: Schema.NonEmptyString,
  /** What it is called; none for the account that `[sync.*]` reads, the first of its provider. */
  name: Schema.OptionFromOptionalNullOr(ConnectionName, { onNoneEncoding: null }).pipe(
    Schema.withConstructorDefault(Effect.succeedNone)
  ),
  state: ConnectionState,
  scopes: Schema.Array(Schema.String),
  connectedAt: Schema.DateTimeUtcFromString,
  /** When the access token ends. */
  expiresAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  refreshedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Why the connection needs a new sign-in, and the command that mends it. */
  problem: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Whether a person means it: by its name, by its provider for the first account, or by its id. */
export const isCalled = ({ id, name, provider, state }: Connection, text: string): boolean =>
  id === text || (state !== "revoked" && Option.getOrElse(name, () => provider) === text)
