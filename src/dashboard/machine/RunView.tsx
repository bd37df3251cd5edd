/** One run, from what the API has said. */
import { Option } from "effect"
import type { RunHistory } from "../../api/RunMessages.ts"
import type { Run } from "../../domain/Run.ts"
import { Badge, Notice } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { Tone, View } from "../frame/View.ts"
import { ganttOf } from "./Gantt.ts"
import { GanttChart } from "./GanttChart.tsx"
import { RetryForm, RunButtons, type Typed } from "./RunControls.tsx"
import { RunEvents } from "./RunEvents.tsx"
import { RunFacts, RunFailure, SyncReportTable } from "./RunParts.tsx"
import { RunsTable } from "./RunsTable.tsx"
import { badgeOf, doing, resultText } from "./RunWords.ts"

/** All that it shows. */
export interface RunData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly history: RunHistory
  readonly children: ReadonlyArray<Run>
  /** Other tries of the same. */
  readonly tries: ReadonlyArray<Run>
  readonly typed: Option.Option<Typed>
  /** Its dead letter, when it has one. */
  readonly letter: Option.Option<string>
}

const done = {
  cancel: "The run is asked to end.",
  retry: "This run tries again what the other one did.",
  resumed: "The run goes on."
}

const toneOf = ({ state, status }: Run): Tone =>
  status === "failed" || status === "needs_auth" || state === "parked"
    ? "problem"
    : status === "partial"
    ? "warning"
    : "ok"

const Listed = ({ owner, runs, title, id }: {
  readonly owner: Owner
  readonly id: string
  readonly title: string
  readonly runs: ReadonlyArray<Run>
}) =>
  runs.length === 0 ? null : (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <RunsTable owner={owner} runs={runs} caption={title} />
    </section>
  )

export const runView = (
  { children, csrf, history: { events, run }, letter, owner, query, tries, typed }: RunData
): View => {
  const isOver = Option.isSome(run.finishedAt)
  // what it takes to go on comes with its end: each part by itself, so that one in use keeps none of the others back
  const isLive = isOver ? undefined : true
  const input = Option.flatMap(
    Option.fromUndefinedOr(events.find(({ kind }) => kind === "started")),
    ({ value }) => value
  )
  return {
    title: `${run.workflow}: ${run.status.replace("_", " ")}`,
    place: "runs",
    tone: toneOf(run),
    ...isOver ? {} : { live: ["runs"] },
    ...Option.isSome(typed) ? { status: 400 } : {},
    body: (
      <>
        <Notice query={query} texts={done} />
        <div id="run" class="stack" data-live={isLive} data-every={isOver ? undefined : 2}>
          <header class="stack tight">
            <p class="small">
              <a href="/runs">Runs</a>
            </p>
            <div class="row">
              <h1>{run.workflow}</h1>
              <Badge kind={badgeOf(run)} />
              {!isOver && <span class="soft">{doing(owner, run)}</span>}
            </div>
            <p class="small soft mono anywhere">{run.id}</p>
            {isOver && Option.isNone(run.error) && <p>{resultText(owner, run)}</p>}
          </header>
          <RunFailure run={run} letter={letter} />
          <RunButtons csrf={csrf} run={run} />
          <RunFacts owner={owner} run={run} />
          <SyncReportTable owner={owner} run={run} />
          <section class="stack" aria-labelledby="timeline-title">
            <h2 id="timeline-title">Timeline</h2>
            {events.length === 0
              ? <p class="soft">Its journal was pruned.</p>
              : <GanttChart owner={owner} gantt={ganttOf(run, events, children, owner.now.epochMilliseconds)} />}
            {events.length > 0 && <RunEvents owner={owner} run={run} events={events} />}
          </section>
        </div>
        <div id="retry" data-live={isLive}>
          <RetryForm csrf={csrf} run={run} input={input} typed={typed} />
        </div>
        <div id="children" data-live={isLive}>
          <Listed owner={owner} id="children-title" title="Runs that it started" runs={children} />
        </div>
        <div id="tries" data-live={isLive}>
          <Listed owner={owner} id="tries-title" title="Other tries" runs={tries} />
        </div>
      </>
    )
  }
}
