/** What the end of a run tells the metrics. Names that others asked for are derived from these in `api/AskedNames.ts`. */
import { Duration, Effect, Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import { TaskName, taskProvider } from "../domain/Task.ts"
import * as Series from "../Series.ts"

/** Seconds: a page, a poll, a first sync, one of many years. */
const boundaries = [0.1, 1, 10, 60, 600]

const ended = Series.counter("glider_runs_total", {
  description: "Runs that ended, by workflow and status",
  labels: ["workflow", "status"],
  // else the first failure of a sync after a start would be no increase
  seeds: TaskName.literals.map((workflow) => ({ workflow, status: "failed" })),
  limit: 64
})

const duration = Series.histogram("glider_run_duration_seconds", {
  description: "How long runs took from their start to their end, waits included",
  labels: ["workflow"],
  boundaries,
  limit: 12
})

const durationByStatus = Series.histogram("temporal_workflow_duration_seconds", {
  description: "How long runs took, by workflow and status",
  labels: ["workflow_type", "status"],
  boundaries,
  limit: 14
})

const lastSuccess = Series.gauge("glider_sync_last_success_timestamp_seconds", {
  description: "When a sync of the connector last completed, in Unix seconds; after a restart, as the store has it",
  labels: ["connector"]
})

const lastError = Series.gauge("glider_sync_last_error_timestamp_seconds", {
  description: "When a sync of the connector last failed, ended in part or needed a sign-in, in Unix seconds",
  labels: ["connector"]
})

const matches = Series.counter("temporal_workflow_success_total", {
  description: "Runs that completed, by their search attribute match_method; none for those without",
  labels: ["match_method"],
  seeds: [{ match_method: "none" }],
  limit: 8
})

const failures = Series.counter("temporal_workflow_failure_total", {
  description: "Runs that failed or need a sign-in, by the name of their error",
  labels: ["error_type"],
  limit: 24
})

const isTask = Schema.is(TaskName)

/** Lower-case words: a run says how it found what it looked for, and nothing that it found. */
const MatchMethod = Schema.String.check(Schema.isPattern(/^[a-z]+(_[a-z]+){0,2}$/), Schema.isMaxLength(24))

/** The name of a class, as every error of ours has it. */
const ErrorName = Schema.String.check(Schema.isPattern(/^[A-Z][A-Za-z]{0,39}$/))

const isMatchMethod = Schema.is(MatchMethod)
const isErrorName = Schema.is(ErrorName)

const outcome = ({ attributes, error, status }: Run): Effect.Effect<void> => {
  switch (status) {
    case "completed": {
      const method = attributes["match_method"]
      return matches.update({ match_method: isMatchMethod(method) ? method : "none" }, 1)
    }
    case "failed":
    case "needs_auth": {
      const name = Option.match(error, { onNone: () => "none", onSome: ({ tag }) => isErrorName(tag) ? tag : "other" })
      return failures.update({ error_type: name }, 1)
    }
    default:
      return Effect.void
  }
}

/** Sets when the connector of a sync last did well, or did not: of a run that ends now, or of the newest in the store. */
export const recordLast = ({ finishedAt, status, workflow }: Run): Effect.Effect<void> => {
  if (Option.isNone(finishedAt) || !isTask(workflow)) return Effect.void
  const connector = taskProvider[workflow]
  const seconds = finishedAt.value.epochMilliseconds / 1000
  switch (status) {
    case "completed":
      return lastSuccess.update({ connector }, seconds)
    case "partial":
    case "failed":
    case "needs_auth":
      return lastError.update({ connector }, seconds)
    default:
      return Effect.void
  }
}

/** Counts the end of a run. */
export const recordRun = Effect.fnUntraced(function*(run: Run, took: Duration.Duration) {
  const { status, workflow } = run
  const seconds = Duration.toSeconds(took)
  yield* ended.update({ workflow, status }, 1)
  yield* duration.update({ workflow }, seconds)
  yield* durationByStatus.update({ workflow_type: workflow, status }, seconds)
  yield* outcome(run)
  yield* recordLast(run)
})
