/** A run of a workflow that is the work of a job. */
import { Effect, type Schema } from "effect"
import type { Workflow } from "effect/workflow"
import { RunControl } from "../engine/RunControl.ts"
import { CurrentJob } from "./JobType.ts"

/**
 * Starts the run, or finds the one of a try before, and waits for its end. Somebody who cancels the job cancels the run; a process that
 * ends does not, for the next try waits for the same run.
 */
export const awaited = Effect.fnUntraced(function*<
  Name extends string,
  Payload extends Workflow.AnyStructSchema,
  Success extends Schema.Top,
  Failure extends Schema.Top
>(workflow: Workflow.Workflow<Name, Payload, Success, Failure>, payload: Payload["~type.make.in"]) {
  const control = yield* RunControl
  const { isCancelled } = yield* CurrentJob
  const run = yield* workflow.executionId(payload)
  const cancelled = control.cancel(run, "safe").pipe(
    Effect.catch(({ message }) =>
      Effect.logWarning(`the run that a cancelled job waited for goes on: ${message}`).pipe(
        Effect.annotateLogs({ run })
      )
    )
  )
  return yield* Effect.onInterrupt(
    workflow.execute(payload),
    () => Effect.flatMap(isCancelled, (is) => is ? cancelled : Effect.void)
  )
})
