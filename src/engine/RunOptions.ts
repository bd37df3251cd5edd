import { Cause, Context, type DateTime, Exit, Option, Predicate } from "effect"
import { mendOf } from "../domain/Mends.ts"
import { RunError, type RunStatus, type Trigger } from "../domain/Run.ts"
import type { Statement } from "../services/Surreal.ts"
import type { Attributes } from "../store/RunColumns.ts"
import type { TickWrite } from "../store/TickRows.ts"

/** How a run that is about to start came about. */
export interface RunOrigin {
  readonly trigger: Trigger
  readonly schedule: Option.Option<string>
  /** The nominal instant of the schedule. */
  readonly tick: Option.Option<DateTime.Utc>
  /** Counts from 1. */
  readonly attempt: number
  /** The run that this one tries again. */
  readonly original: Option.Option<string>
  readonly attributes: Attributes
  /** The ledger's part: it commits with the start of the run, so that no tick is lost and none starts two runs. */
  readonly settles?: TickWrite | undefined
  /** What else commits with the start of the run; nothing of it when one of that id is there already. */
  readonly writes?: ReadonlyArray<Statement> | undefined
  /** Called when a run begins with this origin; not when one of that id is there already, and is joined. */
  readonly began?: (() => void) | undefined
}

/** Provided around `Workflow.execute`: how the run that it starts came about. It does not pass on to that run's children. */
export class RunOptions extends Context.Reference<RunOrigin>("glider/engine/RunOptions", {
  defaultValue: () => ({
    trigger: "manual",
    schedule: Option.none(),
    tick: Option.none(),
    attempt: 1,
    original: Option.none(),
    attributes: {}
  })
}) {}

/** How the end of a workflow is told to people. */
export interface Outcome {
  readonly status: Exclude<RunStatus, "running">
  readonly error: Option.Option<RunError>
  /** What the workflow tells of itself besides; JSON. */
  readonly report: unknown
  /** Whether it waits in the dead letter queue for a person. */
  readonly deadLetter: boolean
}

const tagOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error && typeof error._tag === "string"
    ? error._tag
    : error instanceof Error
    ? error.name
    : "Error"

const messageOf = (error: unknown): string =>
  error instanceof Error && error.message !== "" ? error.message : typeof error === "string" ? error : tagOf(error)

/** What a failure says itself that mends it. */
const ownFix = (error: unknown): Option.Option<string> =>
  Predicate.hasProperty(error, "fix") && typeof error.fix === "string" ? Option.some(error.fix) : Option.none()

/** A failure in a few words. */
export const errorOf = (cause: Cause.Cause<unknown>): RunError => {
  if (Cause.hasInterruptsOnly(cause)) {
    return new RunError({ tag: "Cancelled", message: "cancelled", fix: Option.none() })
  }
  const error = Cause.squash(cause)
  const tag = tagOf(error)
  return new RunError({ tag, message: messageOf(error), fix: Option.orElse(ownFix(error), () => mendOf(tag)) })
}

/** The messages of a failure and of what caused it, from the outermost inwards. */
export const chainOf = (cause: Cause.Cause<unknown>): ReadonlyArray<string> => {
  const chain: Array<string> = []
  for (let error: unknown = Cause.squash(cause); error !== undefined && chain.length < 20;) {
    chain.push(`${tagOf(error)}: ${messageOf(error)}`)
    error = typeof error === "object" && error !== null && "cause" in error ? error.cause : undefined
  }
  return chain
}

/** A success is completed, an interruption cancelled, everything else failed and a dead letter. */
export const plainOutcome = (exit: Exit.Exit<unknown, unknown>): Outcome => {
  if (Exit.isSuccess(exit)) {
    return { status: "completed", error: Option.none(), report: undefined, deadLetter: false }
  }
  const cancelled = Cause.hasInterruptsOnly(exit.cause)
  return {
    status: cancelled ? "cancelled" : "failed",
    error: Option.some(errorOf(exit.cause)),
    report: undefined,
    deadLetter: !cancelled
  }
}

/** Annotation of a workflow whose result says more than success or failure. */
export class OutcomeOf extends Context.Reference<(exit: Exit.Exit<unknown, unknown>) => Outcome>(
  "glider/engine/OutcomeOf",
  { defaultValue: () => plainOutcome }
) {}
