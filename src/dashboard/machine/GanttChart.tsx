import { DateTime, Option } from "effect"
import { DataTable, Empty, When } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { type Bar, chartWidth, type Gantt, placeOf, type Row } from "./Gantt.ts"
import { lengthText, runHref, short } from "./RunWords.ts"

/** Rows that are drawn; the table has all of them. */
const mostRows = 60

const rowHeight = 16

const barText = (owner: Owner, row: Row, bar: Bar): string => {
  const spent = lengthText(owner, Math.max(0, bar.to - bar.from) / 1000)
  return `${row.label}${bar.text === "" ? "" : `, ${short(bar.text)}`}: ${spent}${bar.isOpen ? " so far" : ""}`
}

/** Failed tries are notched, waits thin: told apart by form as well as by colour. */
const Shape = ({ bar, place: { width, x } }: { readonly bar: Bar; readonly place: ReturnType<typeof placeOf> }) => {
  switch (bar.kind) {
    case "retry":
    case "timer":
    case "signal":
      return <rect class={`bar ${bar.kind}`} x={x} y={6} width={width} height={4} />
    case "child":
      return <rect class="bar child" x={x} y={3} width={width} height={10} />
    case "failed":
      return <path class="bar failed" d={`M${x} 1h${width}l-${width / 2} 5l${width / 2} 9h-${width}z`} />
    default:
      return <rect class={`bar ${bar.kind}`} x={x} y={1} width={width} height={14} />
  }
}

const ticks = [0, 0.25, 0.5, 0.75, 1]

/** The timeline as a drawing, with a table behind it. */
export const GanttChart = ({ gantt, owner }: { readonly owner: Owner; readonly gantt: Gantt }) => {
  const { from, rows, to } = gantt
  if (rows.length === 0) return <Empty>It has done nothing that is known of.</Empty>
  const shown = rows.slice(0, mostRows)
  return (
    <div class="gantt">
      <div class="axis small soft num" aria-hidden="true">
        <span />
        <span class="marks">
          {ticks.map((part) => <span key={part}>{lengthText(owner, (to - from) * part / 1000)}</span>)}
        </span>
      </div>
      <div aria-hidden="true">
        {shown.map((row) => (
          <div class="step" key={row.key}>
            <span class="label small">{row.label}</span>
            <svg viewBox={`0 0 ${chartWidth} ${rowHeight}`} preserveAspectRatio="none" focusable="false">
              {ticks.map((part) => (
                <rect key={part} class="grid" x={part * (chartWidth - 1)} y={0} width={1} height={rowHeight} />
              ))}
              {row.bars.map((bar, index) => (
                <g key={index}>
                  <title>{barText(owner, row, bar)}</title>
                  <Shape bar={bar} place={placeOf(gantt, bar)} />
                </g>
              ))}
            </svg>
          </div>
        ))}
      </div>
      {rows.length > shown.length && <p class="small soft">and {rows.length - shown.length} more, in the table</p>}
      <DataTable
        title="Steps"
        columns={["Step", "What", "From", "After", "Took"]}
        rows={rows.flatMap((row) =>
          row.bars.map((bar) => [
            Option.isSome(row.run) ? <a href={runHref(row.run.value)}>{row.label}</a> : row.label,
            bar.text === "" ? bar.kind : bar.text,
            <When owner={owner} at={DateTime.makeUnsafe(bar.from)} />,
            lengthText(owner, (bar.from - from) / 1000),
            `${lengthText(owner, (bar.to - bar.from) / 1000)}${bar.isOpen ? " so far" : ""}`
          ])
        )}
      />
    </div>
  )
}
