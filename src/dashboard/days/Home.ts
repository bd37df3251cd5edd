/** What stands at `/`: the week when the address asks for one, else how things are. */
import { Effect } from "effect"
import type { Page } from "../frame/Pages.ts"

export const home: Page = Effect.fnUntraced(function*(asked) {
  if (asked.query.has("week")) {
    const { weekPage } = yield* Effect.promise(() => import("./WeekPage.tsx"))
    return yield* weekPage(asked)
  }
  const { overviewPage } = yield* Effect.promise(() => import("../machine/OverviewPage.tsx"))
  return yield* overviewPage(asked)
})
