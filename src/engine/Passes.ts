/** The passes of a run through its body: each begins with a replay, and ends with a result or with a wait. */
import { Cause, Clock, Context, Effect, Exit, Fiber, Option, Result, Schema, type Scope } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { RunError } from "../domain/Run.ts"
import { type Noted, noted } from "../domain/RunEntry.ts"
import { recovery } from "../RetryPolicy.ts"
import { type NonDeterminismError, ReplayCheck } from "../workflow/Determinism.ts"
import { UnknownVersion } from "../workflow/Versions.ts"
import type * as Announcements from "./Announcements.ts"
import type { Clocks } from "./Clocks.ts"
import type { Execution, WakeMode } from "./Execution.ts"
import type { GroupCommit } from "./GroupCommit.ts"
import type { WorkflowCodec } from "./Registry.ts"
import { releasePass, type Residents } from "./Residents.ts"
import { chainOf, errorOf, type Outcome as Told, OutcomeOf } from "./RunOptions.ts"

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
  readonly isDraining: () => boolean
  /** Called when a run is over and has left the memory. */
  readonly onOver: (execution: Execution) => void
}

export interface Passes {
  /** Lets a run go on; one that is at it goes on again once this pass is over. */
  readonly resume: (execution: Execution, mode: WakeMode) => Effect.Effect<void>
}

/** How long a run rests that the store has refused. */
const patience = "5 seconds"

/** Whoever had started the run has left. */
const stopped: Told = {
  status: "interrupted",
  error: Option.some(new RunError({ tag: "Interrupted", message: "stopped before its end", fix: Option.none() })),
  report: undefined,
  deadLetter: false
}

type Outcome = Workflow.Result<unknown, unknown>

const encodeError = Schema.encodeSync(RunError)

const isUnknownVersion = Schema.is(UnknownVersion)

/** Why the code of today cannot stand for the run, if that is so. */
const verdictOn = (
  execution: Execution,
  exit: Exit.Exit<unknown, unknown>
): Option.Option<NonDeterminismError | UnknownVersion> => {
  const failure = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return isUnknownVersion(failure) ? Option.some(failure) : execution.check?.ended() ?? Option.none()
}

/**
 * The body, judged where it ends: when a step that it once took was left out, or its version is gone, that is no end. The
 * run is parked, and nothing is compensated.
 */
const judged = (
  execution: Execution,
  instance: WorkflowEngine.WorkflowInstance["Service"],
  body: Effect.Effect<unknown, unknown, WorkflowEngine.WorkflowEngine | WorkflowEngine.WorkflowInstance>
) =>
  Effect.flatMap(Effect.exit(body), (exit): Effect.Effect<unknown, unknown> => {
    if (instance.interrupted || (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause))) return exit
    const verdict = verdictOn(execution, exit)
    if (Option.isNone(verdict)) return exit
    execution.parked ??= verdict.value
    return Workflow.suspend(instance)
  })

/**
 * A safe end comes where the run would wait; one that was asked for at once comes in any case. So does the end of a body
 * that was interrupted by what it waited for, as by a child that was cancelled.
 */
const compensateIfCancelled = (
  { cancelled, drained, parked }: Execution,
  instance: WorkflowEngine.WorkflowInstance["Service"],
  exit: Exit.Exit<unknown, unknown>,
  draining: boolean
): Effect.Effect<void> => {
  if (instance.abandoned || drained || (parked !== undefined && cancelled === undefined)) return Effect.void
  if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) && !instance.suspended && !draining) {
    instance.interrupted = true
    return Effect.void
  }
  if (cancelled === undefined) return Effect.void
  const failsAndSuspends = Exit.isFailure(exit) &&
    Context.get(instance.workflow.annotations, Workflow.SuspendOnFailure)
  if (cancelled === "safe" && !instance.suspended && !failsAndSuspends) return Effect.void
  instance.interrupted = true
  instance.suspended = false
  return Effect.withFiber((fiber) => Effect.interruptible(Fiber.interrupt(fiber)))
}

/** The end of a run as it is kept: a result that is too large for a journal is a defect. */
const endOf = (
  codec: WorkflowCodec,
  exit: Exit.Exit<unknown, unknown>,
  at: number
): { readonly end: Noted; readonly exit: Exit.Exit<unknown, unknown> } => {
  const encoded = codec.encodeExit(exit)
  const end = noted({ _tag: "Ended", at, exit: encoded.stored }, "the result of the workflow")
  return Result.isSuccess(end)
    ? { end: end.success, exit: encoded.exit }
    : endOf(codec, Exit.die(end.failure), at)
}

