/** Webhooks on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { DeliveriesPage, WebhookView } from "../api/WebhookMessages.ts"
import { fromNow, orDash, print, say, table } from "./Print.ts"

const standing = ({ disabled_at, enabled, held_until }: WebhookView, now: DateTime.Utc): string => {
  if (!enabled) return "switched off"
  if (Option.isSome(disabled_at)) return `gone ${fromNow(now, disabled_at.value)}`
  const held = Option.filter(held_until, (until) => DateTime.isGreaterThan(until, now))
  return Option.match(held, { onNone: () => "told", onSome: (until) => `left alone, ${fromNow(now, until)} again` })
}

const encodeAll = Schema.encodeEffect(Schema.Array(WebhookView))
const encode = Schema.encodeEffect(WebhookView)
const encodePage = Schema.encodeEffect(DeliveriesPage)

/** `glider webhooks list`. */
export const showWebhooks = Effect.fnUntraced(function*(all: ReadonlyArray<WebhookView>) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodeAll(all)),
    text: table(
      ["WEBHOOK", "STATE", "WAITING", "FAILED", "EVENTS", "URL"],
      all.map((one) => [
        one.name,
        standing(one, now),
        String(one.pending),
        String(one.failed),
        one.events.join(" "),
        one.url
      ])
    )
  })
  if (all.length === 0) yield* say("No webhook is configured: docs/webhooks.md says how.")
})

/** `glider webhooks show` and `enable`. */
export const showWebhook = Effect.fnUntraced(function*(one: WebhookView) {
  const now = yield* DateTime.now
  const streams = one.streams.length === 0 ? "all" : one.streams.join(" ")
  yield* print({
    json: yield* Effect.orDie(encode(one)),
    text: [
      `${one.name}: ${standing(one, now)}`,
      ...Option.match(one.disabled_why, { onNone: () => [], onSome: (why) => [`  why      ${why}`] }),
      `  url      ${one.url}`,
      `  events   ${one.events.join(" ")}`,
      `  streams  ${streams}`,
      `  body     ${one.format}, one for each ${one.per}`,
      `  waiting  ${one.pending}`,
      `  failed   ${one.failed}`
    ].join("\n")
  })
})

/** `glider webhooks deliveries`. */
export const showDeliveries = Effect.fnUntraced(function*(page: DeliveriesPage) {
  const now = yield* DateTime.now
  const when = (at: Option.Option<DateTime.Utc>) => orDash(Option.map(at, (instant) => fromNow(now, instant)))
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: table(
      ["EVENT", "TYPE", "ABOUT", "HAPPENED", "STATUS", "TRIES", "NEXT", "LAST ERROR"],
      page.deliveries.map((one) => [
        one.event,
        one.type,
        one.subject,
        fromNow(now, one.at),
        one.status,
        String(one.attempts),
        when(one.due),
        orDash(one.lastError)
      ])
    )
  })
  if (Option.isSome(page.next)) yield* say(`There are more: --after ${page.next.value}`)
})
