/** What somebody should look at, from what the API has said. */
import { Option } from "effect"
import type { AlertSinkView } from "../../api/AlertMessages.ts"
import type { Alert, AlertSeverity } from "../../domain/Alert.ts"
import { Act, Ago, Empty, Notice, shown } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import type { Tone, View } from "../frame/View.ts"
import { some } from "./RunWords.ts"

/** All that it shows. */
export interface AlertsData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  /** Those that last. */
  readonly open: ReadonlyArray<Alert>
  /** The newest, also those that are over. */
  readonly recent: ReadonlyArray<Alert>
  readonly sinks: ReadonlyArray<AlertSinkView>
}

const done = {
  sent: "It was taken.",
  not_taken: "It was not taken: glider alerts test says why."
}

const tones: { readonly [S in AlertSeverity]: Tone } = { info: "ok", warning: "warning", critical: "problem" }

const told = ({ tellings }: Alert): string =>
  [...new Map(tellings.map((one) => [one.sink, one])).values()].map(({ sink, status }) =>
    status === "sent" ? sink : `${sink} (${status})`
  ).join(", ")

const Lasting = ({ alert, owner }: { readonly owner: Owner; readonly alert: Alert }) => (
  <article class="card stack tight">
    <h3>{alert.title}</h3>
    <p>{alert.message}</p>
    <p class="small soft">
      {alert.severity}, since <Ago owner={owner} at={alert.firstSeenAt} />
      {alert.tellings.length > 0 && `; told: ${told(alert)}`}
    </p>
    <p class="small">
      What to do: <code>{alert.fix}</code>
    </p>
  </article>
)

const Over = ({ alerts, owner }: { readonly owner: Owner; readonly alerts: ReadonlyArray<Alert> }) => (
  <Table title="Alerts that are over" columns={["What was the matter", "Began", "Ended"]}>
    {alerts.map((alert) => (
      <tr key={alert.id}>
        <th scope="row">{alert.title}</th>
        <td>
          <Ago owner={owner} at={alert.firstSeenAt} />
        </td>
        <td>{shown(alert.resolvedAt, (at) => <Ago owner={owner} at={at} />)}</td>
      </tr>
    ))}
  </Table>
)

const Sink = ({ csrf, sink }: { readonly csrf: string; readonly sink: AlertSinkView }) => (
  <article class="card stack tight">
    <h3>{sink.name}</h3>
    <p>
      {sink.kind}: <span class="mono">{sink.to}</span>
    </p>
    <p class="small soft">
      {sink.enabled ? `Told what is ${sink.severity} or worse.` : "Switched off."}
    </p>
    {shown(sink.problem, (problem) => <p class="notice bad">{problem}</p>)}
    <Act action="/alerts/test" csrf={csrf} fields={{ sink: sink.name }} label={`Try it: ${sink.name}`} quiet>
      Try it
    </Act>
  </article>
)

export const alertsView = ({ csrf, open, owner, query, recent, sinks }: AlertsData): View => {
  const over = recent.filter(({ resolvedAt }) => Option.isSome(resolvedAt))
  const worst = new Set(open.map(({ severity }) => tones[severity]))
  return {
    title: open.length === 0 ? "Nothing is the matter" : some(owner, open.length, "alert"),
    place: "alerts",
    tone: worst.has("problem") ? "problem" : worst.has("warning") ? "warning" : "ok",
    live: ["runs"],
    body: (
      <>
        <Notice query={query} texts={done} />
        <h1>Alerts</h1>
        <div id="alerts" class="stack" data-live>
          {open.length === 0 && <Empty>Nothing is the matter.</Empty>}
          <div class="stack">
            {open.map((alert) => <Lasting key={alert.id} owner={owner} alert={alert} />)}
          </div>
          {over.length > 0 && (
            <section class="stack" aria-labelledby="over">
              <h2 id="over">Over</h2>
              <Over owner={owner} alerts={over} />
            </section>
          )}
        </div>
        <section class="stack" aria-labelledby="sinks">
          <h2 id="sinks">Who is told</h2>
          {sinks.length === 0 && (
            <Empty>
              Nobody: <code>[alerts]</code> in the config names whom.
            </Empty>
          )}
          <div class="stack">
            {sinks.map((sink) => <Sink key={`${sink.kind} ${sink.name}`} csrf={csrf} sink={sink} />)}
          </div>
          <p>
            <a href="/webhooks">Webhooks, and what they were told</a>
          </p>
        </section>
      </>
    )
  }
}
