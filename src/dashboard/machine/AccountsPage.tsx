import { Effect } from "effect"
import type { Page } from "../frame/Pages.ts"
import { accountsView } from "./AccountsView.tsx"

/** The accounts, and who is signed in here. */
export const accountsPage: Page = Effect.fnUntraced(function*({ api, csrf, owner, query }) {
  const [accounts, connectors, sessions] = yield* Effect.all(
    [api.connections.list(), api.connectors.list(), api.sessions.list()],
    { concurrency: "unbounded" }
  )
  return accountsView({ owner, csrf, query, accounts, connectors, sessions })
})
