/** Whose the records of the earlier store are: it was one person's, and did not say so. */
import { Effect, Option } from "effect"
import { connectionId } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { Connections } from "../store/Connections.ts"
import { type EarlierRows, fateOf } from "./EarlierRow.ts"
import type { Owners } from "./Import.ts"
import { OwnerUnknown } from "./ImportError.ts"

/** User ids that a person has named. */
export type NamedOwners = { readonly [P in Provider]: Option.Option<string> }

/** The owners of those providers that there are rows of: the accounts that are named, or the ones that are signed in. */
export const ownersOf = Effect.fn("Earlier.owners")(function*(rows: EarlierRows, named: NamedOwners) {
  const connections = yield* Connections
  const needed = new Set([...rows.keys()].flatMap((table) => {
    const fate = fateOf(table)
    return fate.kind === "left" ? [] : [fate.provider]
  }))
  const problems: Array<string> = []
  const unknown: Array<Provider> = []
  const owner = Effect.fnUntraced(function*(provider: Provider) {
    if (!needed.has(provider)) return Option.none()
    const known = (yield* connections.ofProvider(provider)).map(({ connection }) => connection.userId)
    const title = providerTitle[provider]
    const given = Option.getOrUndefined(named[provider])
    const userId = given ?? (known.length === 1 ? known[0] : undefined)
    if (userId === undefined) {
      unknown.push(provider)
      problems.push(known.length === 0 ? `no ${title} account is connected` : `there are several ${title} accounts`)
    } else if (known.length > 0 && !known.includes(userId)) {
      unknown.push(provider)
      problems.push(`${userId} is not the ${title} account that is connected (${known.join(", ")})`)
    } else return Option.some({ userId, connection: connectionId(provider, userId) })
    return Option.none()
  })
  const owners: Owners = {
    google: yield* owner("google"),
    spotify: yield* owner("spotify"),
    oura: yield* owner("oura")
  }
  if (problems.length === 0) return owners
  return yield* new OwnerUnknown({
    message: `whose the records are is not known: ${problems.join("; ")}`,
    fix: `${unknown.map((provider) => `glider auth ${provider}`).join(", ")}; or name the account: ${
      unknown.map((provider) => `--${provider} <user id>`).join(" ")
    }`
  })
})
