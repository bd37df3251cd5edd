/** The accounts at the providers, and the browsers that are signed in here. */
import { DateTime, Option } from "effect"
import type { Account } from "../../api/Messages.ts"
import type { ListedSession } from "../../api/SessionMessages.ts"
import type { Connection } from "../../domain/Connection.ts"
import { providerTitle } from "../../domain/Provider.ts"
import { Act, Ago, Badge, Notice, shown, When } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"

/** All that it shows. */
export interface AccountsData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly accounts: ReadonlyArray<Account>
  readonly sessions: ReadonlyArray<ListedSession>
}

const done = {
  connected: "The account is connected.",
  disconnected: "The account is disconnected, here and at the provider. What was synced stays.",
  forgotten:
    "The account is disconnected here, and what was synced stays. The provider was not told: remove Glider's access in your account there.",
  ended: "That browser is signed out."
}

/** How long before its end a sign-in is worth a warning. */
const soon = 14 * 86_400_000

const scopeText = (scope: string): string => scope.replace(/^.*\//, "")

/** Revoked ones are of the past. */
const living = ({ connection }: Account) => Option.filter(connection, ({ state }) => state !== "revoked")

const needsSignIn = (account: Account): boolean =>
  Option.match(living(account), { onNone: () => true, onSome: ({ state }) => state === "needs_auth" })

const Scopes = ({ account: { missingScopes }, connection: { scopes } }: {
  readonly account: Account
  readonly connection: Connection
}) => (
  <>
    <dt>May read</dt>
    <dd>
      <ul class="tags">{scopes.map((scope) => <li key={scope} title={scope}>{scopeText(scope)}</li>)}</ul>
    </dd>
    {missingScopes.length > 0 && (
      <>
        <dt>Not granted</dt>
        <dd>
          <ul class="tags missing">
            {missingScopes.map((scope) => (
              <li key={scope} title={scope}>
                <span aria-hidden="true">✕</span> {scopeText(scope)}
              </li>
            ))}
          </ul>
        </dd>
      </>
    )}
  </>
)

const Facts = ({ account, connection, owner }: {
  readonly owner: Owner
  readonly account: Account
  readonly connection: Connection
}) => (
  <dl class="facts">
    <dt>Account</dt>
    <dd>{connection.userId}</dd>
    <dt>Connected</dt>
    <dd>
      <When owner={owner} at={connection.connectedAt} />,{" "}
      <span class="soft">
        <Ago owner={owner} at={connection.connectedAt} />
      </span>
    </dd>
    <Scopes account={account} connection={connection} />
    {shown(connection.refreshedAt, (at) => [
      <dt key="refreshed title">Token refreshed</dt>,
      <dd key="refreshed">
        <Ago owner={owner} at={at} />
      </dd>
    ])}
    {shown(connection.expiresAt, (at) => [
      <dt key="expires title">Token ends</dt>,
      <dd key="expires">
        <When owner={owner} at={at} />,{" "}
        <span class="soft">
          <Ago owner={owner} at={at} />
          {connection.state === "connected" && "; it is renewed by itself"}
        </span>
      </dd>
    ])}
    {shown(account.signInEndsAt, (at) => [
      <dt key="end title">Sign-in ends</dt>,
      <dd key="end">
        <When owner={owner} at={at} />,{" "}
        <span class="soft">
          <Ago owner={owner} at={at} />
        </span>
        {at.epochMilliseconds - owner.now.epochMilliseconds < soon && (
          <>
            {" "}
            <Badge kind="partial" text="soon" />
          </>
        )}
      </dd>
    ])}
  </dl>
)

const AccountCard = ({ account, csrf, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly account: Account
}) => {
  const { provider } = account
  const title = providerTitle[provider]
  const connection = living(account)
  const asks = needsSignIn(account) || account.missingScopes.length > 0
  const verb = Option.isNone(connection) ? "Connect" : "Reconnect"
  return (
    <section class="card stack account" id={provider} aria-labelledby={`${provider}-title`}>
      <header class="row spread">
        <h2 id={`${provider}-title`}>
          <span class={`dot ${provider}`} aria-hidden="true" /> {title}
        </h2>
        {Option.isSome(connection)
          ? <Badge kind={connection.value.state} />
          : <Badge kind="revoked" text={Option.isSome(account.connection) ? "disconnected" : "not connected"} />}
      </header>
      {shown(Option.flatMap(connection, ({ problem }) => problem), (problem) => <p class="wrong">{problem}</p>)}
      {account.missingScopes.length > 0 && (
        <p class="wrong">Some of what the syncs read was not granted: reconnect, and leave everything ticked.</p>
      )}
      {Option.isSome(connection)
        ? <Facts owner={owner} account={account} connection={connection.value} />
        : <p class="soft">Nothing is read from {title}.</p>}
      <div class="row">
        <form method="post" action={`/accounts/${provider}/connect`} class="act">
          <input type="hidden" name="csrf" value={csrf} />
          <button type="submit" class={asks ? "main" : undefined} aria-label={`${verb} ${title}`}>{verb}</button>
        </form>
        {Option.isSome(connection) && (
          <Act action={`/accounts/${provider}/disconnect`} csrf={csrf} label={`Disconnect ${title}`} quiet>
            Disconnect
          </Act>
        )}
      </div>
    </section>
  )
}

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

export const accountsView = ({ accounts, csrf, owner, query, sessions }: AccountsData): View => {
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
              key={account.provider}
              owner={owner}
              csrf={csrf}
              account={account}
            />
          ))}
        </div>
        <Browsers owner={owner} csrf={csrf} sessions={sessions} />
      </>
    )
  }
}
