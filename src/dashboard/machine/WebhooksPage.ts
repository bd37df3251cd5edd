import { Effect, Option } from "effect"
import { ReplayChoice } from "../../api/WebhookMessages.ts"
import type { Action, Page } from "../frame/Pages.ts"
import { webhooksView } from "./WebhooksView.tsx"

/** Of each webhook, so many deliveries are shown. */
const mostShown = 20

const hrefOf = (done: string): string => `/webhooks?done=${done}`

/** The programs elsewhere that are told what happens, and what they were told last. */
export const webhooksPage: Page = Effect.fnUntraced(function*({ api, csrf, owner, query }) {
  const webhooks = yield* api.webhooks.list()
  const all = yield* Effect.forEach(webhooks, (webhook) =>
    Effect.map(
      api.webhooks.deliveries({ params: { name: webhook.name }, query: { limit: mostShown } }),
      ({ deliveries, next }) => ({ webhook, deliveries, more: Option.isSome(next) })
    ), { concurrency: 4 })
  return webhooksView({ owner, csrf, query, all })
})

/** What the buttons of a webhook do. */
export const change: Action = Effect.fnUntraced(function*({ api, fields, params: { action = "", name = "" } }) {
  const params = { name }
  switch (action) {
    case "enable":
      return yield* Effect.as(api.webhooks.enable({ params }), hrefOf("enabled"))
    case "test": {
      const { delivered } = yield* api.webhooks.test({ params })
      return hrefOf(delivered ? "taken" : "not_taken")
    }
    default: {
      const event = fields.get("event")
      const payload = new ReplayChoice(event === null ? { failed: true } : { events: [event] })
      return yield* Effect.as(api.webhooks.replay({ params, payload }), hrefOf("replayed"))
    }
  }
})
