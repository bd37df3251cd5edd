/** Accounts that only a new sign-in helps, and sign-ins that end soon. */
import { DateTime, Effect, Option } from "effect"
import type { AlertSeverity, Cause } from "../domain/Alert.ts"
import type { Connection } from "../domain/Connection.ts"
import { providerTitle } from "../domain/Provider.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { Connections, type StoredConnection } from "../store/Connections.ts"
import type { Rule } from "./Rule.ts"

const signedOut = ({ connection }: StoredConnection): ReadonlyArray<Cause> => {
  if (connection.state !== "needs_auth") return []
  const title = providerTitle[connection.provider]
  return [{
    rule: "needs_auth",
    key: `needs_auth/${connection.id}`,
    severity: "critical",
    title: `${title}${calledOf(connection)} needs a new sign-in`,
    message: Option.getOrElse(connection.problem, () => `${title} refuses the sign-in of ${connection.userId}.`),
    fix: signInCommand(connection.provider, connection.name)
  }]
}

/** A further account has a name. */
const calledOf = ({ name }: Connection): string =>
  Option.match(name, { onNone: () => "", onSome: (name) => ` (${name})` })

/** Days before the end of a sign-in at which that is told, the nearest first. */
const stages: ReadonlyArray<{ readonly days: number; readonly severity: AlertSeverity }> = [
  { days: 1, severity: "critical" },
  { days: 7, severity: "warning" },
  { days: 30, severity: "info" }
]

const day = 86_400_000

const endingSoon = ({ connection, refreshExpiresAt }: StoredConnection, now: DateTime.Utc): ReadonlyArray<Cause> => {
  if (connection.state !== "connected" || Option.isNone(refreshExpiresAt)) return []
  const end = refreshExpiresAt.value.epochMilliseconds
  const lasts = end - connection.connectedAt.epochMilliseconds
  // of a sign-in that is good for a week, that it ends within a month is no news
  const stage = stages.find(({ days }) => end - now.epochMilliseconds <= days * day && lasts > days * day)
  if (stage === undefined) return []
  const title = providerTitle[connection.provider]
  return [{
    rule: "credential_expiring",
    key: `credential_expiring/${connection.id}/${end}`,
    severity: stage.severity,
    title: `The sign-in to ${title}${calledOf(connection)} ends soon`,
    message: `It ends at ${DateTime.formatIso(refreshExpiresAt.value)}, ${
      stage.days === 1 ? "within a day" : `within ${stage.days} days`
    }; ${title} prolongs it by nothing but a new sign-in.`,
    fix: signInCommand(connection.provider, connection.name)
  }]
}

export const accountRules = Effect.map(Connections, ({ all }): ReadonlyArray<Rule> => [
  { rule: "needs_auth", causes: () => Effect.map(all, (rows) => rows.flatMap(signedOut)) },
  {
    rule: "credential_expiring",
    causes: ({ now }) => Effect.map(all, (rows) => rows.flatMap((row) => endingSoon(row, now)))
  }
])
