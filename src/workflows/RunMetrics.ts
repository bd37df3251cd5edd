import { type Duration, Effect, Metric, Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import { TaskName, taskProvider } from "../domain/Task.ts"

const ended = Metric.counter("glider_runs_total", { description: "Runs that ended, by workflow and status" })

const duration = Metric.timer("glider_run_duration_seconds", { description: "How long runs took" })

const lastSuccess = Metric.gauge("glider_sync_last_success_timestamp_seconds", {
  description: "When a connector last completed a sync, in Unix seconds"
})

const isTask = Schema.is(TaskName)

/** Counts the end of a run. */
export const recordRun = Effect.fnUntraced(function*(run: Run, took: Duration.Duration) {
  const { finishedAt, status, workflow } = run
  yield* Metric.update(Metric.withAttributes(ended, { workflow, status }), 1)
  yield* Metric.update(Metric.withAttributes(duration, { workflow }), took)
  if (status === "completed" && Option.isSome(finishedAt) && isTask(workflow)) {
    yield* Metric.update(
      Metric.withAttributes(lastSuccess, { connector: taskProvider[workflow] }),
      finishedAt.value.epochMilliseconds / 1000
    )
  }
})
