import { Cause, Context, Data, DateTime, Duration, Effect, Exit, Layer, Option, Random, Schema } from "effect"
import { WorkflowEngine } from "effect/workflow"
import type { Task } from "../Config.ts"
import type { Progress } from "../domain/Progress.ts"
import { Run, type Trigger } from "../domain/Run.ts"
import type { TaskName } from "../domain/Task.ts"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions, type RunOrigin } from "../engine/RunOptions.ts"
import { runOfRow } from "../store/RunColumns.ts"
import { inputOf, type SyncOverrides } from "../syncs/SyncInput.ts"
import { syncOutcome } from "./SyncBody.ts"
import { SyncProgress } from "./SyncProgress.ts"
import { syncWorkflows } from "./SyncWorkflow.ts"

/** A sync that is due: which task it belongs to, and what made it start. */
export interface RunRequest {
  readonly task: Task
  readonly trigger: Trigger
  readonly overrides?: SyncOverrides | undefined
  /** Told of every committed page. */
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
}

/** What became of a request: a run with its end, or none because the task was running already. */
export type RunOutcome = Data.TaggedEnum<{
  readonly Ran: { readonly run: Run }
  readonly Skipped: { readonly task: TaskName; readonly runningId: string }
}>
export const RunOutcome = Data.taggedEnum<RunOutcome>()

/** Starts syncs as durable runs, and waits for them. */
export class SyncRunner extends Context.Service<SyncRunner, {
  /**
   * Runs the task to its end. Never fails: typed failures, defects and the time limit are the run's status.
   *
   * An interruption stops a run by hand at its next safe point, and it ends as `interrupted`. A scheduled run belongs to
   * the engine: it goes on, in the next process when this one ends.
   */
  readonly run: (request: RunRequest) => Effect.Effect<RunOutcome>
}>()("glider/workflows/SyncRunner") {
  static readonly layer = Layer.effect(
    SyncRunner,
    Effect.gen(function*() {
      const engine = yield* WorkflowEngine.WorkflowEngine
      const control = yield* RunControl
      const progress = yield* SyncProgress
      /** Runs that have been asked for, before the engine knows of them. */
      const starting = new Map<TaskName, string>()

      const execute = ({ overrides, task, trigger }: RunRequest, id: string, at: DateTime.Utc) => {
        const origin: RunOrigin = {
          ...RunOptions.defaultValue(),
          trigger,
          schedule: trigger === "schedule" ? Option.some(task.name) : Option.none(),
          tick: trigger === "schedule" ? Option.some(at) : Option.none()
        }
        return engine.execute(syncWorkflows[task.name], {
          executionId: id,
          payload: { run: id, input: inputOf(task, overrides), timeoutMillis: Duration.toMillis(task.timeout) }
        }).pipe(Effect.provideService(RunOptions, origin))
      }

      /** Stops the run, and waits until that is recorded. */
      const stop = (id: string) =>
        control.cancel(id, "stop").pipe(
          Effect.andThen(control.ended(id)),
          Effect.catch(({ message }) => Effect.logWarning(`the run could not be stopped: ${message}`)),
          Effect.asVoid
        )

      const whole = Effect.fnUntraced(function*(request: RunRequest, id: string, at: DateTime.Utc) {
        const exit = yield* execute(request, id, at).pipe(
          progress.hearing(id, request.onProgress),
          Effect.onInterrupt(() => request.trigger === "manual" ? stop(id) : Effect.void),
          Effect.exit
        )
        if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
        const now = yield* DateTime.now
        const row = yield* Effect.catch(control.ended(id), () => Effect.succeedNone)
        return RunOutcome.Ran({
          run: Option.match(row, {
            onNone: () => unrecorded(request, id, at, now, exit),
            onSome: runOfRow
          })
        })
      })

      const run = Effect.fnUntraced(function*(request: RunRequest) {
        const { task, trigger } = request
        // a run that the last process left behind is this task's run
        yield* control.recovered(task.name)
        const at = yield* DateTime.now
        const id = yield* runId(task.name, trigger, at)
        const busy = Option.orElse(
          Option.map(control.atWork(task.name), (row) => row.id),
          () => Option.fromUndefinedOr(starting.get(task.name))
        )
        if (Option.isSome(busy)) {
          yield* Effect.logInfo(`${task.name} is skipped: overlap with the run ${busy.value}`)
          return RunOutcome.Skipped({ task: task.name, runningId: busy.value })
        }
        starting.set(task.name, id)
        return yield* Effect.ensuring(whole(request, id, at), Effect.sync(() => starting.delete(task.name)))
      })

      return SyncRunner.of({ run })
    })
  )
}

const isJson = Schema.is(Schema.Json)

/** A run of which the store keeps nothing. */
const unrecorded = (
  { task, trigger }: RunRequest,
  id: string,
  startedAt: DateTime.Utc,
  finishedAt: DateTime.Utc,
  exit: Exit.Exit<unknown, unknown>
) => {
  const { error, report, status } = syncOutcome(exit)
  return new Run({
    id,
    workflow: task.name,
    version: 1,
    status,
    state: status,
    trigger,
    schedule: Option.none(),
    tick: Option.none(),
    attempt: 1,
    original: Option.none(),
    parent: Option.none(),
    attributes: {},
    startedAt,
    finishedAt: Option.some(finishedAt),
    due: Option.none(),
    cancelRequested: false,
    error,
    progress: null,
    report: isJson(report) ? report : null,
    cursor: 0
  })
}

/** A schedule's tick starts at most one run; a run by hand has a random id. */
const runId = (task: TaskName, trigger: Trigger, at: DateTime.Utc): Effect.Effect<string> =>
  trigger === "schedule"
    ? Effect.succeed(`${task}@${DateTime.formatIso(at)}`)
    : Effect.map(
      Effect.replicateEffect(Random.nextIntBetween(0, 0x100000000, { halfOpen: true }), 3),
      (parts) => `${task}-${parts.map((part) => part.toString(16).padStart(8, "0")).join("")}`
    )
