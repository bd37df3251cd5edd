/** Why a stretch of time was not recorded, in a sentence with what there is to do. */
import { DateTime, Option } from "effect"
import type { Connection } from "../domain/Connection.ts"
import { providerTitle } from "../domain/Provider.ts"
import { kindProvider, type RecordKind } from "../domain/RecordKind.ts"
import { type Missing, type Reach, reached } from "../domain/Unrecorded.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"

/** An account, and how far its records go. */
export interface Judged {
  readonly account: Connection
  readonly reach: Reach
}

/** Every reason but that of a gap that a sync has told of itself. */
export const detailOf = (kind: RecordKind, why: Missing["why"], accounts: ReadonlyArray<Judged>): string => {
  const provider = kindProvider[kind]
  const title = providerTitle[provider]
  const signIn = `sign in with: ${signInCommand(provider)}`
  switch (why) {
    case "before_first":
      return `${title} was not asked for anything before this.`
    case "not_connected":
      return accounts.length === 0
        ? `There is no account at ${title}; ${signIn}`
        : `No account at ${title} was signed in; ${signIn}`
    case "behind": {
      const ended = lastOf(accounts)
      const waiting = accounts.flatMap(({ account }) => account.state === "needs_auth" ? [account] : [])
      if (waiting.length === 0) return `${ended}, although the account at ${title} is signed in; see: glider doctor`
      const commands = waiting.map(({ name, provider }) => signInCommand(provider, name))
      return `${ended}; the account at ${title} needs a new sign-in since then: ${commands.join(", ")}`
    }
  }
}

/** How far the slowest account that is signed in is; what was never read is named, where the rest was. */
const lastOf = (accounts: ReadonlyArray<Judged>): string => {
  const active = accounts.filter(({ reach }) => !reach.revoked)
  const lacking = active.flatMap(({ reach: { lacking, until } }) => until === undefined ? [] : lacking)
  if (lacking.length > 0) return `No sync of ${[...new Set(lacking)].join(", ")} has come to its end yet`
  const until = reached(active.map(({ reach }) => reach)).until
  const slowest = active.find(({ reach }) => reach.until === until)?.account
  const name = active.length < 2 || slowest === undefined
    ? ""
    : ` of ${Option.getOrElse(slowest.name, () => slowest.provider)}`
  return until === undefined
    ? `No sync${name} has come to its end yet`
    : `The last sync${name} that came to its end was at ${DateTime.formatIso(DateTime.makeUnsafe(until))}`
}
