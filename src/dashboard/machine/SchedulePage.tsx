import { DateTime, Duration, Effect, Option } from "effect"
import type { Asked, Page } from "../frame/Pages.ts"
import { inputOf, instantOf } from "./LocalInput.ts"
import type { BackfillPreview, Trouble } from "./ScheduleControls.tsx"
import { scheduleView } from "./ScheduleView.tsx"

/** What a form of the page has led to that is still to be seen on it. */
export interface Open {
  readonly trouble: Option.Option<Trouble>
  readonly preview: Option.Option<BackfillPreview>
}

const nothing: Open = { trouble: Option.none(), preview: Option.none() }

const reach = Duration.days(1)

/** The page of a schedule; with what was typed, where that was refused or is to be confirmed. */
export const showSchedule = Effect.fnUntraced(function*(asked: Asked, id: string, open: Open) {
  const { api, csrf, owner, query } = asked
  const from = Option.getOrElse(instantOf(owner, query.get("from")), () => DateTime.subtractDuration(owner.now, reach))
  const to = Option.getOrElse(instantOf(owner, query.get("to")), () => DateTime.addDuration(owner.now, reach))
  const known = Effect.map(
    api.schedules.ticks({ params: { id }, query: { from, to } }),
    ({ ticks }) => ({ ticks, problem: Option.none<string>() })
  )
  // a range that is none, or a definition of another version: the rest of the page is still good
  const told = Effect.catchTag(
    known,
    "InvalidRequest",
    ({ detail }) => Effect.succeed({ ticks: [], problem: Option.some(detail) })
  )
  const [info, { problem, ticks }] = yield* Effect.all([api.schedules.get({ params: { id } }), told], {
    concurrency: "unbounded"
  })
  return scheduleView({
    owner,
    csrf,
    query,
    info,
    ticks,
    tickProblem: problem,
    range: { from: inputOf(owner, from), to: inputOf(owner, to) },
    ...open
  })
})

/** One schedule: its ticks, its settings, and what can be done with it. */
export const schedulePage: Page = (asked) => showSchedule(asked, asked.params["id"] ?? "", nothing)
