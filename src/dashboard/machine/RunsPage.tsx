import { Effect, Option, Result } from "effect"
import { TaskName } from "../../domain/Task.ts"
import type { Asked, Page } from "../frame/Pages.ts"
import { filterOf, searchOf } from "./RunSearch.ts"
import { runsView } from "./RunsView.tsx"

/** Rows of a page. */
const perPage = 50

/** Where a list goes on; none of what is no number. */
const afterOf = (query: URLSearchParams): number | undefined => {
  const text = query.get("after")
  const after = text === null || text === "" ? NaN : Number(text)
  return Number.isFinite(after) ? after : undefined
}

/** What the fields offer: syncs that are scheduled, workflows and schedules. */
const choices = ({ api }: Asked) =>
  Effect.all([
    api.workflows.list(),
    api.system.status(),
    api.schedules.list({ query: { limit: 200 } })
  ], { concurrency: "unbounded" }).pipe(
    Effect.map(([workflows, { tasks }, { schedules }]) => ({
      workflows: [
        ...tasks.map(({ task }) => task),
        // of the syncs only those of the config are offered
        ...workflows.map(({ name }) => name).filter((name) => !TaskName.literals.some((task) => task === name))
      ],
      schedules: schedules.map(({ id, schedule_id }) => [schedule_id, id] as const)
    }))
  )

/** Runs, the newest first. */
export const runsPage: Page = Effect.fnUntraced(function*(asked) {
  const { api, owner, query } = asked
  const filter = filterOf(query)
  const after = afterOf(query)
  const search = searchOf(filter)
  const { schedules, workflows } = yield* choices(asked)
  const page = Result.isFailure(search) ? { runs: [], next: Option.none<number>() } : yield* api.runs.list({
    query: {
      limit: perPage,
      ...search.success === undefined ? {} : { query: search.success },
      ...after === undefined ? {} : { after }
    }
  })
  return runsView({
    owner,
    filter,
    problem: Result.getFailure(search),
    runs: page.runs,
    next: page.next,
    isFirst: after === undefined,
    workflows,
    schedules
  })
})
