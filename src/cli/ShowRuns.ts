/** Tables for a person and JSON for programs, of runs and their histories. */
import { DateTime, Duration, Effect, Option, Result, Schema } from "effect"
import { type RunHistory, RunPage } from "../api/RunMessages.ts"
import { distance } from "../domain/Nearest.ts"
import { Run } from "../domain/Run.ts"
import { HistoryEvent } from "../domain/RunHistory.ts"
import { parse, type RunQuery } from "../domain/RunQuery.ts"
import { columnKinds } from "../domain/RunQuerySyntax.ts"
import { fromNow, orDash, print, say, table, visible, visibleLines } from "./Print.ts"

const encodePage = Schema.encodeEffect(RunPage)
const encodeRun = Schema.encodeEffect(Run)
const encodeEvents = Schema.encodeEffect(Schema.Array(HistoryEvent))

/** The status, and what a run that is not over is doing. */
export const stateText = ({ cancelRequested, due, state, status }: Run, now: DateTime.Utc): string => {
  const more = state === "parked"
    ? " (parked)"
    : cancelRequested && status === "running"
    ? " (being cancelled)"
    : state === "waiting"
    ? Option.match(due, { onNone: () => " (waiting)", onSome: (at) => ` (wakes ${fromNow(now, at)})` })
    : state === "stopped"
    ? " (goes on at the next start)"
    : ""
  return `${status.replace("_", " ")}${more}`
}

const took = ({ finishedAt, startedAt }: Run): string =>
  orDash(Option.map(finishedAt, (end) => Duration.format(DateTime.distance(startedAt, end))))

const attributesText = ({ attributes }: Run): string =>
  Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join(" ")

const columns = Object.keys(columnKinds)

/** The columns that are one edit from a name in the query, which as it stands is a search attribute. */
const meantColumns = (text: string): ReadonlyArray<string> => {
  const names = (query: RunQuery): ReadonlyArray<string> => {
    switch (query._tag) {
      case "And":
        return query.all.flatMap(names)
      case "Or":
        return query.any.flatMap(names)
      case "Not":
        return names(query.query)
      case "Compare":
      case "In":
        return query.field._tag === "Attribute" ? [query.field.name] : []
    }
  }
  const named = Result.match(parse(text), { onFailure: () => [], onSuccess: names })
  return columns.filter((column) => named.some((name) => distance(name.toLowerCase(), column) === 1))
}

/** `glider runs list`; of a query that found nothing it tells which column was probably meant. */
export const showRuns = Effect.fnUntraced(function*(page: RunPage, query: Option.Option<string>) {
  const now = yield* DateTime.now
  const rows = page.runs.map((run) => [
    run.id,
    run.workflow,
    stateText(run, now),
    run.trigger,
    fromNow(now, run.startedAt),
    took(run),
    Option.match(run.error, { onNone: () => attributesText(run), onSome: ({ tag }) => tag })
  ])
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: rows.length === 0
      ? "no runs"
      : table(["RUN", "WORKFLOW", "STATUS", "TRIGGER", "STARTED", "TOOK", "ERROR OR ATTRIBUTES"], rows)
  })
  if (rows.length === 0 && Option.isSome(query)) {
    for (const column of meantColumns(query.value)) yield* say(`did you mean ${column}?`)
  }
  if (Option.isSome(page.next)) yield* say(`More: glider runs list --after ${page.next.value}`)
})

const kinds: { readonly [K in HistoryEvent["kind"]]: string } = {
  started: "started",
  activity: "activity",
  timer: "timer set",
  fired: "timer fired",
  child: "child started",
  signal: "signal",
  cancel: "cancel asked",
  ended: "ended"
}

/** The longest value that is shown in a table. */
const longestValue = 60

const short = (text: string): string => text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text

const result = ({ due, error, run, value }: HistoryEvent): string => {
  if (Option.isSome(error)) return `failed: ${error.value}`
  if (Option.isSome(due)) return `due ${DateTime.formatIso(due.value)}`
  if (Option.isSome(run)) return run.value
  return Option.match(value, { onNone: () => "", onSome: (value) => short(JSON.stringify(value)) })
}

/** The events, each with how long the run had waited for it. */
const eventRows = (events: ReadonlyArray<HistoryEvent>): ReadonlyArray<ReadonlyArray<string>> =>
  events.map((event, index) => {
    const before = events[index - 1]
    const spent = Option.getOrElse(event.tookMillis, () => 0)
    const waited = before === undefined
      ? 0
      : Math.max(0, event.at.epochMilliseconds - before.at.epochMilliseconds - spent)
    return [
      DateTime.formatIso(event.at),
      kinds[event.kind],
      event.name,
      Option.match(event.attempt, { onNone: () => "", onSome: String }),
      Option.match(event.tookMillis, {
        onNone: () => "",
        onSome: (millis) => Duration.format(Duration.millis(millis))
      }),
      waited === 0 ? "" : Duration.format(Duration.millis(waited)),
      result(event)
    ]
  })

const facts = (run: Run, now: DateTime.Utc): ReadonlyArray<readonly [string, string]> => [
  ["run", run.id],
  ["workflow", run.version === 1 ? run.workflow : `${run.workflow} (version ${run.version})`],
  ["status", stateText(run, now)],
  ["trigger", run.trigger],
  ...Option.toArray(Option.map(run.schedule, (schedule) => ["schedule", schedule] as const)),
  ...run.attempt === 1
    ? []
    : [["attempt", `${run.attempt} of ${Option.getOrElse(run.original, () => run.id)}`] as const],
  ...Option.toArray(Option.map(run.parent, (parent) => ["parent", parent] as const)),
  ["started", `${DateTime.formatIso(run.startedAt)} (${fromNow(now, run.startedAt)})`],
  ...Option.isSome(run.finishedAt) ? [["took", took(run)] as const] : [],
  ...Object.keys(run.attributes).length === 0 ? [] : [["attributes", attributesText(run)] as const],
  ...run.progress === null ? [] : [["progress", JSON.stringify(run.progress)] as const],
  ...Option.toArray(Option.map(run.error, ({ message, tag }) => ["error", `${tag}: ${message}`] as const))
]

/** `glider runs show`. */
export const showHistory = Effect.fnUntraced(function*({ events, run }: RunHistory) {
  const now = yield* DateTime.now
  const width = Math.max(...facts(run, now).map(([name]) => name.length))
  yield* print({
    json: { run: yield* Effect.orDie(encodeRun(run)), events: yield* Effect.orDie(encodeEvents(events)) },
    text: [
      ...facts(run, now).map(([name, value]) => `${name.padEnd(width)}  ${visibleLines(value)}`),
      "",
      events.length === 0
        ? "its journal was pruned"
        : table(["AT", "EVENT", "NAME", "TRY", "TOOK", "WAITED", "RESULT"], eventRows(events))
    ].join("\n")
  })
})

/** One line of a run that is watched. */
export const watchLine = (run: Run, now: DateTime.Utc): string =>
  [
    DateTime.formatIso(now),
    run.id,
    stateText(run, now),
    ...run.progress === null ? [] : [JSON.stringify(run.progress)],
    ...Option.toArray(Option.map(run.error, ({ message }) => message))
  ].map(visible).join("  ")
