/** The last runs of a connection, a bar each: the newest on the right. */
import type { Run } from "../../domain/Run.ts"
import { DataTable, toneOf, When } from "../frame/Bits.tsx"
import { moment, type Owner } from "../frame/Owner.ts"
import { badgeOf, barText, runHref, some, took } from "./RunWords.ts"

/** How many bars there are. */
export const beats = 50

const pitch = 10
const width = 8
const height = 36

type Shape = "well" | "part" | "failed" | "under-way"

/** Told apart by form, too: what failed is tall and notched, what came halfway of middle height, what is at work hollow. */
export const shapeOf = ({ status }: Run): Shape => {
  switch (status) {
    case "completed":
      return "well"
    case "failed":
    case "needs_auth":
      return "failed"
    case "running":
      return "under-way"
    default:
      return "part"
  }
}

const paths: { readonly [S in Shape]: (x: number) => string } = {
  well: (x) => `M${x} 14h${width}v22h-${width}z`,
  part: (x) => `M${x} 14h${width}v7h-${width}zM${x} 25h${width}v11h-${width}z`,
  failed: (x) => `M${x} 0l${width / 2} 8l${width / 2} -8v36h-${width}z`,
  "under-way": (x) => `M${x + 1} 15h${width - 2}v20h-${width - 2}z`
}

/** `50 runs: 48 completed, 2 failed`, of whatever there is. */
export const beatSummary = (owner: Owner, runs: ReadonlyArray<Run>): string => {
  if (runs.length === 0) return "No run so far"
  const statuses = [...new Set(runs.map(({ status }) => status))]
  const counted = statuses.map((status) => ({
    status,
    count: runs.filter((run) => run.status === status).length
  })).toSorted((one, other) => other.count - one.count)
  const words = counted.map(({ count, status }) =>
    count === runs.length ? `all ${status.replace("_", " ")}` : `${count} ${status.replace("_", " ")}`
  )
  return runs.length === 1
    ? `1 run, ${statuses.join("").replace("_", " ")}`
    : `${some(owner, runs.length, "run")}: ${words.join(", ")}`
}

/** The bars are for the mouse; the sentence and the table tell the same to everybody. */
export const Heartbeat = ({ owner, runs, title }: {
  readonly owner: Owner
  readonly title: string
  /** The newest first. */
  readonly runs: ReadonlyArray<Run>
}) => {
  const shown = runs.slice(0, beats)
  const empty = Array.from({ length: beats - shown.length }, (_, index) => index * pitch)
  return (
    <div class="beat">
      <svg
        viewBox={`0 0 ${beats * pitch - 2} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        {empty.map((x) => <rect key={x} class="none" x={x} y={height - 3} width={width} height={3} />)}
        {shown.toReversed().map((run, index) => (
          <a key={run.id} href={runHref(run.id)} tabIndex={-1}>
            <title>{barText(owner, run, moment(owner, run.startedAt))}</title>
            <rect class="field" x={(empty.length + index) * pitch} y={0} width={pitch} height={height} />
            <path
              class={`${shapeOf(run)} ${toneOf(badgeOf(run))}`}
              d={paths[shapeOf(run)]((empty.length + index) * pitch)}
            />
          </a>
        ))}
      </svg>
      <p class="small soft">{beatSummary(owner, shown)}</p>
      {shown.length > 0 && (
        <DataTable
          title={title}
          columns={["Started", "Run", "Status", "Took"]}
          rows={shown.map((run) => [
            <When owner={owner} at={run.startedAt} />,
            <a href={runHref(run.id)}>{run.workflow}</a>,
            run.status.replace("_", " "),
            took(owner, run)
          ])}
        />
      )}
    </div>
  )
}
