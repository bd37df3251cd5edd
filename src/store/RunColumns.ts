/** A run's projection as the columns of the table `run`, and back. */
import { DateTime, Option, Schema } from "effect"
import { Run, RunError, RunState, statusOfState, Trigger, unfinishedStates } from "../domain/Run.ts"
import { CancelMode } from "../domain/RunEntry.ts"
import { recordId } from "../services/SurrealValue.ts"

/** Search attributes of a run. */
export interface Attributes {
  readonly [name: string]: string | number | boolean
}

/** A run in one row: what lists, searches and recovery read. */
export interface RunRow {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly state: RunState
  readonly trigger: Trigger
  readonly schedule: string | undefined
  /** The nominal instant of the schedule, epoch milliseconds. */
  readonly tick: number | undefined
  readonly attempt: number
  /** The run that this one tries again. */
  readonly original: string | undefined
  /** The run that started this one and hears of its end. */
  readonly parent: string | undefined
  /** The parent does not wait for it. */
  readonly discarded?: boolean
  readonly attributes: Attributes
  /** Grows with age: the negative start in microseconds, distinct for all runs of a process. */
  readonly recency: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
  readonly error: typeof RunError.Encoded | undefined
  /** When a waiting run wakes by itself, epoch milliseconds. */
  readonly due: number | undefined
  /** That somebody asked for its end: after the activity under way, or now. */
  readonly cancel: CancelMode | undefined
  readonly progress: unknown
  /** What the workflow tells of itself once it has ended. */
  readonly report: unknown
}

/** Columns that change in the life of a run. */
export type RunPatch = {
  readonly [
    K in
      | "state"
      | "attributes"
      | "finishedAt"
      | "error"
      | "due"
      | "cancel"
      | "progress"
      | "report"
  ]?: RunRow[K]
}

/** Whether a run has come to its end. */
export const isOver = ({ state }: { readonly state: RunState }): boolean =>
  !unfinishedStates.some((open) => open === state)

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

/** The columns, read with `record::id(id)[0] AS run`. */
export const RunColumns = Schema.Struct({
  run: Schema.String,
  workflow: Schema.String,
  version: Schema.Natural,
  state: RunState,
  trigger: Trigger,
  schedule: optional(Schema.String),
  tick: optional(Schema.Finite),
  attempt: Schema.Natural,
  original: optional(Schema.String),
  parent: optional(Schema.String),
  discarded: optional(Schema.Boolean),
  attributes: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  recency: Schema.Finite,
  started: Schema.Finite,
  finished: optional(Schema.Finite),
  error: optional(Schema.toEncoded(RunError)),
  due: optional(Schema.Finite),
  cancel: optional(CancelMode),
  progress: Schema.optional(Schema.Unknown),
  report: Schema.optional(Schema.Unknown)
})

export const runId = (run: string) => recordId("run", [run])

export const rowOf = (columns: typeof RunColumns.Type): RunRow => ({
  id: columns.run,
  workflow: columns.workflow,
  version: columns.version,
  state: columns.state,
  trigger: columns.trigger,
  schedule: columns.schedule ?? undefined,
  tick: columns.tick ?? undefined,
  attempt: columns.attempt,
  original: columns.original ?? undefined,
  parent: columns.parent ?? undefined,
  ...columns.discarded === true ? { discarded: true } : {},
  attributes: columns.attributes,
  recency: columns.recency,
  startedAt: columns.started,
  finishedAt: columns.finished ?? undefined,
  error: columns.error ?? undefined,
  due: columns.due ?? undefined,
  cancel: columns.cancel ?? undefined,
  progress: columns.progress ?? undefined,
  report: columns.report ?? undefined
})

/** What is absent is left out: the engine takes its time for a column that is NONE as for any other. */
export const columnsOf = ({ finishedAt, id, startedAt, ...row }: RunRow): { readonly [column: string]: unknown } => {
  const columns: Record<string, unknown> = { id: runId(id), started: startedAt }
  if (finishedAt !== undefined) columns["finished"] = finishedAt
  for (const [name, value] of Object.entries(row)) if (value !== undefined) columns[name] = value
  return columns
}

/** A change of columns, under their names in the store. */
export const patchColumns = ({ finishedAt, ...patch }: RunPatch): { readonly [column: string]: unknown } =>
  finishedAt === undefined ? patch : { ...patch, finished: finishedAt }

const instant = (millis: number | undefined) => Option.map(Option.fromUndefinedOr(millis), DateTime.makeUnsafe)
const isJson = Schema.is(Schema.Json)
const json = (value: unknown): Schema.Json => isJson(value) ? value : null

/** The projection as people see it. */
export const runOfRow = (row: RunRow): Run =>
  new Run({
    id: row.id,
    workflow: row.workflow,
    version: row.version,
    status: statusOfState(row.state),
    state: row.state,
    trigger: row.trigger,
    schedule: Option.fromUndefinedOr(row.schedule),
    tick: instant(row.tick),
    attempt: row.attempt,
    original: Option.fromUndefinedOr(row.original),
    parent: Option.fromUndefinedOr(row.parent),
    attributes: row.attributes,
    startedAt: DateTime.makeUnsafe(row.startedAt),
    finishedAt: instant(row.finishedAt),
    due: instant(row.due),
    cancelRequested: row.cancel !== undefined,
    error: Option.map(Option.fromUndefinedOr(row.error), decodeError),
    progress: json(row.progress),
    report: json(row.report),
    cursor: -row.recency
  })

const decodeError = Schema.decodeSync(RunError)
