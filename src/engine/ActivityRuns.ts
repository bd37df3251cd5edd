/** Activities: what is recorded is not done again, and none begins before what it depends on is durable. */
import { Cause, Clock, Effect, Exit, Option, Result } from "effect"
import { type Activity, Workflow, WorkflowEngine } from "effect/workflow"
import { type EntryTooLarge, type Noted, noted } from "../domain/RunEntry.ts"
import { activityEnded, activityLabel, CallRepeats, CurrentActivity } from "../services/ActivityMetrics.ts"
import type { Place } from "../workflow/Determinism.ts"
import { activityKey, type Execution } from "./Execution.ts"
import { exitJson, exitOf } from "./ExitCodec.ts"
import type { GroupCommit } from "./GroupCommit.ts"
import type { Parts } from "./Parts.ts"
import { stepOf } from "./Steps.ts"
import { ActivityCommit } from "./TransactionalActivity.ts"
import { transactionOf } from "./Transactions.ts"

type Instance = WorkflowEngine.WorkflowInstance["Service"]
type Complete = Workflow.Complete<unknown, unknown>

/** A wait that no pass of this process will end: the run goes on after the next load. */
export const abandoned = (instance: Instance): Workflow.Suspended => {
  instance.abandoned = true
  return new Workflow.Suspended({})
}

/** Waits until what the body may have seen so far is durable; what it sees meanwhile may not be. */
export const durable = (committer: GroupCommit, execution: Execution) =>
  Effect.suspend(() => {
    const { handed } = execution
    return Effect.tap(committer.durable(execution), () =>
      Effect.sync(() => {
        execution.settled = Math.max(execution.settled, handed)
      }))
  })

export const make = ({ committer, isDraining, residents }: Parts) => {
  /** Waits for the results that were handed to the body; false when the store does not take them. */
  const settled = (execution: Execution) =>
    execution.speculative
      ? Effect.match(durable(committer, execution), {
        onFailure: (error) => {
          execution.lost = error
          return false
        },
        onSuccess: () => true
      })
      : Effect.succeed(true)

  const run = Effect.fnUntraced(function*(
    execution: Execution,
    instance: Instance,
    activity: Activity.Any,
    attempt: number,
    place: Place
  ) {
    const own = WorkflowEngine.WorkflowInstance.initial(instance.workflow, execution.id)
    own.interrupted = instance.interrupted
    execution.nested.add(own)
    const startedAt = yield* Clock.currentTimeMillis
    const repeats = { count: 0 }
    const repeated = () => repeats.count === 0 ? {} : { repeats: repeats.count }
    const entryOf = (exit: Exit.Exit<unknown, unknown>, at: number): Result.Result<Noted, EntryTooLarge> =>
      noted(
        {
          _tag: "Activity",
          at,
          name: activity.name,
          attempt,
          startedAt,
          exit: exitJson(exit),
          ...repeated(),
          ...place
        },
        `the result of activity ${activity.name}`
      )
    const transaction = transactionOf(committer, execution, entryOf)
    const label = activityLabel(activity.name)
    const result: Workflow.Result<unknown, unknown> = yield* activity.executeEncoded.pipe(
      Workflow.intoResult,
      Effect.provideService(WorkflowEngine.WorkflowInstance, own),
      Effect.provideService(ActivityCommit, Option.some(transaction.commit)),
      Effect.provideService(CurrentActivity, label),
      Effect.provideService(CallRepeats, repeats)
    )
    const at = yield* Clock.currentTimeMillis
    if (result._tag === "Complete") yield* activityEnded(label, attempt, at - startedAt)
    // what is committed counts, whatever came after it
    const committed = transaction.isDone() ? execution.activities.get(activityKey(activity.name, attempt)) : undefined
    if (committed !== undefined) return new Workflow.Complete({ exit: exitOf(committed) })
    if (result._tag === "Suspended") return result
    // a compensation that was cut short is no result: the next pass takes it up again
    if (own.interrupted && Exit.isFailure(result.exit) && Cause.hasInterruptsOnly(result.exit.cause)) {
      return new Workflow.Suspended({})
    }
    return record(execution, result, entryOf, at)
  })

  /** A result that is too large for the journal is a defect of the activity. */
  const record = (
    execution: Execution,
    result: Complete,
    entryOf: (exit: Exit.Exit<unknown, unknown>, at: number) => Result.Result<Noted, EntryTooLarge>,
    at: number
  ): Complete => {
    const entry = entryOf(result.exit, at)
    if (Result.isFailure(entry)) {
      return record(execution, new Workflow.Complete({ exit: Exit.die(entry.failure) }), entryOf, at)
    }
    execution.note(entry.success)
    execution.handed++
    committer.offer(execution)
    return result
  }

  return Effect.fnUntraced(function*(activity: Activity.Any, attempt: number) {
    const instance = yield* WorkflowEngine.WorkflowInstance
    const execution = residents.get(instance.executionId)
    if (execution === undefined || execution.lost !== undefined || execution.refused !== undefined) {
      return abandoned(instance)
    }
    const key = activityKey(activity.name, attempt)
    const place = stepOf(execution, instance, key)
    if (Option.isNone(place)) return new Workflow.Suspended({})
    const known = execution.activities.get(key)
    if (known !== undefined) return new Workflow.Complete({ exit: exitOf(known) })
    // the pass of a cancelled run only gathers its compensations
    if (execution.gathers && !instance.interrupted) return new Workflow.Suspended({})
    if (isDraining(execution.registered)) {
      execution.drained = true
      return new Workflow.Suspended({})
    }
    if (!(yield* settled(execution))) return abandoned(instance)
    return yield* run(execution, instance, activity, attempt, place.value)
  })
}
