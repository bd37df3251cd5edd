import { Effect, Option, Schema } from "effect"
import { Connection, ConnectionName } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import type { StoredConnection } from "../store/Connections.ts"

/** How a provider's account stands. */
export class AccountStatus extends Schema.Class<AccountStatus>("glider/AccountStatus")({
  provider: Provider,
  /** What it is called; none for the first account of its provider. */
  name: Schema.OptionFromNullOr(ConnectionName).pipe(Schema.withConstructorDefault(Effect.succeedNone)),
  /** None when never connected; the last one when revoked. */
  connection: Schema.OptionFromNullOr(Connection),
  /** When the sign-in itself ends (six months at Spotify, seven days for Google apps in testing), where known. */
  signInEndsAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Permissions that a sync would use and that were not granted. */
  missingScopes: Schema.Array(Schema.String),
  /** The command that mends it, when something is to be mended. */
  fix: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Oura's contract calls the scope `spo2` by another name than its documentation. */
export const missing = (wanted: ReadonlyArray<string>, granted: ReadonlyArray<string>): ReadonlyArray<string> =>
  wanted.filter((scope) => !granted.includes(scope) && !(scope === "spo2" && granted.includes("spo2Daily")))

/** As the last row of the account says. */
export const statusOf = (
  { name, provider }: { readonly provider: Provider; readonly name: Option.Option<ConnectionName> },
  wanted: ReadonlyArray<string>,
  row: Option.Option<StoredConnection>
): AccountStatus => {
  const connection = Option.map(row, ({ connection }) => connection)
  const living = Option.filter(connection, ({ state }) => state !== "revoked")
  const missingScopes = Option.match(living, { onNone: () => [], onSome: (found) => missing(wanted, found.scopes) })
  const well = Option.exists(living, ({ state }) => state === "connected") && missingScopes.length === 0
  return new AccountStatus({
    provider,
    name,
    connection,
    signInEndsAt: Option.flatMap(row, ({ refreshExpiresAt }) => refreshExpiresAt),
    missingScopes,
    fix: well ? Option.none() : Option.some(signInCommand(provider, name))
  })
}
