/** Activities with retries, time-outs, heartbeats and limits, on any workflow engine. */
import { Cause, Effect, Exit, Option, Schema } from "effect"
import { Activity, WorkflowEngine } from "effect/workflow"
import type { ActivityLimit } from "./ActivityLimit.ts"
import { type ActivityRetry, waitAfter } from "./ActivityRetry.ts"
import { ActivityTimedOut, type ActivityTimeouts, within } from "./ActivityTimeouts.ts"
import * as DurableSleep from "./DurableSleep.ts"
import { HeartbeatListener } from "./Heartbeat.ts"
import { HeartbeatMemory } from "./HeartbeatMemory.ts"
import { EveryActivity } from "./Limits.ts"

/** The wait before the next attempt; none for success, the last attempt, a defect or an interruption. */
const waitAfterExit = <E>(
  retry: ActivityRetry<E> | undefined,
  exit: Exit.Exit<unknown, E>,
  attempt: number,
  seed: string
) => {
  if (retry === undefined || Exit.isSuccess(exit)) return Option.none()
  if (Cause.hasDies(exit.cause) || Cause.hasInterrupts(exit.cause)) return Option.none()
  return Option.flatMap(Cause.findErrorOption(exit.cause), (error) => waitAfter(retry, error, attempt, seed))
}

/**
 * A step of a workflow that touches the world. Its result is recorded, so a replay does not do it again; an attempt that
 * was under way when the process ended is done again, so the other side must bear that (`Activity.idempotencyKey`).
 *
 * - `name` is the step's key in the history: no other step of the run may have it.
 * - `retry`: what fails is tried again after a wait that survives the process. Each attempt is recorded, under its number.
 *   After the last attempt the activity fails with that attempt's error. A defect is a bug and not tried again.
 * - `startToClose`: the longest time of one attempt. `heartbeat`: the longest time between two `Heartbeat.beat`. An attempt
 *   that takes longer is interrupted, and fails with `ActivityTimedOut` once it has stopped; that is retried as any error.
 * - `limit`: the attempt waits for its turn first, which does not count as its time.
 *
 * On a workflow annotated with `Workflow.SuspendOnFailure` the first error suspends the run, and `retry` has no say.
 */
export const make = <Success extends Schema.Constraint, Error extends Schema.Constraint, R>(
  options: {
    readonly name: string
    readonly success: Success
    readonly error: Error
    readonly execute: Effect.Effect<Success["Type"], Error["Type"], R>
    readonly retry?: ActivityRetry<Error["Type"] | ActivityTimedOut> | undefined
    readonly limit?: ActivityLimit | undefined
  } & ActivityTimeouts
) =>
  Effect.gen(function*() {
    const { limit, name, retry } = options
    const { executionId } = yield* WorkflowEngine.WorkflowInstance
    const memory = HeartbeatMemory.of(yield* WorkflowEngine.WorkflowEngine)
    const everyActivity = yield* EveryActivity
    const seed = `${executionId}/${name}`

    const execute = Effect.gen(function*() {
      const attempt = yield* Activity.CurrentAttempt
      const timed = Effect.provideService(
        within(options, { activity: name, attempt })(options.execute),
        HeartbeatListener,
        {
          last: memory.get(seed),
          beat: (details) => details === undefined ? Effect.void : Effect.sync(() => memory.set(seed, details))
        }
      )
      // its own limit first: while it waits for that one, it keeps no place among all activities
      const placed = Option.match(everyActivity, { onNone: () => timed, onSome: (all) => all.withLimit(timed) })
      return yield* limit === undefined ? placed : limit.withLimit(placed)
    })
    const error = Schema.Union([ActivityTimedOut, options.error])
    const activity = Activity.make<R, Success, typeof error>({ name, success: options.success, error, execute })

    for (let attempt = 1;; attempt++) {
      const exit = yield* Effect.exit(Effect.provideService(activity, Activity.CurrentAttempt, attempt))
      const wait = waitAfterExit(retry, exit, attempt, seed)
      if (Option.isNone(wait)) {
        memory.delete(seed)
        return yield* exit
      }
      yield* DurableSleep.sleep({ name: `${name}/retry/${attempt}`, duration: wait.value })
    }
  })
