/** What doctor says of those who are told: of alerts, and of what happens. */
import { DateTime, Effect, Option } from "effect"
import { AlertDesk, type SinkView } from "../alerts/AlertDesk.ts"
import { type EndpointView, WebhookDesk } from "../webhooks/WebhookDesk.ts"
import { Check } from "./Messages.ts"

export const ok = (name: string, message: string): Check =>
  new Check({ name, state: "ok", message, fix: Option.none() })

export const bad = (name: string, state: "warning" | "problem", message: string, fix: string): Check =>
  new Check({ name, state, message, fix: Option.some(fix) })

/** So many alerts are counted. */
const most = 100

const lasting = (count: number): Check =>
  count === 0
    ? ok("alerts", "there are none")
    : bad("alerts", "warning", count === 1 ? "there is one" : `there are ${count}`, "glider alerts list")

const sink = ({ name, problem }: SinkView): ReadonlyArray<Check> =>
  Option.match(problem, {
    onNone: () => [],
    onSome: (why) => [
      bad(`alerts to ${name}`, "problem", `${name} could not be told: ${why}`, `glider alerts test ${name}`)
    ]
  })

const webhook = ({ endpoint: { enabled, name }, state: { disabled } }: EndpointView): ReadonlyArray<Check> =>
  Option.match(Option.filter(disabled, () => enabled), {
    onNone: () => [],
    onSome: ({ at, why }) => [
      bad(
        `webhook ${name}`,
        "warning",
        `it is told nothing since ${DateTime.formatIso(DateTime.makeUnsafe(at))}: ${why}`,
        `glider webhooks enable ${name}, or enabled = false in [webhook.${name}]`
      )
    ]
  })

/** All of them. */
export const toldChecks = Effect.gen(function*() {
  const alerts = yield* AlertDesk
  const webhooks = yield* WebhookDesk
  return Effect.gen(function*() {
    const open = yield* alerts.list({ open: true, after: Option.none(), limit: most })
    return [
      lasting(open.alerts.length),
      ...(yield* alerts.sinks).flatMap(sink),
      ...(yield* webhooks.list).flatMap(webhook)
    ]
  })
})
