import { Effect } from "effect"
import type { Action, Page } from "../frame/Pages.ts"
import { alertsView } from "./AlertsView.tsx"

/** Alerts that are over that are shown besides those that last. */
const mostShown = 50

/** What somebody should look at, and whom that is told. */
export const alertsPage: Page = ({ api, csrf, owner, query }) =>
  Effect.map(
    Effect.all({
      open: api.alerts.list({ query: { state: "open", limit: 500 } }),
      all: api.alerts.list({ query: { state: "all", limit: mostShown } }),
      sinks: api.alerts.sinks()
    }, { concurrency: "unbounded" }),
    ({ all, open, sinks }) => alertsView({ owner, csrf, query, open: open.alerts, recent: all.alerts, sinks })
  )

/** Sends a message to a sink. */
export const test: Action = ({ api, fields }) =>
  Effect.map(
    api.alerts.test({ payload: { sink: fields.get("sink") ?? "" } }),
    (trials) => `/alerts?done=${trials.every(({ sent }) => sent) ? "sent" : "not_taken"}`
  )
