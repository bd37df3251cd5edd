/** When a run did what: the bars of its timeline, from its history. */
import { Option } from "effect"
import type { Run } from "../../domain/Run.ts"
import type { HistoryEvent } from "../../domain/RunHistory.ts"

/** A stretch of time, in epoch milliseconds. */
export interface Bar {
  /** `retry`: between two tries of an activity; `open`: something that goes on now and is not in the history yet. */
  readonly kind: "work" | "failed" | "retry" | "timer" | "signal" | "child" | "cancel" | "open"
  readonly from: number
  readonly to: number
  /** What it is, beside its row's name. */
  readonly text: string
  /** It goes on. */
  readonly isOpen: boolean
}

/** One step, or one thing that was waited for. */
export interface Row {
  readonly key: string
  readonly label: string
  /** The run that it is. */
  readonly run: Option.Option<string>
  readonly bars: ReadonlyArray<Bar>
}

/** The timeline, between two instants. */
export interface Gantt {
  readonly from: number
  readonly to: number
  readonly rows: ReadonlyArray<Row>
}

interface Draft {
  readonly key: string
  readonly label: string
  readonly run: Option.Option<string>
  readonly bars: Array<Bar>
}

/** Pages of a stream are one row. */
const labelOf = (streams: ReadonlyArray<string>, name: string): string =>
  streams.find((stream) => name.startsWith(`${stream} `)) ?? name

const pageOf = (label: string, name: string): string => label === name ? "" : name.slice(label.length + 1)

const joined = (...parts: ReadonlyArray<string>): string => parts.filter((part) => part !== "").join(", ")

/** The bars of an activity's try, after the wait that came before it. */
const tries = (row: Draft, event: HistoryEvent): ReadonlyArray<Bar> => {
  const to = event.at.epochMilliseconds
  const from = to - Option.getOrElse(event.tookMillis, () => 0)
  const attempt = Option.getOrElse(event.attempt, () => 1)
  const before = row.bars.at(-1)
  const text = joined(
    pageOf(row.label, event.name),
    attempt > 1 ? `try ${attempt}` : "",
    Option.match(event.error, { onNone: () => "", onSome: (error) => `failed: ${error}` })
  )
  const bar: Bar = { kind: Option.isSome(event.error) ? "failed" : "work", from, to, text, isOpen: false }
  return attempt > 1 && before?.kind === "failed" && before.to < from
    ? [{ kind: "retry", from: before.to, to: from, text: `waits for try ${attempt}`, isOpen: false }, bar]
    : [bar]
}

/**
 * The timeline of a run until its end, or until `now`. A wait that is not over and what is under way have no end in the history:
 * their bars reach to the edge.
 */
export const ganttOf = (
  run: Run,
  events: ReadonlyArray<HistoryEvent>,
  children: ReadonlyArray<Run>,
  now: number
): Gantt => {
  const from = run.startedAt.epochMilliseconds
  const isOver = Option.isSome(run.finishedAt)
  const to = Math.max(
    from + 1,
    Option.match(run.finishedAt, { onNone: () => now, onSome: (at) => at.epochMilliseconds })
  )
  const streams = Object.keys(run.syncReport.streams)
  const rows = new Map<string, Draft>()
  const rowOf = (key: string, label: string, child: Option.Option<string> = Option.none()): Draft => {
    const known = rows.get(key)
    if (known !== undefined) return known
    const made = { key, label, run: child, bars: [] }
    rows.set(key, made)
    return made
  }

  const fired = (timer: HistoryEvent, index: number): number | undefined =>
    events.slice(index + 1).find(({ kind, name }) => kind === "fired" && name === timer.name)?.at.epochMilliseconds

  let last = from
  for (const [index, event] of events.entries()) {
    const at = event.at.epochMilliseconds
    switch (event.kind) {
      case "activity": {
        const label = labelOf(streams, event.name)
        const row = rowOf(`activity ${label}`, label)
        row.bars.push(...tries(row, event))
        break
      }
      case "timer": {
        const end = fired(event, index)
        const row = rowOf(`timer ${event.name}`, event.name)
        row.bars.push({ kind: "timer", from: at, to: end ?? to, text: "timer", isOpen: end === undefined && !isOver })
        break
      }
      case "child": {
        const id = Option.getOrElse(event.run, () => event.name)
        const end = Option.fromUndefinedOr(children.find((child) => child.id === id)).pipe(
          Option.flatMap(({ finishedAt }) => finishedAt),
          Option.map((instant) => Math.min(to, instant.epochMilliseconds))
        )
        const isOpen = Option.isNone(end) && !isOver
        const row = rowOf(`child ${id}`, event.name, event.run)
        row.bars.push({
          kind: "child",
          from: at,
          to: Math.max(at, Option.getOrElse(end, () => to)),
          text: "child",
          isOpen
        })
        break
      }
      case "signal": {
        const row = rowOf(`signal ${event.name}`, event.name)
        row.bars.push({ kind: "signal", from: last, to: at, text: "until its signal came", isOpen: false })
        break
      }
      case "cancel":
        rowOf("cancel", "cancel asked").bars.push({ kind: "cancel", from: at, to: at, text: event.name, isOpen: false })
        break
      case "started":
      case "fired":
      case "ended":
        break
    }
    last = Math.max(last, at)
  }
  const isWaiting = [...rows.values()].some(({ bars }) => bars.some(({ isOpen }) => isOpen))
  if (!isOver && !isWaiting && run.state !== "parked" && run.state !== "stopped") {
    const label = run.state === "waiting" ? "waiting" : "under way"
    rowOf("open", label).bars.push({ kind: "open", from: Math.min(last, to), to, text: label, isOpen: true })
  }
  return { from, to, rows: [...rows.values()] }
}

/** How wide the drawing is, in units of its own. */
export const chartWidth = 1000

/** The narrowest bar that can still be seen. */
const least = 4

/** Where a bar stands in the drawing. */
export const placeOf = ({ from, to }: Gantt, bar: Bar): { readonly x: number; readonly width: number } => {
  const unit = chartWidth / (to - from)
  const start = Math.min(Math.max(0, (bar.from - from) * unit), chartWidth - least)
  const width = Math.min(Math.max(least, (bar.to - bar.from) * unit), chartWidth - start)
  const rounded = (value: number) => Math.round(value * 10) / 10
  return { x: rounded(start), width: rounded(width) }
}
