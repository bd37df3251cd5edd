/** How a run is shown while it goes on, and what remains of it. */
import { Console, DateTime, Duration, Effect, Option, Schema, Stream } from "effect"
import type { RunEvent } from "../api/Messages.ts"
import type { Progress } from "../domain/Progress.ts"
import { Run, StreamCounts } from "../domain/Run.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { print, say, table } from "./Print.ts"
import { Look } from "./Terminal.ts"

const barWidth = 24

const bar = (fraction: number): string => {
  const full = Math.round(Math.min(Math.max(fraction, 0), 1) * barWidth)
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ${String(Math.round(fraction * 100)).padStart(3)} %`
}

const soFar = (pages: number, read: number): string => `${pages} ${pages === 1 ? "page" : "pages"}, ${read} records`

const barLine = ({ fraction, pages, stream }: Progress, read: number): string =>
  [
    ...Option.match(fraction, { onNone: () => [], onSome: (known) => [bar(known)] }),
    stream,
    soFar(pages, read)
  ].join("  ")

const plainLine = ({ fraction, pages, stream }: Progress, read: number): string => {
  const done = Option.match(fraction, { onNone: () => "", onSome: (known) => ` (${Math.round(known * 100)} %)` })
  return `${stream}${done}: ${soFar(pages, read)}`
}

const erase = "\r\u001b[K"

const draw = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    globalThis.process.stderr.write(text)
  })

/** Passes the events on; draws one line again and again on a terminal, and writes a line a page elsewhere. */
export const showProgress = <E, R>(
  name: string,
  events: Stream.Stream<RunEvent, E, R>
): Stream.Stream<RunEvent, E, R | Look> =>
  Stream.unwrap(Effect.gen(function*() {
    const { animate } = yield* Look
    let read = 0
    if (animate) yield* draw(`${name} …`)
    const shown = Stream.tap(events, (event) => {
      if (event._tag !== "Progress") return Effect.void
      read += event.progress.counts.read
      return animate ? draw(`${erase}${barLine(event.progress, read)}`) : Console.error(plainLine(event.progress, read))
    })
    return animate ? Stream.ensuring(shown, draw(erase)) : shown
  }))

const encodeRun = Schema.encodeEffect(Run)

const columns = ["read", "created", "updated", "deleted", "unchanged", "quarantined", "gaps"] as const
const headings = ["STREAM", "READ", "NEW", "CHANGED", "DELETED", "SAME", "UNREADABLE", "GAPS"]

const cells = (counts: StreamCounts): ReadonlyArray<string> => columns.map((column) => String(counts[column]))

/** The run in one sentence. */
const sentence = (run: Run): string => {
  const took = Option.match(run.finishedAt, {
    onNone: () => "",
    onSome: (end) => ` in ${Duration.format(DateTime.distance(run.startedAt, end))}`
  })
  return `${run.workflow}: ${run.status}${took}`
}

const summary = (run: Run): string => {
  const streams = Object.entries(run.syncReport.streams)
  const total = streams.reduce((sum, [, counts]) => sum.plus(counts), StreamCounts.none)
  const rows = streams.map(([stream, counts]) => [stream, ...cells(counts)])
  return [
    sentence(run),
    ...rows.length === 0 ? [] : ["", table(headings, rows.length === 1 ? rows : [...rows, ["total", ...cells(total)]])]
  ].join("\n")
}

/** Prints the run, and fails as the run did. */
export const finish = Effect.fnUntraced(function*(event: RunEvent) {
  if (event._tag === "Skipped") {
    return yield* new CommandFailed({
      message: `${event.task} is running already (run ${event.runningId})`,
      fix: "glider status",
      exitCode: exitCodes.failed
    })
  }
  if (event._tag !== "Finished") {
    return yield* new CommandFailed({
      message: "glider stopped before the run was over",
      fix: "glider status",
      exitCode: exitCodes.failed
    })
  }
  const { run } = event
  yield* print({ json: yield* Effect.orDie(encodeRun(run)), text: summary(run) })
  if (run.status === "partial") {
    for (const [stream, error] of Object.entries(run.syncReport.errors)) {
      yield* say(`glider: ${stream}: ${error.message}`)
    }
  }
  if (run.status === "completed") return
  const fix = Option.flatMap(run.error, (error) => error.fix)
  return yield* new CommandFailed({
    message: Option.match(run.error, {
      onNone: () => `${run.workflow} ended as ${run.status}`,
      onSome: ({ message }) => `${run.workflow} ended as ${run.status}: ${message}`
    }),
    ...Option.match(fix, { onNone: () => ({}), onSome: (command) => ({ fix: command }) }),
    exitCode: run.status === "needs_auth" ? exitCodes.signInNeeded : exitCodes.failed
  })
})
