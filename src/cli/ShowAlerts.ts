/** Alerts on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { AlertSinkView, AlertsPage, SinkTried } from "../api/AlertMessages.ts"
import type { Alert } from "../domain/Alert.ts"
import { fromNow, orDash, print, say, table } from "./Print.ts"

const encodePage = Schema.encodeEffect(AlertsPage)
const encodeSinks = Schema.encodeEffect(Schema.Array(AlertSinkView))
const encodeTrials = Schema.encodeEffect(Schema.Array(SinkTried))

/** Whom the last message went to, and what has become of it. */
const told = ({ tellings }: Alert): string =>
  [...new Map(tellings.map((one) => [one.sink, one])).values()].map(({ sink, status }) => `${sink} ${status}`)
    .join(", ")

/** `glider alerts list`. */
export const showAlerts = Effect.fnUntraced(function*(page: AlertsPage) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: page.alerts.flatMap((alert) => [
      `${alert.severity}: ${alert.title}`,
      `  ${alert.message}`,
      ...Option.match(alert.resolvedAt, {
        onNone: () => [`  since    ${fromNow(now, alert.firstSeenAt)}`, `  to do    ${alert.fix}`],
        onSome: (end) => [`  from     ${fromNow(now, alert.firstSeenAt)} to ${fromNow(now, end)}`]
      }),
      ...alert.tellings.length === 0 ? [] : [`  told     ${told(alert)}`]
    ]).join("\n")
  })
  if (page.alerts.length === 0) yield* say("There are none.")
  if (Option.isSome(page.next)) yield* say(`There are more: --after ${page.next.value}`)
})

/** `glider alerts sinks`. */
export const showSinks = Effect.fnUntraced(function*(all: ReadonlyArray<AlertSinkView>) {
  yield* print({
    json: yield* Effect.orDie(encodeSinks(all)),
    text: table(
      ["SINK", "KIND", "ENABLED", "FROM", "TO", "PROBLEM"],
      all.map(({ enabled, kind, name, problem, severity, to }) => [
        name,
        kind,
        enabled ? "yes" : "no",
        severity,
        to,
        orDash(problem)
      ])
    )
  })
  if (all.length === 0) yield* say("Alerts are sent to nobody: docs/alerts.md says how.")
})

/** `glider alerts test`, of sinks that took it. */
export const showTrials = Effect.fnUntraced(function*(trials: ReadonlyArray<SinkTried>) {
  yield* print({
    json: yield* Effect.orDie(encodeTrials(trials)),
    text: trials.map(({ sink }) => `${sink} has taken it`).join("\n")
  })
})
