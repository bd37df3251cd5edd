/** Why a stretch of time was not recorded, in a sentence with what there is to do. */
import { DateTime, Option } from "effect"
import type { Connection } from "../domain/Connection.ts"
import { providerTitle } from "../domain/Provider.ts"
import { kindProvider, type RecordKind } from "../domain/RecordKind.ts"
import { behindSince, type Missing, type Reach } from "../domain/Unrecorded.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"

/** An account, and how far its records go. */
export interface Judged {
  readonly account: Connection
  readonly reach: Reach
}

/** Every reason but that of a gap that a sync has told of itself. */
export const detailOf = (
  kind: RecordKind,
  why: Missing["why"],
  accounts: ReadonlyArray<Judged>,
  now: number
): string => {
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
      const late = accounts.filter(({ reach }) => behindSince(reach, now) !== undefined)
      const ended = lastOf(late, accounts.length > 1)
      const waiting = late.flatMap(({ account }) => account.state === "needs_auth" ? [account] : [])
      if (waiting.length > 0) {
        const commands = waiting.map(({ name, provider }) => signInCommand(provider, name))
        return `${ended}; the account at ${title} needs a new sign-in since then: ${commands.join(", ")}`
      }
      // doctor tells of the tasks, which are those of first accounts
      const see = late.every(({ account }) => Option.isNone(account.name)) ? "glider doctor" : "glider connections list"
      return `${ended}, although the account at ${title} is signed in; see: ${see}`
    }
  }
}

/** How far the slowest of those is that are behind; what was never read is named, where the rest was. */
const lastOf = (late: ReadonlyArray<Judged>, isOneOfSeveral: boolean): string => {
  const lacking = late.flatMap(({ reach: { lacking, until } }) => until === undefined ? [] : lacking)
  if (lacking.length > 0) return `No sync of ${[...new Set(lacking)].join(", ")} has come to its end yet`
  const slowest = late.toSorted((one, other) => (one.reach.until ?? 0) - (other.reach.until ?? 0))[0]
  const name = slowest === undefined || !isOneOfSeveral
    ? ""
    : ` of ${Option.getOrElse(slowest.account.name, () => slowest.account.provider)}`
  const until = slowest?.reach.until
  return until === undefined
    ? `No sync${name} has come to its end yet`
    : `The last sync${name} that came to its end was at ${DateTime.formatIso(DateTime.makeUnsafe(until))}`
}
