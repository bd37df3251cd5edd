import { Cause, Duration, Effect, Exit, Option, Predicate, Schema } from "effect"
import type { Connection } from "../domain/Connection.ts"
import { mendFor, mendOf } from "../domain/Mends.ts"
import { ProviderError } from "../domain/ProviderError.ts"
import { RunError, type RunStatus, type SyncReport } from "../domain/Run.ts"
import { TaskName, taskProvider } from "../domain/Task.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { SurrealError } from "../services/SurrealError.ts"

/** The end of a run that did not do what it was to do. */
export class RunFailed extends Schema.TaggedError<RunFailed>()("RunFailed", { error: RunError }) {
  override get message(): string {
    return this.error.message
  }
}

/** Of whom a run reads. */
export type Account = Pick<Connection, "name" | "provider">

const isTask = Schema.is(TaskName)

/** Where the config says how long a run may take: of the account's table, of its task, or of its provider's tasks. */
const limitOf = (task: string, { name, provider }: Account): string =>
  Option.match(name, {
    onNone: () =>
      TaskName.literals.filter((one) => isTask(task) ? one === task : taskProvider[one] === provider)
        .map((one) => `sync.${one}.timeout_seconds`).join(" or "),
    onSome: (name) => `connection.${name}.timeout_seconds`
  })

/** The run took longer than its task allows. */
export const timedOut = (task: string, account: Account, timeout: Duration.Duration): RunFailed =>
  new RunFailed({
    error: new RunError({
      tag: "RunTimedOut",
      message: `the run did not end within ${Duration.format(timeout)}`,
      fix: Option.some(`raise ${limitOf(task, account)} if the provider is that slow`)
    })
  })

/** Whether it is the run that ended for its length, and not one of its streams. */
export const isTimeOut = (failure: unknown): failure is RunFailed =>
  isRunFailed(failure) && failure.error.tag === "RunTimedOut"

type Name = Connection["name"]

const isProviderError = Schema.is(ProviderError)
const isSurrealError = Schema.is(SurrealError)
const isRunFailed = Schema.is(RunFailed)

const signIn = (error: ProviderError, name: Name): Option.Option<string> => {
  switch (error.reason._tag) {
    case "NeedsAuth":
    case "Unauthorized":
    case "Forbidden":
      return Option.some(signInCommand(error.provider, name))
    default:
      return Option.none()
  }
}

/** Every failure and defect as one that can be journalled, with what mends it for the account of that name; an interruption stays one. */
export const told = <A, E, R>(effect: Effect.Effect<A, E, R>, name?: Name): Effect.Effect<A, RunFailed, R> =>
  Effect.catchCause(
    effect,
    (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.fail(new RunFailed({ error: causeError(cause, name) }))
  )

/** What a failure says itself that mends it. */
const ownFix = (error: unknown): Option.Option<string> =>
  Predicate.hasProperty(error, "fix") && typeof error.fix === "string" ? Option.some(error.fix) : Option.none()

/** A failure as it is stored and shown; the name is of the account that was read, where it has one. */
export const runErrorOf = (error: unknown, name: Name = Option.none()): RunError => {
  if (isRunFailed(error)) return error.error
  if (isProviderError(error)) {
    const { _tag: tag } = error.reason
    const fix = Option.orElse(signIn(error, name), () => mendFor(tag, { provider: error.provider }))
    return new RunError({ tag, message: error.message, fix })
  }
  if (isSurrealError(error)) {
    const { _tag: tag } = error.reason
    return new RunError({ tag, message: error.message, fix: mendOf(tag) })
  }
  const tag = error instanceof Error ? error.name : "Defect"
  return new RunError({
    tag,
    message: error instanceof Error ? error.message : "the sync died of a bug",
    fix: Option.orElse(ownFix(error), () => mendOf(tag))
  })
}

/** Why a cause came about, as it is stored and shown. */
const causeError = (cause: Cause.Cause<unknown>, name?: Name): RunError =>
  Cause.hasInterruptsOnly(cause)
    ? new RunError({ tag: "Interrupted", message: "stopped before its end", fix: mendOf("Interrupted") })
    : runErrorOf(Cause.squash(cause), name)

/** The status and the error that a run ends with, told from how its work ended and what its streams met. */
export const settle = (
  exit: Exit.Exit<void, unknown>,
  report: SyncReport
): { readonly status: Exclude<RunStatus, "running">; readonly error: Option.Option<RunError> } => {
  if (Exit.isFailure(exit)) {
    const error = causeError(exit.cause)
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

const statusOf = ({ tag }: RunError) =>
  tag === "NeedsAuth" ? "needs_auth" : tag === "Interrupted" ? "interrupted" : "failed"
