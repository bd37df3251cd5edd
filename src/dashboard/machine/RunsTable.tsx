import { Option } from "effect"
import type { Run } from "../../domain/Run.ts"
import { Ago, Badge } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { ProgressLine } from "./Progress.tsx"
import { badgeOf, doing, resultText, runHref, took, triggerText } from "./RunWords.ts"
import { scheduleHref } from "./ScheduleWords.ts"

/** Runs, a row each: the name leads to the run. */
export const RunsTable = ({ caption, owner, runs }: {
  readonly owner: Owner
  readonly runs: ReadonlyArray<Run>
  readonly caption: string
}) => (
  <table class="rows">
    <caption class="hidden">{caption}</caption>
    <thead>
      <tr>
        <th scope="col">Status</th>
        <th scope="col">Run</th>
        <th scope="col" class="wide-only">Trigger</th>
        <th scope="col">Started</th>
        <th scope="col" class="num mid-only">Took</th>
        <th scope="col" class="wide-only">Result</th>
      </tr>
    </thead>
    <tbody>
      {runs.map((run) => (
        <tr key={run.id} id={`run-${run.id}`}>
          <td>
            <Badge kind={badgeOf(run)} />
          </td>
          <th scope="row">
            <a href={runHref(run.id)}>{run.workflow}</a>
            {run.attempt > 1 && <span class="small soft">{" "}try {run.attempt}</span>}
            <span class="small soft block narrow-only">{resultText(owner, run)}</span>
          </th>
          <td class="wide-only">
            {Option.isSome(run.schedule)
              ? <a href={scheduleHref(run.schedule.value)}>{triggerText(run)}</a>
              : triggerText(run)}
          </td>
          <td>
            <Ago owner={owner} at={run.startedAt} />
          </td>
          <td class="num mid-only">{took(owner, run)}</td>
          <td class="wide-only result">
            {Option.isSome(run.finishedAt) ? resultText(owner, run) : (
              <>
                <span class="soft">{doing(owner, run)}</span> <ProgressLine owner={owner} run={run} />
              </>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
