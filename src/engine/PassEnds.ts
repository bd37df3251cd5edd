/** How a pass ends: what its body's end means for the run, and what is written of it. */
import { Cause, Context, Effect, Exit, Fiber, Option, Result, Schema } from "effect"
import { Workflow, type WorkflowEngine } from "effect/workflow"
import { RunError } from "../domain/Run.ts"
import { type Noted, noted } from "../domain/RunEntry.ts"
import { UnknownVersion } from "../workflow/Versions.ts"
import type { Execution } from "./Execution.ts"
import type { Misfit } from "./Misfit.ts"
import type { Registered, WorkflowCodec } from "./Registry.ts"
import { errorOf } from "./RunOptions.ts"

const encodeError = Schema.encodeSync(RunError)

const isUnknownVersion = Schema.is(UnknownVersion)

/** Why the code of today cannot stand for the run, if that is so. */
const verdictOn = (
  execution: Execution,
  exit: Exit.Exit<unknown, unknown>
): Option.Option<Misfit> => {
  const failure = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return isUnknownVersion(failure) ? Option.some(failure) : execution.check?.ended() ?? Option.none()
}

type Body = ReturnType<Registered["execute"]>

/**
 * The body, judged where it ends: when a step that it once took was left out, or its version is gone, that is no end. The
 * run is parked, and nothing is compensated.
 */
export const judged = (
  execution: Execution,
  instance: WorkflowEngine.WorkflowInstance["Service"],
  body: Body
): Body =>
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
export const compensateIfCancelled = (
  { cancelled, drained, givenUp, parked }: Execution,
  instance: WorkflowEngine.WorkflowInstance["Service"],
  exit: Exit.Exit<unknown, unknown>,
  draining: boolean
): Effect.Effect<void> => {
  if (instance.abandoned || drained || (parked !== undefined && !givenUp)) return Effect.void
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

/**
 * The end of a run whose compensation could not do its work, by a defect or because it was interrupted, as by a child that
 * was cancelled: in another pass it would come to the same. The others have been compensated.
 */
export const uncompensated = (
  { body, lost, refused }: Execution,
  { suspended }: WorkflowEngine.WorkflowInstance["Service"],
  cause: Cause.Cause<unknown>,
  draining: boolean
): Option.Option<Workflow.Complete<unknown, unknown>> => {
  if (lost !== undefined || refused !== undefined || body?.pollUnsafe() === undefined) return Option.none()
  if (Cause.hasDies(cause)) return Option.some(new Workflow.Complete({ exit: Exit.failCause(cause) }))
  if (!Cause.hasInterruptsOnly(cause) || suspended || draining) return Option.none()
  return Option.some(new Workflow.Complete({ exit: Exit.die(new Error("a compensation was interrupted")) }))
}

/** The end of a run as it is kept: a result that is too large for a journal is a defect. */
export const endOf = (
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

/** What is written of a run whose pass came to no result. */
export const restOf = (execution: Execution, { cause, failed }: Workflow.Suspended) => {
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
