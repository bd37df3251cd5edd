/** The accounts at the providers, and the browsers that are signed in here. */
import { DateTime, Option } from "effect"
import type { Connector } from "../../api/ConnectorMessages.ts"
import type { Account } from "../../api/Messages.ts"
import type { ListedSession } from "../../api/SessionMessages.ts"
import { Provider, providerTitle } from "../../domain/Provider.ts"
import { Act, Ago, Badge, Notice, When } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { AccountCard, living, needsSignIn, refOf } from "./AccountCard.tsx"

/** All that it shows. */
export interface AccountsData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly accounts: ReadonlyArray<Account>
  readonly connectors: ReadonlyArray<Connector>
  readonly sessions: ReadonlyArray<ListedSession>
}

const done = {
  connected: "The account is connected.",
  disconnected: "The account is disconnected, here and at the provider. What was synced stays.",
  forgotten:
    "The account is disconnected here, and what was synced stays. The provider was not told: remove Glider's access in your account there.",
  queued: "The account is synced as soon as a worker is free.",
  released: "The account is synced again.",
  ended: "That browser is signed out."
}

/** A form for a further account, under a name of its own. */
const ConnectAnother = ({ csrf }: { readonly csrf: string }) => (
  <details class="data" id="another">
    <summary>Connect another account</summary>
    <form method="post" action="/accounts/any/connect" class="stack tight">
      <input type="hidden" name="csrf" value={csrf} />
      <label for="another-provider">Provider</label>
      <select id="another-provider" name="provider">
        {Provider.literals.map((provider) => <option key={provider} value={provider}>{providerTitle[provider]}
        </option>)}
      </select>
      <label for="another-name">What it is to be called</label>
      <input
        id="another-name"
        name="connection"
        required
        maxLength={32}
        pattern="[a-z][a-z0-9]*(_[a-z0-9]+)*"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby="another-hint"
      />
      <p class="small soft" id="another-hint">Small letters, digits and single _ between them, such as work.</p>
      <div>
        <button type="submit">Connect</button>
      </div>
    </form>
  </details>
)

const Browsers = ({ csrf, owner, sessions }: {
  readonly owner: Owner
  readonly csrf: string
  readonly sessions: ReadonlyArray<ListedSession>
}) => (
  <section class="stack" aria-labelledby="browsers-title">
    <h2 id="browsers-title">Signed-in browsers</h2>
    <p class="small soft">
      To sign another one in: <code>glider open --no-browser</code> on the machine on which Glider runs.
    </p>
    <table class="rows">
      <caption class="hidden">Signed-in browsers</caption>
      <thead>
        <tr>
          <th scope="col">Browser</th>
          <th scope="col" class="wide-only">Since</th>
          <th scope="col">Used</th>
          <th scope="col" class="wide-only">Ends unless used</th>
          <th scope="col">
            <span class="hidden">End</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ created_at, current, expires_at, id, last_used_at, user_agent }) => (
          <tr key={id}>
            <th scope="row">
              {user_agent}
              {current && (
                <>
                  {" "}
                  <Badge kind="connected" text="this one" />
                </>
              )}
            </th>
            <td class="wide-only">
              <When owner={owner} at={created_at} />
            </td>
            <td>
              <Ago owner={owner} at={DateTime.min(last_used_at, owner.now)} />
            </td>
            <td class="wide-only">
              <When owner={owner} at={expires_at} />
            </td>
            <td class="num">
              <Act action={`/sessions/${encodeURIComponent(id)}/end`} csrf={csrf} label={`End ${user_agent}`}>End</Act>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

export const accountsView = ({ accounts, connectors, csrf, owner, query, sessions }: AccountsData): View => {
  const healthOf = (account: Account): Option.Option<Connector> =>
    Option.flatMap(living(account), ({ id }) => Option.fromUndefinedOr(connectors.find((one) => one.id === id)))
  const asks = accounts.some((account) => Option.isSome(living(account)) && needsSignIn(account))
  return {
    title: "Accounts",
    place: "accounts",
    ...asks ? { tone: "problem" } : {},
    body: (
      <>
        <Notice query={query} texts={done} />
        <h1>Accounts</h1>
        <div class="cards wide-cards">
          {accounts.map((account) => (
            <AccountCard
              key={refOf(account)}
              owner={owner}
              csrf={csrf}
              account={account}
              health={healthOf(account)}
            />
          ))}
        </div>
        <ConnectAnother csrf={csrf} />
        <Browsers owner={owner} csrf={csrf} sessions={sessions} />
      </>
    )
  }
}
