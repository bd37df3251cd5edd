/** Programs elsewhere that are told what happens, from what the API has said. */
import { DateTime, Option } from "effect"
import type { WebhookView } from "../../api/WebhookMessages.ts"
import type { WebhookDelivery } from "../../domain/WebhookDelivery.ts"
import { Act, Ago, Empty, Notice, shown } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import type { View } from "../frame/View.ts"

/** One, with what it was to be told last. */
interface Told {
  readonly webhook: WebhookView
  readonly deliveries: ReadonlyArray<WebhookDelivery>
  /** Whether there are older ones. */
  readonly more: boolean
}

/** All that it shows. */
export interface WebhooksData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly all: ReadonlyArray<Told>
}

const done = {
  enabled: "It is told again.",
  taken: "It was taken.",
  not_taken: "It was not taken: glider webhooks test says why.",
  replayed: "It is told again, from the first try on."
}

const standing = ({ disabled_why, enabled, held_until }: WebhookView, now: DateTime.Utc): string => {
  if (!enabled) return "Switched off."
  if (Option.isSome(disabled_why)) return `It is told nothing: ${disabled_why.value}.`
  return Option.exists(held_until, DateTime.isGreaterThan(now)) ? "It is left alone for a while." : "It is told."
}

const Deliveries = ({ action, csrf, deliveries, name, owner }: {
  readonly action: string
  readonly csrf: string
  readonly deliveries: ReadonlyArray<WebhookDelivery>
  readonly name: string
  readonly owner: Owner
}) => (
  <Table title={`What ${name} was told`} columns={["Event", "About", "Happened", "Status", "Tries", "Again"]}>
    {deliveries.map(({ at, attempts, event, lastError, status, subject, type }) => (
      <tr key={event}>
        <th scope="row">{type}</th>
        <td class="mono">{subject}</td>
        <td>
          <Ago owner={owner} at={at} />
        </td>
        <td>
          {status}
          {shown(lastError, (why) => <span class="small soft block">{why}</span>)}
        </td>
        <td>{number(owner, attempts)}</td>
        <td>
          {status !== "pending" && (
            <Act action={`${action}/replay`} csrf={csrf} fields={{ event }} label={`Tell it again: ${event}`} quiet>
              Tell it again
            </Act>
          )}
        </td>
      </tr>
    ))}
  </Table>
)

const Card = ({ csrf, owner, told: { deliveries, more, webhook } }: {
  readonly csrf: string
  readonly owner: Owner
  readonly told: Told
}) => {
  const { disabled_at, failed, name, pending, url } = webhook
  const action = `/webhooks/${encodeURIComponent(name)}`
  const title = `webhook-${name}`
  return (
    <section class="card stack tight" aria-labelledby={title}>
      <h2 id={title}>{name}</h2>
      <p>
        {standing(webhook, owner.now)} <span class="mono">{url}</span>
      </p>
      <p class="small soft">
        {number(owner, pending)} wait, {number(owner, failed)} failed; it wants {webhook.events.join(", ")}.
      </p>
      <div class="row">
        <Act action={`${action}/test`} csrf={csrf} label={`Try it: ${name}`} quiet>Try it</Act>
        {Option.isSome(disabled_at) && (
          <Act action={`${action}/enable`} csrf={csrf} label={`Tell it again: ${name}`}>Tell it again</Act>
        )}
        {failed > 0 && (
          <Act action={`${action}/replay`} csrf={csrf} label={`Tell again what failed: ${name}`}>
            Tell again what failed
          </Act>
        )}
      </div>
      {deliveries.length === 0
        ? <Empty>It was told nothing yet.</Empty>
        : <Deliveries action={action} csrf={csrf} deliveries={deliveries} name={name} owner={owner} />}
      {more && (
        <p class="small soft">
          Older ones: <code>glider webhooks deliveries {name}</code>
        </p>
      )}
    </section>
  )
}

export const webhooksView = ({ all, csrf, owner, query }: WebhooksData): View => ({
  title: "Webhooks",
  place: "webhooks",
  ...all.some(({ webhook }) => webhook.failed > 0 || Option.isSome(webhook.disabled_at))
    ? { tone: "warning" as const }
    : {},
  live: ["runs"],
  body: (
    <>
      <Notice query={query} texts={done} />
      <h1>Webhooks</h1>
      <p class="soft">Programs of yours that are told what happens, and what they were told last.</p>
      <div id="webhooks" class="stack" data-live>
        {all.length === 0 && (
          <Empty>
            There is none: <code>[webhook.*]</code> in the config names them.
          </Empty>
        )}
        {all.map((told) => <Card key={told.webhook.name} csrf={csrf} owner={owner} told={told} />)}
      </div>
    </>
  )
})
