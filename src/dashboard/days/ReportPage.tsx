/** `/reports/daily_reports:2026-11-26`: one report. */
import { Effect } from "effect"
import type { Report } from "../../domain/Report.ts"
import { type Part, textOf } from "../../reports/Sections.ts"
import { Act, Ago, Notice } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"

const Rows = ({ columns, rows, title }: Extract<Part, { readonly _tag: "Table" }>) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={title}>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">{column === "" ? <span class="hidden">of what</span> : column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row[0]}>
            {row.map((cell, at) => at === 0 ? <th key={at} scope="row">{cell}</th> : <td key={at}>{cell}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Section = ({ part }: { readonly part: Part }) => (
  <section class="card stack">
    <h2>{part.title}</h2>
    {part._tag === "Table"
      ? <Rows {...part} />
      : <ul>{part.items.map((item, index) => <li key={index}>{item}</li>)}</ul>}
  </section>
)

const done = { made: "The report was made." }

export const reportView = (
  { csrf, owner, query, report }: {
    readonly owner: Owner
    readonly csrf: string
    readonly query: URLSearchParams
    readonly report: Report
  }
): View => {
  const { notes, parts, title } = textOf(report)
  const api = `/api/v1/reports/${encodeURIComponent(report.key)}`
  return {
    title,
    place: "reports",
    body: (
      <>
        <Notice query={query} texts={done} />
        <h1>{title}</h1>
        {notes.map((note) => <p key={note} class="soft">{note}</p>)}
        {parts.map((part) => <Section key={part.title} part={part} />)}
        <div class="row spread">
          <p class="soft">
            Made <Ago owner={owner} at={report.made_at} />. The same as <a href={`${api}/markdown`}>Markdown</a>,{" "}
            <a href={`${api}/html`}>HTML</a> and <a href={api}>JSON</a>.
          </p>
          <Act action="/reports/make" csrf={csrf} fields={{ kind: report.kind, date: report.from }}>Make it anew</Act>
        </div>
      </>
    )
  }
}

export const reportPage: Page = ({ api, csrf, owner, params: { key = "" }, query }) =>
  Effect.map(api.reports.get({ params: { key } }), (report) => reportView({ owner, csrf, query, report }))
