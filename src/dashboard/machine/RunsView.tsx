/** The list of runs with its filter, from what the API has said. */
import { Option } from "effect"
import type { Run } from "../../domain/Run.ts"
import { Empty } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { paramsOf, type RunFilter, spans, states } from "./RunSearch.ts"
import { RunsTable } from "./RunsTable.tsx"

/** All that it shows. */
export interface RunsData {
  readonly owner: Owner
  readonly filter: RunFilter
  /** What is wrong with the typed search. */
  readonly problem: Option.Option<string>
  readonly runs: ReadonlyArray<Run>
  /** Where the page after this one begins. */
  readonly next: Option.Option<number>
  /** Whether this page is the first. */
  readonly isFirst: boolean
  /** For the fields: what can be chosen. */
  readonly workflows: ReadonlyArray<string>
  readonly schedules: ReadonlyArray<readonly [scheduleId: string, id: string]>
}

const Choice = ({ any, label, name, options, value }: {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly any: string
  readonly options: ReadonlyArray<readonly [value: string, text: string]>
}) => (
  <div class="field">
    <label for={name}>{label}</label>
    <select id={name} name={name}>
      <option value="">{any}</option>
      {options.map(([option, text]) => <option key={option} value={option} selected={option === value}>{text}</option>)}
      {value !== "" && !options.some(([option]) => option === value) && <option value={value} selected>{value}</option>}
    </select>
  </div>
)

const named = (names: ReadonlyArray<string>) => names.map((name) => [name, name.replaceAll("_", " ")] as const)
const plain = (names: ReadonlyArray<string>) => names.map((name) => [name, name] as const)

const FilterForm = ({ filter, problem, schedules, workflows }: Pick<
  RunsData,
  "filter" | "problem" | "schedules" | "workflows"
>) => (
  <form method="get" action="/runs" class="filter" role="search" aria-label="Filter of runs">
    <Choice name="status" label="Status" any="any" value={filter.status} options={named(states)} />
    <Choice name="workflow" label="Workflow" any="any" value={filter.workflow} options={plain(workflows)} />
    <Choice name="schedule" label="Schedule" any="any" value={filter.schedule} options={schedules} />
    <Choice name="since" label="Started in" any="any time" value={filter.since} options={Object.entries(spans)} />
    <div class="field grow">
      <label for="query">Search</label>
      <input
        id="query"
        name="query"
        value={filter.query}
        placeholder="error = NeedsAuth or attempt > 1"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={Option.isSome(problem) ? "true" : undefined}
        aria-describedby={Option.isSome(problem) ? "query-problem query-help" : "query-help"}
      />
    </div>
    <button type="submit">Show</button>
    {Option.isSome(problem) && <p id="query-problem" class="wrong full" role="alert">{problem.value}</p>}
    <p id="query-help" class="small soft full">
      Columns such as <code>status</code>, <code>trigger</code>, <code>error</code>, <code>started</code>{" "}
      and search attributes, compared by <code>=</code> <code>!=</code> <code>&lt;</code> <code>&gt;</code>{" "}
      <code>~</code> <code>in (…)</code>, joined by <code>and</code>, <code>or</code>, <code>not</code>.
    </p>
  </form>
)

const Paging = ({ filter, isFirst, next }: Pick<RunsData, "filter" | "isFirst" | "next">) => {
  const first = paramsOf(filter)
  const onward = paramsOf(filter)
  if (Option.isSome(next)) onward.set("after", String(next.value))
  if (isFirst && Option.isNone(next)) return null
  return (
    <nav class="row paging" aria-label="Pages of runs">
      {!isFirst && <a class="button" href={`/runs?${first}`}>Newest</a>}
      {Option.isSome(next) && <a class="button" rel="next" href={`/runs?${onward}`}>Older</a>}
    </nav>
  )
}

export const runsView = ({ filter, isFirst, next, owner, problem, runs, schedules, workflows }: RunsData): View => {
  const isFiltered = paramsOf(filter).size > 0
  return {
    title: "Runs",
    place: "runs",
    // an older page stays as it is: what is new does not belong on it
    ...isFirst ? { live: ["runs"] } : {},
    body: (
      <>
        <header class="row spread">
          <h1>Runs</h1>
          <nav class="row small" aria-label="Often asked for">
            <a href="/runs?status=failed">Failed</a>
            <a href={`/runs?${new URLSearchParams({ query: "state in (running, waiting, parked)" })}`}>At work</a>
            {isFiltered && <a href="/runs">All</a>}
          </nav>
        </header>
        <FilterForm filter={filter} problem={problem} schedules={schedules} workflows={workflows} />
        <div id="runs" data-live={isFirst ? true : undefined} class="stack">
          {Option.isSome(problem) ? null : runs.length === 0
            ? (
              <Empty>
                {isFiltered
                  ? (
                    <>
                      No run is like that. <a href="/runs">Show all</a>
                    </>
                  )
                  : "Nothing ran so far."}
              </Empty>
            )
            : <RunsTable owner={owner} runs={runs} caption="Runs, the newest first" />}
        </div>
        <Paging filter={filter} isFirst={isFirst} next={next} />
      </>
    )
  }
}
