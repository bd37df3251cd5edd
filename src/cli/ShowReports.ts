/** Reports on the terminal. */
import { Console, DateTime, Effect, Option, Schema } from "effect"
import { ReportsPage } from "../api/ReportMessages.ts"
import { Report } from "../domain/Report.ts"
import { html } from "../reports/Html.ts"
import { markdown } from "../reports/Markdown.ts"
import { textOf } from "../reports/Sections.ts"
import { OutputFlag } from "./Flags.ts"
import { fromNow, print, say, table, visibleLines } from "./Print.ts"

const encode = Schema.encodeEffect(Schema.fromJsonString(Report))
const encodePage = Schema.encodeEffect(ReportsPage)

/** `glider report daily`, `weekly` and `show`. */
export const showReport = Effect.fnUntraced(function*(report: Report, format: "md" | "html" | "json") {
  if (format === "json" || (yield* OutputFlag) === "json") {
    return yield* Console.log(yield* Effect.orDie(encode(report)))
  }
  const text = textOf(report)
  yield* Console.log(visibleLines(format === "md" ? markdown(text) : html(text)).trimEnd())
})

/** `glider report list`. */
export const showReports = Effect.fnUntraced(function*(page: ReportsPage) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: page.reports.length === 0 ? "no report was made yet" : table(
      ["REPORT", "FROM", "TO", "MADE", "TIMES"],
      page.reports.map((one) => [one.key, one.from, one.to, fromNow(now, one.made_at), String(one.times_made)])
    )
  })
  if (Option.isSome(page.next)) yield* say(`There are more: --after "${page.next.value}"`)
})
