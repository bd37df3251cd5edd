import { DateTime, Effect, Option } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { LocalDay } from "../domain/LocalDay.ts"
import { keyOf, periodOf, rangeOf } from "../domain/ReportPeriod.ts"
import { html } from "../reports/Html.ts"
import { markdown } from "../reports/Markdown.ts"
import { type NotYet, Reports } from "../reports/Reports.ts"
import { textOf } from "../reports/Sections.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type ReportEntry, ReportRows } from "../store/ReportRows.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { InvalidRequest, NotFound, type StoreFailed } from "./Problems.ts"
import { ReportInfo, ReportsPage } from "./ReportMessages.ts"
import { storeFailed } from "./Translate.ts"

const viewed = ({ madeAt, period, timesMade }: ReportEntry): ReportInfo =>
  new ReportInfo({
    key: keyOf(period),
    kind: period.kind,
    ...rangeOf(period),
    made_at: DateTime.makeUnsafe(madeAt),
    times_made: timesMade
  })

const refused = (message: string): InvalidRequest =>
  new InvalidRequest({ detail: message, details: [{ pointer: "/payload/date", message }] })

const notMade = (error: NotYet | SurrealError): InvalidRequest | StoreFailed =>
  error._tag === "NotYet" ? refused(`${error.message}.`) : storeFailed(error)

/** There are records of these years. */
const isWithin = (day: LocalDay): boolean => day >= "1970-01-01" && day <= "2199-12-31"

/** It loads nothing, and is shown as if it came from nowhere. */
const policy = { "content-security-policy": "default-src 'none'; sandbox" }

/** How many are listed when nobody says. */
const defaultLimit = 50

export const reportsHandlers = HttpApiBuilder.group(
  Api,
  "reports",
  Effect.fn(function*(handlers) {
    const config = yield* ConfigInForce
    const reports = yield* Reports
    const rows = yield* ReportRows
    const stored = Effect.fnUntraced(function*(key: string) {
      const period = periodOf(key)
      const found = Option.isSome(period)
        ? yield* Effect.mapError(rows.get(period.value), storeFailed)
        : Option.none()
      if (Option.isSome(found)) return found.value
      return yield* new NotFound({ detail: `There is no report ${key}.`, fix: "glider report list" })
    })
    return handlers.handleAll({
      list: ({ query: { after, kind, limit = defaultLimit } }) =>
        rows.list({ kind: Option.fromUndefinedOr(kind), after: Option.fromUndefinedOr(after), limit }).pipe(
          Effect.mapBoth({
            onFailure: storeFailed,
            onSuccess: ({ next, reports }) => new ReportsPage({ reports: reports.map(viewed), next })
          })
        ),
      get: ({ params }) => stored(params.key),
      markdown: ({ params }) => Effect.map(stored(params.key), (report) => markdown(textOf(report))),
      html: ({ params }) =>
        Effect.map(stored(params.key), (report) =>
          HttpServerResponse.text(html(textOf(report)), {
            contentType: "text/html; charset=utf-8",
            headers: policy
          })),
      make: Effect.fnUntraced(function*({ payload: { date, kind } }) {
        if (date !== undefined && !isWithin(date)) {
          return yield* refused(`There are no records of ${date}: the years from 1970 to 2199 can be asked for.`)
        }
        return yield* Effect.mapError(reports.make(kind, date, yield* config.current), notMade)
      })
    })
  })
)
