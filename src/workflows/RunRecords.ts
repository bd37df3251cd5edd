/** What is told of a run besides its row: the last state of its task, metrics, and the log. */
import { DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import type { Run, RunStatus } from "../domain/Run.ts"
import { TaskName } from "../domain/Task.ts"
import { type Listener, RunListener } from "../engine/RunListener.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Outbox } from "../store/Outbox.ts"
import { runOfRow } from "../store/RunColumns.ts"
import { Runs } from "../store/Runs.ts"
import { SyncRuns } from "../store/SyncRuns.ts"
import { recordRun } from "./RunMetrics.ts"
import { RunNews } from "./RunNews.ts"

const isTask = Schema.is(TaskName)

const severity: { readonly [S in RunStatus]: "Info" | "Warn" | "Error" } = {
  running: "Info",
  completed: "Info",
  cancelled: "Info",
  interrupted: "Warn",
  partial: "Warn",
  needs_auth: "Error",
  failed: "Error"
}

/** Whoever started a run by hand is told of its end; nobody else is of a scheduled one. */
const logEnd = ({ error, id, status, syncReport, trigger, workflow }: Run, took: Duration.Duration) =>
  Effect.logWithLevel(trigger === "manual" ? "Info" : severity[status])(
    Option.match(error, {
      onNone: () => `${workflow} ${status}`,
      onSome: ({ message }) => `${workflow} ${status}: ${message}`
    })
  ).pipe(Effect.annotateLogs({
    run: id,
    seconds: Duration.toSeconds(took),
    pages: syncReport.pages,
    ...Object.fromEntries(
      Object.entries(syncReport.streams).map(([stream, { created, deleted, updated }]) => [
        stream,
        `+${created} ~${updated} -${deleted}`
      ])
    )
  }))

/** `storeRunStatus: false` keeps no history: a run leaves nothing once it is over. */
export const layer = (options: { readonly storeRunStatus: boolean }) =>
  Layer.effect(
    RunListener,
    Effect.gen(function*() {
      const news = yield* RunNews
      const outbox = yield* Outbox
      const runs = yield* Runs
      const syncRuns = yield* SyncRuns

      /** The last state of a task is best effort: a sync does not fail for it. */
      const bestEffort = (write: Effect.Effect<void, SurrealError>) =>
        Effect.catch(write, ({ message }) => Effect.logWarning(`the run could not be recorded: ${message}`))

      const isRecorded = ({ workflow }: { readonly workflow: string }) => options.storeRunStatus && isTask(workflow)
      const record = (run: Run) => bestEffort(syncRuns.record(run))

      const ended = Effect.fnUntraced(function*(run: Run) {
        if (run.status !== "running" && outbox.receivers(`run.${run.status}`).length > 0) yield* outbox.wake
        if (isRecorded(run)) yield* record(run)
        const took = DateTime.distance(run.startedAt, Option.getOrElse(run.finishedAt, () => run.startedAt))
        yield* recordRun(run, took)
        yield* logEnd(run, took)
        if (options.storeRunStatus || !isTask(run.workflow)) return
        yield* bestEffort(runs.forget(run.id))
      })
      yield* bestEffort(syncRuns.refresh)
      return Option.some<Listener>({
        begun: (run) =>
          Effect.andThen(news.publish({ kind: "begun", run }), isRecorded(run) ? record(runOfRow(run)) : Effect.void),
        parked: (run) => news.publish({ kind: "parked", run }),
        ended: (run) => Effect.ensuring(ended(runOfRow(run)), news.publish({ kind: "ended", run }))
      })
    })
  )
