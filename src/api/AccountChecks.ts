/** What doctor says of accounts. */
import { Option } from "effect"
import type { AccountStatus } from "../accounts/AccountStatus.ts"
import type { ConnectionSettings } from "../config/ConnectionKeys.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import type { Check } from "./Messages.ts"
import { bad, ok } from "./ToldChecks.ts"

/** Whether an account is to be there: the first for the tasks of its provider, others for their tables, or since they are. */
export const isUsed = (
  { connection, name, provider }: AccountStatus,
  needed: ReadonlySet<Provider>,
  connections: ReadonlyArray<ConnectionSettings> = []
): boolean =>
  Option.match(name, {
    onNone: () => needed.has(provider),
    onSome: (name) =>
      Option.exists(connection, ({ state }) => state !== "revoked") ||
      connections.some((one) => one.name === name && one.enabled)
  })

const titleOf = ({ name, provider }: AccountStatus): string =>
  Option.match(name, {
    onNone: () => providerTitle[provider],
    onSome: (name) => `${providerTitle[provider]} (${name})`
  })

/** Whether it is signed in, and may read what it is to read. */
const standing = (status: AccountStatus): Check => {
  const { connection, fix, missingScopes, provider } = status
  const name = `${Option.getOrElse(status.name, () => provider)} account`
  const title = titleOf(status)
  if (Option.isNone(fix)) return ok(name, `${title} is connected`)
  return Option.match(Option.filter(connection, ({ state }) => state !== "revoked"), {
    onNone: () => bad(name, "problem", `no ${title} account is connected`, fix.value),
    onSome: ({ problem, state }) =>
      state === "needs_auth"
        ? bad(name, "problem", Option.getOrElse(problem, () => `${title} needs a new sign-in`), fix.value)
        : bad(name, "warning", `${title} lacks the permissions ${missingScopes.join(", ")}`, fix.value)
  })
}

/** A table that names another provider than the one at which the account is: nothing of the table counts for it. */
const contradicted = (
  { connection, name, provider }: AccountStatus,
  connections: ReadonlyArray<ConnectionSettings>
): ReadonlyArray<Check> => {
  const isSignedIn = Option.exists(connection, ({ state }) => state !== "revoked")
  const table = connections.find((one) => one.provider !== provider && Option.contains(name, one.name))
  if (!isSignedIn || table === undefined) return []
  const title = providerTitle[provider]
  return [bad(
    `connection.${table.name}`,
    "warning",
    `[connection.${table.name}] is of ${
      providerTitle[table.provider]
    }, and the account of that name is one at ${title}: ` +
      "it is synced as if it had no table",
    `set provider = "${provider}" there, or call the table otherwise`
  )]
}

export const accountChecks = (
  accounts: ReadonlyArray<AccountStatus>,
  connections: ReadonlyArray<ConnectionSettings> = []
): ReadonlyArray<Check> => [
  ...accounts.map(standing),
  ...accounts.flatMap((account) => contradicted(account, connections))
]
