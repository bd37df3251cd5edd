/** What the form for a report does. */
import { Effect, Option, Schema } from "effect"
import { ReportOrder } from "../../api/ReportMessages.ts"
import { LocalDay } from "../../domain/LocalDay.ts"
import type { Action } from "../frame/Pages.ts"
import { problemsOf } from "../machine/RefusedInput.ts"
import { reportHref, reportsView } from "./ReportsPage.tsx"

const decodeDay = Schema.decodeUnknownOption(LocalDay)

/** Makes the report of the day that was chosen, or of its week, and shows it. */
export const makeReport: Action = Effect.fnUntraced(function*({ api, csrf, fields, owner }) {
  const kind = fields.get("kind") === "weekly" ? "weekly" : "daily"
  const date = decodeDay(fields.get("date"))
  const again = (trouble: string) =>
    Effect.map(
      api.reports.list({ query: {} }),
      (page) => ({ ...reportsView({ owner, csrf, page, trouble: Option.some(trouble) }), status: 400 })
    )
  if (Option.isNone(date)) return yield* again("Say of which day.")
  return yield* api.reports.make({ payload: new ReportOrder({ kind, date: date.value }) }).pipe(
    Effect.map(({ key }) => `${reportHref(key)}?done=made`),
    Effect.catchTag("InvalidRequest", (error) => again(problemsOf(error).join("; ")))
  )
})
