import { Cause, Duration, Exit, Option, Schema } from "effect"
import type { Task } from "../Config.ts"
import { ProviderError } from "../domain/ProviderError.ts"
import { RunError, type RunStatus, type SyncReport } from "../domain/Run.ts"

import { SurrealError } from "../services/SurrealError.ts"

/** The end of a run that did not do what it was to do. */
export class RunFailed extends Schema.TaggedError<RunFailed>()("RunFailed", { error: RunError }) {
  override get message(): string {
    return this.error.message
  }
}

/** The run took longer than its task allows. */
export const timedOut = (task: Task): RunFailed =>
  new RunFailed({
    error: new RunError({
      tag: "RunTimedOut",
      message: `the run did not end within ${Duration.format(task.timeout)}`,
      fix: Option.some(`raise sync.${task.name}.timeout_seconds if the provider is that slow`)
    })
  })

const isProviderError = Schema.is(ProviderError)
const isSurrealError = Schema.is(SurrealError)
const isRunFailed = Schema.is(RunFailed)

const signIn = (error: ProviderError): Option.Option<string> => {
  switch (error.reason._tag) {
    case "NeedsAuth":
    case "Unauthorized":
    case "Forbidden":
      return Option.some(`glider auth ${error.provider}`)
    default:
      return Option.none()
  }
}

const ofUnknown = (error: unknown): RunError => {
  if (isRunFailed(error)) return error.error
  if (isProviderError(error)) {
    return new RunError({ tag: error.reason._tag, message: error.message, fix: signIn(error) })
  }
  if (isSurrealError(error)) return new RunError({ tag: error.reason._tag, message: error.message, fix: Option.none() })
  return new RunError({
    tag: error instanceof Error ? error.name : "Defect",
    message: error instanceof Error ? error.message : "the sync died of a bug",
    fix: Option.none()
  })
}

/** Why a cause came about, as it is stored and shown. */
export const runErrorOf = (cause: Cause.Cause<unknown>): RunError =>
  Cause.hasInterruptsOnly(cause)
    ? new RunError({ tag: "Interrupted", message: "stopped before its end", fix: Option.none() })
    : ofUnknown(Cause.squash(cause))

/** The status and the error that a run ends with, told from how its work ended and what its streams met. */
export const settle = (
  exit: Exit.Exit<void, unknown>,
  report: SyncReport
): { readonly status: RunStatus; readonly error: Option.Option<RunError> } => {
  if (Exit.isFailure(exit)) {
    const error = runErrorOf(exit.cause)
    return { status: statusOf(error), error: Option.some(error) }
  }
  const errors = Object.entries(report.errors)
  const [first] = errors
  if (first === undefined) return { status: "completed", error: Option.none() }
  const auth = errors.find(([, { tag }]) => tag === "NeedsAuth")
  if (auth !== undefined) return { status: "needs_auth", error: Option.some(auth[1]) }
  const stood = Object.keys(report.streams).some((stream) => report.errors[stream] === undefined)
  return {
    status: stood ? "partial" : "failed",
    error: Option.some(
      errors.length === 1 ? first[1] : new RunError({
        tag: first[1].tag,
        message: errors.map(([stream, { message }]) => `${stream}: ${message}`).join("; "),
        fix: first[1].fix
      })
    )
  }
}

const statusOf = ({ tag }: RunError): RunStatus =>
  tag === "NeedsAuth" ? "needs_auth" : tag === "Interrupted" ? "interrupted" : "failed"
