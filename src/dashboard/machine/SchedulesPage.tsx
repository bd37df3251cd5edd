import { Effect, Option, Predicate } from "effect"
import type { Page } from "../frame/Pages.ts"
import { scheduleStates, schedulesView } from "./SchedulesView.tsx"

/** Rows of a page. */
const perPage = 50

const stateOf = (text: string) => scheduleStates.find((state) => state === text)

/** All schedules. */
export const schedulesPage: Page = Effect.fnUntraced(function*({ api, csrf, owner, query }) {
  const text = query.get("text")?.trim() ?? ""
  const state = stateOf(query.get("state") ?? "")
  const after = query.get("after")
  const [page, plan] = yield* Effect.all([
    api.schedules.list({
      query: {
        limit: perPage,
        ...text === "" ? {} : { text },
        ...state === undefined ? {} : { state },
        ...after === null ? {} : { after }
      }
    }),
    // a config with a mistake is told beside the schedules, which go on as they are
    Effect.result(api.schedules.plan())
  ], { concurrency: "unbounded" })
  if (plan._tag === "Failure" && !Predicate.isTagged(plan.failure, "InvalidConfig")) {
    return yield* plan.failure
  }
  return schedulesView({
    owner,
    csrf,
    query,
    filter: { text, state: state ?? "" },
    schedules: page.schedules,
    total: page.total,
    next: page.next,
    isFirst: after === null,
    plan: plan._tag === "Success" ? Option.some(plan.success) : Option.none(),
    planProblem: plan._tag === "Failure" && "detail" in plan.failure ? Option.some(plan.failure.detail) : Option.none()
  })
})
