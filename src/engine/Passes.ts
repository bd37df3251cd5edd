/** The passes of a run through its body: each begins with a replay, and ends with a result or with a wait. */
import { Cause, Clock, Context, Effect, Exit, Fiber, Option, Schema, type Scope } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { RunError } from "../domain/Run.ts"
import { recovery } from "../RetryPolicy.ts"
import * as Series from "../Series.ts"
import type { RunRow } from "../store/RunColumns.ts"
import { ReplayCheck } from "../workflow/Determinism.ts"
import type * as Announcements from "./Announcements.ts"
import type { Clocks } from "./Clocks.ts"
import type { WritesOfEnd } from "./EndWrites.ts"
import type { Execution, WakeMode } from "./Execution.ts"
import type { GroupCommit } from "./GroupCommit.ts"
import { compensateIfCancelled, endOf, judged, restOf, uncompensated } from "./PassEnds.ts"
import type { Registered } from "./Registry.ts"
import { releasePass, type Residents } from "./Residents.ts"
import { chainOf, type Outcome as Told, OutcomeOf } from "./RunOptions.ts"

export interface PassesOptions {
  readonly committer: GroupCommit
  readonly residents: Residents
  readonly clocks: Clocks
  readonly deferreds: WorkflowEngine.DeferredState
  readonly scope: Scope.Scope
  /** What the body sees of its engine. */
  readonly context: (execution: Execution) => Context.Context<WorkflowEngine.WorkflowEngine>
  readonly announcements: ReturnType<typeof Announcements.make>
  /** The process is about to end. */
  readonly isDraining: (registered: Registered) => boolean
  readonly endWrites: WritesOfEnd
  /** Called when a run is over and has left the memory. */
  readonly onOver: (execution: Execution) => void
}

export interface Passes {
  /** Lets a run go on; one that is at it goes on again once this pass is over. */
  readonly resume: (execution: Execution, mode: WakeMode) => Effect.Effect<void>
}

const deadLetters = Series.counter("glider_dead_letters_total", {
  description: "Runs that came into the dead letters, by workflow",
  labels: ["workflow"],
  limit: 12
})

/** How long a run rests that the store has refused, in milliseconds. */
export const patienceMillis = 5000

/** Whoever had started the run has left. */
const stopped: Told = {
  status: "interrupted",
  error: Option.some(new RunError({ tag: "Interrupted", message: "stopped before its end", fix: Option.none() })),
  report: undefined,
  deadLetter: false
}

type Outcome = Workflow.Result<unknown, unknown>

const encodeError = Schema.encodeSync(RunError)

/** A pass is a trace of its own: a run may outlive whoever asked for it, and its process. */
const traced = ({ attempt, id, trigger, workflow }: RunRow) => <A, E, R>(body: Effect.Effect<A, E, R>) =>
  body.pipe(
    Effect.withSpan(`run ${workflow}`, {
      root: true,
      attributes: {
        "glider.workflow.name": workflow,
        "glider.run.id": id,
        "glider.trigger": trigger,
        "glider.attempt": attempt
      }
    }),
    Effect.annotateLogs({ workflow, run: id })
  )

