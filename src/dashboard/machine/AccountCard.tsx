/** An account at a provider: its sign-in, and how it is as a thing that is synced. */
import { Option } from "effect"
import type { Connector } from "../../api/ConnectorMessages.ts"
import type { Account } from "../../api/Messages.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { HealthStatus } from "../../domain/ConnectionHealth.ts"
import { durationText } from "../../domain/DurationText.ts"
import { type Provider, providerTitle } from "../../domain/Provider.ts"
import { Act, Ago, Badge, shown, When } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"

/** How long before its end a sign-in is worth a warning. */
const soon = 14 * 86_400_000

const scopeText = (scope: string): string => scope.replace(/^.*\//, "")

/** Revoked ones are of the past. */
export const living = ({ connection }: Account) => Option.filter(connection, ({ state }) => state !== "revoked")

export const needsSignIn = (account: Account): boolean =>
  Option.match(living(account), { onNone: () => true, onSome: ({ state }) => state === "needs_auth" })

/** What it is called in addresses: its name, or that of its provider. */
export const refOf = ({ name, provider }: Account): string => Option.getOrElse(name, () => provider)

const titleOf = ({ name, provider }: Account): string =>
  Option.match(name, {
    onNone: () => providerTitle[provider],
    onSome: (name) => `${providerTitle[provider]} (${name})`
  })

/** Which badge says so. */
const kinds = {
  healthy: "connected",
  waiting: "running",
  stale: "partial",
  failing: "partial",
  quarantined: "failed",
  needs_auth: "needs_auth",
  disabled: "revoked"
} as const satisfies { readonly [S in HealthStatus]: string }

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

/** How it is as a thing that is synced. */
const HealthLine = ({ connector, csrf, owner, provider }: {
  readonly owner: Owner
  readonly csrf: string
  readonly provider: Provider
  readonly connector: Connector
}) => {
  const { health } = connector
  return (
    <>
      <p class="small">
        <Badge kind={kinds[health.status]} text={health.status.replace("_", " ")} /> {connector.enabled
          ? `synced every ${durationText(connector.interval_seconds * 1000)}`
          : "not synced by itself"}
        {shown(health.lastSuccessAt, (at) => (
          <>
            , last <Ago owner={owner} at={at} />
          </>
        ))}
        {health.failures > 0 && `; failed ${health.failures === 1 ? "once" : `${health.failures} times`} since`}
      </p>
      {shown(health.quarantinedUntil, (until) => (
        <div class="row">
          <p class="wrong">
            It failed again and again, and is left alone until <When owner={owner} at={until} />.
          </p>
          <Act
            action={`/accounts/${provider}/release`}
            csrf={csrf}
            label={`Sync it again: ${connector.id}`}
            fields={{ connection: connector.id }}
          >
            Sync it again
          </Act>
        </div>
      ))}
    </>
  )
}

export const AccountCard = ({ account, csrf, health, owner }: {
  readonly owner: Owner
  readonly csrf: string
  readonly account: Account
  readonly health: Option.Option<Connector>
}) => {
  const { provider } = account
  const ref = refOf(account)
  const title = titleOf(account)
  const named = Option.match(account.name, {
    onNone: () => null,
    onSome: (name) => <input type="hidden" name="connection" value={name} />
  })
  const connection = living(account)
  const asks = needsSignIn(account) || account.missingScopes.length > 0
  const verb = Option.isNone(connection) ? "Connect" : "Reconnect"
  return (
    <section class="card stack account" id={ref} aria-labelledby={`${ref}-title`}>
      <header class="row spread">
        <h2 id={`${ref}-title`}>
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
      {shown(health, (health) => <HealthLine owner={owner} csrf={csrf} provider={provider} connector={health} />)}
      <div class="row">
        <form method="post" action={`/accounts/${provider}/connect`} class="act">
          <input type="hidden" name="csrf" value={csrf} />
          {named}
          <button type="submit" class={asks ? "main" : undefined} aria-label={`${verb} ${title}`}>{verb}</button>
        </form>
        {Option.isSome(connection) && (
          <>
            <Act
              action={`/accounts/${provider}/sync`}
              csrf={csrf}
              label={`Sync now: ${title}`}
              fields={{ connection: ref }}
            >
              Sync now
            </Act>
            <Act
              action={`/accounts/${provider}/disconnect`}
              csrf={csrf}
              label={`Disconnect ${title}`}
              fields={{ connection: ref }}
              quiet
            >
              Disconnect
            </Act>
          </>
        )}
      </div>
    </section>
  )
}
