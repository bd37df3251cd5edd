/** How a tick becomes a run, or what else is recorded of it. */
import { Clock, DateTime, Duration, Effect, Option } from "effect"
import { type TickMark, type TickOutcome, tickRunId } from "../domain/Schedule.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { ScheduleState } from "../store/Schedules.ts"
import type { TickLedger } from "../store/TickLedger.ts"
import type { TickRow } from "../store/TickRows.ts"
import type { Entry } from "./Entry.ts"
import type { RunsAtWork } from "./RunsAtWork.ts"
import * as ScheduleMetrics from "./ScheduleMetrics.ts"

/** What ticks are attended to with. */
export interface Parts {
  readonly control: RunControl["Service"]
  readonly ledger: TickLedger["Service"]
  readonly atWork: RunsAtWork
  /** Told of every outcome, once that is durable. */
  readonly settled: (entry: Entry, rows: ReadonlyArray<TickRow>) => Effect.Effect<void>
}

/** A tick, in epoch milliseconds. */
export interface Due {
  readonly nominal: number
  readonly effective: number
}

/** An outcome that starts nothing. */
export interface Settled extends Due {
  readonly outcome: Exclude<TickOutcome, "started">
  readonly reason?: string | undefined
}

/** The payload of a scheduled run: a sync's names the run that it is. */
export const payloadOf = ({ input, kind }: ScheduleDefinition, run: string): unknown =>
  kind === "sync" && typeof input === "object" && input !== null ? { ...input, run } : input

/** Whether it is worth trying again later: the store is away, or somebody else was faster. */
export const isPassing = ({ reason }: SurrealError): boolean =>
  reason._tag === "StoreUnavailable" || reason._tag === "Conflict"

export const make = ({ atWork, control, ledger, settled }: Parts) => {
  /** Records what was settled, with the state that it leaves the schedule in. */
  const record = Effect.fnUntraced(
    function*(entry: Entry, ticks: ReadonlyArray<Settled>, state: Partial<ScheduleState> = {}, isOutOfTurn = false) {
      const at = yield* Clock.currentTimeMillis
      const { id: schedule, project } = entry.row
      const last = isOutOfTurn
        ? entry.state.cursor
        : ticks.reduce((latest, { nominal }) => Math.max(latest, nominal), entry.state.cursor)
      const next: ScheduleState = { ...entry.state, cursor: last, ...state }
      const rows = ticks.map((tick): TickRow => ({ project, schedule, at, ...tick }))
      yield* ledger.record({ ticks: rows, state: next })
      entry.state = next
      for (const { outcome } of ticks) yield* ScheduleMetrics.countTick(outcome)
      yield* settled(entry, rows)
    },
    Effect.uninterruptible
  )

  /** Starts the run of a tick; the outcome commits with the start. What cannot start is recorded as that. */
  const start = Effect.fnUntraced(function*(
    entry: Entry,
    definition: ScheduleDefinition,
    { effective, nominal }: Due,
    marks: ReadonlyArray<TickMark>,
    isOutOfTurn = false
  ) {
    const at = yield* Clock.currentTimeMillis
    const { id: schedule, project } = entry.row
    const run = tickRunId(project, schedule, nominal)
    const { buffered, cursor, runs } = entry.state
    const state: ScheduleState = {
      ...entry.state,
      // of the past: what lies between it and the cursor has still to be accounted for
      cursor: isOutOfTurn ? cursor : Math.max(cursor, nominal),
      // of the past: they are besides what `max_runs` allows
      runs: marks.includes("backfilled") ? runs : runs + 1,
      buffered: buffered?.nominal === nominal ? undefined : buffered,
      lastRun: run,
      lastStart: at
    }
    const row: TickRow = {
      project,
      schedule,
      nominal,
      effective,
      outcome: "started",
      at,
      run,
      marks: marks.length === 0 ? undefined : marks
    }
    const settles = { ticks: [row], state }
    let isNew = false
    const began = () => {
      isNew = true
      // before anything can tell of its end
      atWork.begun({ id: run, workflow: definition.workflow, schedule: entry.scheduleId })
    }
    const started = control.start(definition.workflow, payloadOf(definition, run), Option.some(run)).pipe(
      Effect.provideService(RunOptions, {
        ...RunOptions.defaultValue(),
        trigger: "schedule",
        schedule: Option.some(entry.scheduleId),
        tick: Option.some(DateTime.makeUnsafe(nominal)),
        settles,
        began
      }),
      Effect.onError(() => Effect.sync(() => atWork.ended(run)))
    )
    const refused = (message: string) =>
      record(entry, [{ nominal, effective, outcome: "failed_to_start", reason: message }], {
        buffered: state.buffered
      }, isOutOfTurn).pipe(
        Effect.andThen(
          Effect.logError(`a tick started nothing: ${message}`).pipe(
            Effect.annotateLogs({ schedule: entry.scheduleId })
          )
        ),
        Effect.as(false)
      )
    return yield* started.pipe(
      // one of before: the clock was put back, or the schedule was deleted and is there again
      Effect.andThen(Effect.suspend(() => isNew ? Effect.void : ledger.record(settles))),
      Effect.andThen(Effect.sync(() => {
        entry.state = state
      })),
      Effect.andThen(ScheduleMetrics.countTick("started")),
      Effect.andThen(settled(entry, [row])),
      Effect.as(true),
      Effect.catchTags({
        InvalidInput: ({ message }) => refused(message),
        UnknownWorkflow: ({ message }) => refused(message),
        SurrealError: (error) => isPassing(error) ? Effect.fail(error) : refused(error.message)
      })
    )
  }, Effect.uninterruptible)

  /** Starts a run that a person has asked for. */
  const startByHand = Effect.fnUntraced(function*(entry: Entry, definition: ScheduleDefinition, run: string) {
    const at = yield* Clock.currentTimeMillis
    const began = () => atWork.begun({ id: run, workflow: definition.workflow, schedule: entry.scheduleId })
    const state: ScheduleState = {
      ...entry.state,
      buffered: entry.state.buffered?.run === run ? undefined : entry.state.buffered,
      lastRun: run,
      lastStart: at
    }
    yield* control.start(definition.workflow, payloadOf(definition, run), Option.some(run)).pipe(
      Effect.provideService(RunOptions, {
        ...RunOptions.defaultValue(),
        schedule: Option.some(entry.scheduleId),
        settles: { ticks: [], state },
        began
      }),
      Effect.onError(() => Effect.sync(() => atWork.ended(run)))
    )
    entry.state = state
  }, Effect.uninterruptible)

  return { record, start, startByHand }
}

export type TickStarts = ReturnType<typeof make>

/** How late a tick is taken up. */
export const lateness = (due: number, now: number): Duration.Duration => Duration.millis(Math.max(0, now - due))
