/** `/reports`: the reports that are there, and how one more is made. */
import { Effect, Option } from "effect"
import type { ReportsPage } from "../../api/ReportMessages.ts"
import { Ago, Empty } from "../frame/Bits.tsx"
import { longDay, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"

export const reportHref = (key: string): string => `/reports/${encodeURIComponent(key)}`

/** All that it shows. */
export interface ReportsData {
  readonly owner: Owner
  readonly csrf: string
  readonly page: ReportsPage
  /** Why the last one was not made. */
  readonly trouble: Option.Option<string>
}

const titles = { daily: "Day", weekly: "Week" } as const

const Listed = ({ owner, page: { next, reports } }: { readonly owner: Owner; readonly page: ReportsPage }) => (
  <>
    {reports.length === 0
      ? <Empty>No report was made yet.</Empty>
      : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Reports">
          <table>
            <thead>
              <tr>
                <th scope="col">Report</th>
                <th scope="col">Of</th>
                <th scope="col">Made</th>
              </tr>
            </thead>
            <tbody>
              {reports.map(({ from, key, kind, made_at }) => (
                <tr key={key}>
                  <th scope="row">
                    <a href={reportHref(key)}>{titles[kind]} {key.slice(key.indexOf(":") + 1)}</a>
                  </th>
                  <td>{kind === "daily" ? longDay(owner, from) : `the week from ${longDay(owner, from)}`}</td>
                  <td>
                    <Ago owner={owner} at={made_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    {Option.isSome(next) && <a href={`/reports?after=${encodeURIComponent(next.value)}`}>Older ones</a>}
  </>
)

export const reportsView = ({ csrf, owner, page, trouble }: ReportsData): View => ({
  title: "Reports",
  place: "reports",
  body: (
    <>
      <h1>Reports</h1>
      <p class="soft">What days and weeks were like, against those before.</p>
      {Option.isSome(trouble) && <p class="notice bad" role="alert">{trouble.value}</p>}
      <form method="post" action="/reports/make" class="row">
        <input type="hidden" name="csrf" value={csrf} />
        <label>
          Of <input type="date" name="date" max={owner.today} required />
        </label>
        <button type="submit" name="kind" value="daily">Make that day's</button>
        <button type="submit" name="kind" value="weekly">Make that week's</button>
      </form>
      <Listed owner={owner} page={page} />
    </>
  )
})

export const reportsPage: Page = ({ api, csrf, owner, query }) => {
  const after = query.get("after")
  return Effect.map(
    api.reports.list({ query: { limit: 50, ...after === null ? {} : { after } } }),
    (page) => reportsView({ owner, csrf, page, trouble: Option.none() })
  )
}
