/** Whether work goes through all layers: a job is given, done by a worker with a workflow and its activities, and its result read. */
import { Clock, Context, DateTime, Duration, Effect, Layer, Option } from "effect"
import { isOver } from "../domain/BackgroundJob.ts"
import { Jobs, type UnknownJob } from "../jobs/Jobs.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Noop } from "../workflows/DiagnosticsJob.ts"
import { Check } from "./Messages.ts"
import { About } from "./Overview.ts"

/** Longer nobody waits for it. */
const patience = Duration.seconds(10)

/** So often its result is looked for. */
const lookEvery = Duration.millis(10)

export class JobProbe extends Context.Service<JobProbe, {
  /** Nothing where no daemon is at work, which is said elsewhere. */
  readonly check: Effect.Effect<ReadonlyArray<Check>, SurrealError>
}>()("glider/api/JobProbe") {
  static readonly layer = Layer.effect(
    JobProbe,
    Effect.gen(function*() {
      const { supervises } = yield* About
      const jobs = yield* Jobs

      const done = (id: string) => Effect.repeat(Effect.delay(jobs.get(id), lookEvery), { until: isOver })

      const check = Effect.gen(function*() {
        if (!supervises) return []
        const begun = yield* Clock.currentTimeMillis
        const key = DateTime.formatIso(yield* DateTime.now)
        const { id } = yield* jobs.enqueue(Noop, { key }, { priority: 10 })
        const job = yield* Effect.timeoutOption(done(id), patience)
        const millis = (yield* Clock.currentTimeMillis) - begun
        return [Option.match(job, {
          onNone: () =>
            problem(`no worker has done a job within ${Duration.toSeconds(patience)} s`, `glider jobs show ${id}`),
          onSome: ({ error, status }) =>
            status === "succeeded"
              ? new Check({
                name: "jobs",
                state: "ok",
                message: `a job went through worker, workflow and activities in ${millis} ms`,
                fix: Option.none()
              })
              : problem(
                `a job that does nothing is ${status}${
                  Option.match(error, { onNone: () => "", onSome: ({ message }) => `: ${message}` })
                }`,
                `glider jobs show ${id}`
              )
        })]
      }).pipe(
        Effect.catchTag(
          "UnknownJob",
          (error: UnknownJob) => Effect.succeed([problem(error.message, "glider jobs list")])
        ),
        Effect.withSpan("JobProbe.check")
      )
      return JobProbe.of({ check })
    })
  )
}

const problem = (message: string, fix: string): Check =>
  new Check({ name: "jobs", state: "problem", message, fix: Option.some(fix) })