export const make = (
  { announcements, clocks, committer, context, deferreds, endWrites, isDraining, onOver, residents, scope }:
    PassesOptions
): Passes => {
  const resume = Effect.fnUntraced(function*(execution: Execution, mode: WakeMode): Effect.fn.Return<void> {
    if (execution.ended !== undefined || execution.lost !== undefined) return
    const { fiber } = execution
    if (fiber === undefined || fiber.pollUnsafe() !== undefined) {
      if (mode === "explicit" || execution.row.state !== "parked") return yield* begin(execution)
      execution.wakeComing = false
      return
    }
    const requested = execution.resumeRequested
    execution.resumeRequested = mode === "explicit" ? mode : requested ?? mode
    if (requested !== undefined) return
    const again = Effect.flatMap(Fiber.await(fiber), () => {
      const wanted = execution.resumeRequested
      execution.resumeRequested = undefined
      return wanted === undefined ? Effect.void : resume(execution, wanted)
    })
    yield* Effect.forkIn(again, scope)
  })

  const begin = Effect.fnUntraced(function*(execution: Execution) {
    const { instance: before, registered } = execution
    const instance = WorkflowEngine.WorkflowInstance.initial(registered.workflow, execution.id)
    execution.instance = instance
    execution.check = new ReplayCheck(execution.steps)
    execution.parked = execution.unreadable
    execution.wakeComing = false
    execution.joins = false
    execution.heard.clear()
    execution.drained = false
    residents.add(execution)
    if (execution.row.state !== "running") {
      execution.change({ state: "running", due: undefined, error: undefined })
      committer.offer(execution)
    }
    const services = context(execution)
    const body = Effect.withFiber((fiber) => {
      execution.body = fiber
      return execution.unreadable === undefined
        ? registered.execute(execution.payload, execution.id)
        : Workflow.suspend(instance)
    }).pipe(traced(execution.row))
    // within the pass: until its fiber is there, another wake would begin a second one
    const prelude = Effect.andThen(releasePass(before), announcements.begun(execution))
    const pass = judged(execution, instance, body).pipe(
      Effect.onExit((exit) => compensateIfCancelled(execution, instance, exit, isDraining(registered))),
      Workflow.intoResult,
      (result) => deferreds.trackRun(instance, result),
      (result) => Effect.andThen(prelude, result),
      Effect.catchCause((cause) =>
        Option.match(uncompensated(execution, instance, cause, isDraining(registered)), {
          onNone: () => Effect.failCause(cause),
          onSome: Effect.succeed
        })
      ),
      Effect.flatMap((result) => settle(execution, result)),
      Effect.tapCause((cause) => drop(execution, cause)),
      Effect.uninterruptible,
      Effect.updateContext((_caller: Context.Context<never>) => services)
    )
    execution.fiber = yield* Effect.forkIn(pass, scope, { startImmediately: true })
  })

  const settle = (execution: Execution, result: Outcome): Effect.Effect<Outcome> =>
    result._tag === "Complete" ? complete(execution, result) : rest(execution, result)

  const complete = Effect.fnUntraced(function*(execution: Execution, result: Workflow.Complete<unknown, unknown>) {
    const { instance, registered, row } = execution
    // first: the end and the wake of the parent must come into one commit, and others may have offered this run already
    const parent = row.parent === undefined ? undefined : yield* Effect.orDie(residents.find(row.parent))
    const at = yield* Clock.currentTimeMillis
    const { end, exit } = endOf(registered.codec, result.exit, at)
    const outcome = execution.cancelled === "stop" && instance?.interrupted === true
      ? stopped
      : Context.get(registered.workflow.annotations, OutcomeOf)(exit)
    const error = Option.getOrUndefined(Option.map(outcome.error, encodeError))
    execution.note(end)
    execution.change({
      state: outcome.status,
      finishedAt: at,
      due: undefined,
      error,
      report: outcome.report ?? row.report
    })
    execution.write(endWrites(execution.row))
    // a parent that waits for it hears of its failure, and nobody else does
    const buried = outcome.deadLetter && (row.parent === undefined || row.discarded === true) && Exit.isFailure(exit)
    if (buried && error !== undefined) {
      const { attempt, id, recency, workflow } = row
      execution.bury({ run: id, workflow, recency, at, attempts: attempt, error, chain: chainOf(exit.cause) })
    }
    if (parent !== undefined) {
      // until that commit, the parent must not say that it waits
      parent.wakeComing = true
      execution.wake(parent)
    } else if (row.parent !== undefined) execution.wake(row.parent) // its workflow may not be registered yet
    committer.offer(execution)
    yield* Effect.tapError(committer.durable(execution), () =>
      Effect.sync(() => {
        if (parent !== undefined) parent.wakeComing = false
      })).pipe(Effect.orDie)
    if (buried) yield* deadLetters.update({ workflow: row.workflow }, 1)
    yield* announcements.ended(execution)
    const ended = exit === result.exit ? result : new Workflow.Complete({ exit })
    execution.ended = ended
    residents.remove(execution)
    onOver(execution)
    if (row.parent !== undefined) yield* Effect.forkIn(wakeParent(row.parent, parent), scope)
    return ended
  })

  const wakeParent = Effect.fnUntraced(
    function*(id: string, known: Execution | undefined) {
      const parent = known ?? (yield* residents.find(id))
      if (parent !== undefined) yield* resume(parent, "automatic")
    },
    Effect.catch(({ message }) => Effect.logError(`a run stays as it is until the next start: ${message}`))
  )

  const rest = Effect.fnUntraced(function*(execution: Execution, result: Workflow.Suspended) {
    const waits = restOf(execution, result)
    execution.change(waits)
    committer.offer(execution)
    yield* Effect.orDie(committer.durable(execution))
    if (waits.state === "parked") yield* announcements.parked(execution)
    if (waits.due !== undefined) clocks.wakeAt(execution.id, waits.due)
    yield* residents.rest(execution)
    return result
  })

  /** The pass ended without a result: the process is about to end, or the store has refused it. */
  const drop = Effect.fnUntraced(function*(execution: Execution, cause: Cause.Cause<unknown>) {
    const refused = execution.lost ?? execution.refused
    const interrupted = refused === undefined && Cause.hasInterruptsOnly(cause)
    const draining = isDraining(execution.registered)
    // a compensation waits, or was interrupted by what the body had waited for
    if (interrupted && !draining && execution.instance?.suspended === true) {
      if (Exit.isSuccess(yield* Effect.exit(rest(execution, new Workflow.Suspended({}))))) return
    }
    execution.lost = refused ?? execution.refused ?? Cause.squash(cause)
    residents.remove(execution)
    yield* releasePass(execution.instance)
    if (interrupted && draining && execution.refused === undefined) {
      execution.change({ state: "stopped" })
      committer.offer(execution)
    } else {
      yield* Effect.logError("a run cannot go on, and will be tried again").pipe(
        Effect.annotateLogs({ workflow: execution.row.workflow, run: execution.id, reason: String(execution.lost) })
      )
      yield* Effect.forkIn(Effect.delay(revive(execution.id), patienceMillis), scope)
    }
  })

  /** Reads a run again that the store had refused, and lets it go on from what is durable. */
  const revive = Effect.fnUntraced(function*(id: string) {
    const found = yield* Effect.retry(residents.find(id), recovery)
    if (found !== undefined) yield* resume(found, "explicit")
  }, Effect.catch(({ message }) => Effect.logError(`a run stays as it is until the next start: ${message}`)))

  return { resume }
}