export const make = (
  { announcements, clocks, committer, context, deferreds, isDraining, onOver, residents, scope }: PassesOptions
): Passes => {
  const resume = Effect.fnUntraced(function*(execution: Execution, mode: WakeMode): Effect.fn.Return<void> {
    if (execution.ended !== undefined || execution.lost !== undefined) return
    const { fiber } = execution
    if (fiber === undefined || fiber.pollUnsafe() !== undefined) {
      return mode === "automatic" && execution.row.state === "parked" ? undefined : yield* begin(execution)
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
    execution.parked = undefined
    execution.wakeComing = false
    execution.joins = false
    execution.heard.clear()
    execution.drained = false
    residents.add(execution)
    if (execution.row.state !== "running") execution.change({ state: "running", due: undefined, error: undefined })
    const services = context(execution)
    const body = Effect.withFiber((fiber) => {
      execution.body = fiber
      return registered.execute(execution.payload, execution.id)
    })
    // within the pass: until its fiber is there, another wake would begin a second one
    const prelude = Effect.andThen(releasePass(before), announcements.begun(execution))
    const pass = judged(execution, instance, body).pipe(
      Effect.onExit((exit) => compensateIfCancelled(execution, instance, exit, isDraining())),
      Workflow.intoResult,
      (result) => deferreds.trackRun(instance, result),
      (result) => Effect.andThen(prelude, result),
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
    // a parent that waits for it hears of its failure, and nobody else does
    if (
      outcome.deadLetter && (row.parent === undefined || row.discarded === true) && error !== undefined &&
      Exit.isFailure(exit)
    ) {
      const { attempt, id, recency, workflow } = row
      execution.bury({ run: id, workflow, recency, at, attempts: attempt, error, chain: chainOf(exit.cause) })
    }
    if (parent !== undefined) {
      // until that commit, the parent must not say that it waits
      parent.wakeComing = true
      execution.wake(parent)
    } else if (row.parent !== undefined) execution.wake(row.parent) // its workflow may not be registered yet
    committer.offer(execution)
    yield* Effect.orDie(committer.durable(execution))
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
    if (waits.due !== undefined) clocks.wakeAt(execution.id, waits.due)
    yield* residents.rest(execution)
    return result
  })

  /** The pass ended without a result: the process is about to end, or the store has refused it. */
  const drop = Effect.fnUntraced(function*(execution: Execution, cause: Cause.Cause<unknown>) {
    const refused = execution.lost ?? execution.refused
    if (refused === undefined && Cause.hasInterruptsOnly(cause) && !isDraining()) {
      // what it waited for came when it had stopped waiting: it goes on with another pass
      return yield* resume(execution, "explicit")
    }
    execution.lost = refused ?? Cause.squash(cause)
    residents.remove(execution)
    yield* releasePass(execution.instance)
    if (refused === undefined && Cause.hasInterruptsOnly(cause)) {
      execution.change({ state: "stopped" })
      committer.offer(execution)
    } else {
      yield* Effect.logError("a run cannot go on, and will be tried again").pipe(
        Effect.annotateLogs({ workflow: execution.row.workflow, run: execution.id, reason: String(execution.lost) })
      )
      yield* Effect.forkIn(Effect.delay(revive(execution.id), patience), scope)
    }
  })

  /** Reads a run again that the store had refused, and lets it go on from what is durable. */
  const revive = Effect.fnUntraced(function*(id: string) {
    const found = yield* Effect.retry(residents.find(id), recovery)
    if (found !== undefined) yield* resume(found, "explicit")
  }, Effect.catch(({ message }) => Effect.logError(`a run stays as it is until the next start: ${message}`)))

  return { resume }
}

const restOf = (execution: Execution, { cause, failed }: Workflow.Suspended) => {
  if (execution.parked !== undefined) {
    return { state: "parked", error: encodeError(errorOf(Cause.fail(execution.parked))) } as const
  }
  if (failed === true) {
    return { state: "parked", error: cause === undefined ? undefined : encodeError(errorOf(cause)) } as const
  }
  if (execution.drained) return { state: "stopped" } as const
  if (execution.resumeRequested !== undefined || execution.wakeComing || execution.joins) {
    return { state: "running" } as const
  }
  return { state: "waiting", due: execution.due } as const
}
