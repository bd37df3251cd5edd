/** What a run is and what it did. */
import { Option } from "effect"
import type { Run } from "../../domain/Run.ts"
import { Ago, shown, When } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import { letterHref } from "./LetterGroups.ts"
import { ProgressLine } from "./Progress.tsx"
import { runHref, took, triggerText } from "./RunWords.ts"
import { scheduleHref } from "./ScheduleWords.ts"

const Link = ({ id }: { readonly id: string }) => <a href={runHref(id)}>{id}</a>

/** Its facts, as `glider runs show` has them. */
export const RunFacts = ({ owner, run }: { readonly owner: Owner; readonly run: Run }) => (
  <dl class="facts">
    <dt>Trigger</dt>
    <dd>
      {triggerText(run)}
      {shown(run.schedule, (id) => (
        <>
          , <a href={scheduleHref(id)}>{id}</a>
        </>
      ))}
      {shown(run.tick, (tick) => (
        <>
          , tick of <When owner={owner} at={tick} />
        </>
      ))}
    </dd>
    <dt>Started</dt>
    <dd>
      <When owner={owner} at={run.startedAt} />,{" "}
      <span class="soft">
        <Ago owner={owner} at={run.startedAt} />
      </span>
    </dd>
    <dt>{Option.isSome(run.finishedAt) ? "Took" : "So far"}</dt>
    <dd>{took(owner, run)}</dd>
    {shown(run.due, (due) => [
      <dt key="due title">Wakes</dt>,
      <dd key="due">
        <When owner={owner} at={due} />
      </dd>
    ])}
    {run.version !== 1 && [<dt key="version title">Version</dt>, <dd key="version">{run.version}</dd>]}
    {run.attempt > 1 && [
      <dt key="try title">Try</dt>,
      <dd key="try">
        {run.attempt}
        {shown(run.original, (id) => (
          <>
            {" "}of <Link id={id} />
          </>
        ))}
      </dd>
    ]}
    {shown(run.parent, (id) => [
      <dt key="parent title">Parent</dt>,
      <dd key="parent">
        <Link id={id} />
      </dd>
    ])}
    {Object.entries(run.attributes).map(([name, value]) => [
      <dt key={`${name} title`}>{name}</dt>,
      <dd key={name}>{String(value)}</dd>
    ])}
    {run.progress !== null && [
      <dt key="progress title">Progress</dt>,
      <dd key="progress">
        <ProgressLine owner={owner} run={run} />
      </dd>
    ]}
  </dl>
)

/** Why it failed, and what mends that. */
export const RunFailure = ({ letter, run: { error } }: {
  readonly run: Run
  /** Its dead letter, when it has one. */
  readonly letter: Option.Option<string>
}) =>
  Option.isNone(error) ? null : (
    <section class="card failure" aria-labelledby="failure-title">
      <h2 id="failure-title">
        <span aria-hidden="true">✕</span> {error.value.tag}
      </h2>
      <pre>{error.value.message}</pre>
      {shown(error.value.fix, (fix) => (
        <p>
          To mend it: <code>{fix}</code>
        </p>
      ))}
      {shown(letter, (id) => (
        <p class="small">
          It waits in the <a href={letterHref(id)}>dead letters</a>.
        </p>
      ))}
    </section>
  )

const columns = [
  ["read", "Read"],
  ["created", "New"],
  ["updated", "Changed"],
  ["unchanged", "Same"],
  ["deleted", "Deleted"],
  ["quarantined", "Unreadable"],
  ["gaps", "Gaps"]
] as const

/** What a sync did, stream by stream. */
export const SyncReportTable = ({ owner, run }: { readonly owner: Owner; readonly run: Run }) => {
  const { errors, pages, streams } = run.syncReport
  const names = Object.keys({ ...streams, ...errors })
  if (names.length === 0) return null
  return (
    <section class="stack" aria-labelledby="report-title">
      <h2 id="report-title">Report</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Report by stream">
        <table class="report">
          <caption class="small soft">{number(owner, pages)} {pages === 1 ? "page" : "pages"} read</caption>
          <thead>
            <tr>
              <th scope="col">Stream</th>
              {columns.map(([field, title]) => <th key={field} scope="col" class="num">{title}</th>)}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const error = errors[name]
              return (
                <tr key={name}>
                  <th scope="row">
                    {name}
                    {error !== undefined && <span class="wrong small block">{error.tag}: {error.message}</span>}
                    {error !== undefined && shown(error.fix, (fix) => (
                      <span class="small block">
                        To mend it: <code>{fix}</code>
                      </span>
                    ))}
                  </th>
                  {columns.map(([field]) => {
                    const count = streams[name]?.[field] ?? 0
                    return <td key={field} class={count === 0 ? "num zero" : "num"}>{number(owner, count)}</td>
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
