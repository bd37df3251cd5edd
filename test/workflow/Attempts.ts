/** A workflow of one activity, and what the tests of activities ask of it. */
import { Clock, Duration, Effect, Option, Schema } from "effect"
import { Activity, Workflow, type WorkflowEngine } from "effect/workflow"
import type * as ActivityLimit from "../../src/workflow/ActivityLimit.ts"
import { type ActivityRetry, waitAfter } from "../../src/workflow/ActivityRetry.ts"
import { ActivityTimedOut, type ActivityTimeouts } from "../../src/workflow/ActivityTimeouts.ts"
import * as DurableActivity from "../../src/workflow/DurableActivity.ts"

export class Down extends Schema.TaggedError<Down>()("Down", { attempt: Schema.Finite }) {}
export class Refused extends Schema.TaggedError<Refused>()("Refused", {}) {}
export class Busy extends Schema.TaggedError<Busy>()("Busy", { seconds: Schema.Finite }) {}
export const Failure = Schema.Union([Down, Refused, Busy])
export type Failure = typeof Failure.Type

export const Work = Workflow.make("Work", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: Schema.Union([Failure, ActivityTimedOut]),
  idempotencyKey: ({ id }) => id
})

export const retry = {
  initialInterval: "1 second",
  maximumInterval: "10 seconds",
  maximumAttempts: 3,
  nonRetryable: (error) => error._tag === "Refused",
  retryAfter: (error) => error._tag === "Busy" ? Option.some(Duration.seconds(error.seconds)) : Option.none()
} as const satisfies ActivityRetry<Failure | ActivityTimedOut>

export const step = <R>(
  execute: Effect.Effect<string, Failure, R>,
  options: ActivityTimeouts & {
    readonly retry?: ActivityRetry<Failure | ActivityTimedOut>
    readonly limit?: ActivityLimit.ActivityLimit
  } = {}
) => DurableActivity.make({ name: "step", success: Schema.String, error: Failure, execute, ...options })

/** What there is in the body of a workflow. */
export type Run = WorkflowEngine.WorkflowEngine | WorkflowEngine.WorkflowInstance

/** The wait after an attempt of `step`, in milliseconds. */
export const waitMillis = (executionId: string, error: Failure, attempt: number) =>
  Duration.toMillis(Option.getOrThrow(waitAfter(retry, error, attempt, `${executionId}/step`)))

export const run = Work.execute({ id: "1" }).pipe(Effect.forkChild({ startImmediately: true }))
export const idOfRun = Work.executionId({ id: "1" })

export const suspended = Effect.gen(function*() {
  const result = yield* Work.poll(yield* idOfRun)
  return Option.exists(result, ({ _tag }) => _tag === "Suspended")
})

/** An activity that counts its attempts, and says when each began. */
export const attempts = () => {
  const at: Array<number> = []
  const counted = <A, E, R>(body: (attempt: number) => Effect.Effect<A, E, R>) =>
    Effect.gen(function*() {
      at.push(yield* Clock.currentTimeMillis)
      return yield* body(yield* Activity.CurrentAttempt)
    })
  return { at, counted }
}
