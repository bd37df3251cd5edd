/** The sync of any one account, as a workflow and as a job that is given by the clock, after failures, or by a person. */
import { Cause, Clock, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { LatestConfig } from "../Config.ts"
import { type Connection, ConnectionId } from "../domain/Connection.ts"
import { FailureClass, failureClass, isWorthRetrying } from "../domain/FailureClass.ts"
import { SyncReport, unfinishedStates } from "../domain/Run.ts"
import { SourceRunKind } from "../domain/SourceRun.ts"
import { RunControl } from "../engine/RunControl.ts"
import { OutcomeOf, RunOptions } from "../engine/RunOptions.ts"
import * as Job from "../jobs/Job.ts"
import { CurrentJob } from "../jobs/JobType.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { Runs } from "../store/Runs.ts"
import { SourceRuns } from "../store/SourceRuns.ts"
import { Syncs } from "../syncs/Syncs.ts"
import { body } from "../workflow/Body.ts"
import { type ConnectorPlan, planOf } from "./ConnectorPlan.ts"
import { factsOf, Quarantine } from "./Quarantine.ts"
import { syncBody, SyncFailed, syncOutcome, SyncPayload } from "./SyncBody.ts"
import { world } from "./SyncStreams.ts"

/** Brings one account up to date. */
export const connectorSync = Workflow.make("connector_sync", {
  payload: SyncPayload,
  success: SyncReport,
  error: SyncFailed,
  idempotencyKey: ({ run }) => run
}).annotate(OutcomeOf, syncOutcome)

export const workflow = Layer.unwrap(Effect.gen(function*() {
  const syncs = yield* Syncs
  const touched = yield* world
  return connectorSync.toLayer(body(syncBody("connector_sync", syncs, touched)))
}))

/** The sync of an account did not do what it was to do. */
export class ConnectorSyncFailed extends Schema.TaggedError<ConnectorSyncFailed>()("ConnectorSyncFailed", {
  kind: FailureClass,
  message: Schema.String
}) {}

/** Why an account was left alone. */
export const SkipReason = Schema.Literals(["quarantined", "disabled", "fresh", "needs_auth"])

const Failure = Schema.Struct({ kind: FailureClass, message: Schema.String })

/**
 * A sync that a person asks for fails when its work does, and is then a dead letter. One that is given by itself does not: the next is what
 * tries again, and the ledger, the health of the account and alerts tell of it.
 */
export const ConnectorSync = Job.make("connector.sync", {
  payload: Schema.Struct({
    connection: ConnectionId,
    kind: SourceRunKind,
    /** Since when it is due, epoch milliseconds: what a sync that began after that has brought is brought. */
    due: Schema.Finite
  }),
  success: Schema.Struct({
    run: Schema.OptionFromNullOr(Schema.String),
    skipped: Schema.OptionFromNullOr(SkipReason),
    failed: Schema.OptionFromNullOr(Failure),
    records: Schema.Natural
  }),
  error: Schema.Union([ConnectorSyncFailed, SurrealError]),
  isRetryable: (error) => error._tag === "SurrealError" || isWorthRetrying(error.kind),
  resource: ({ connection }) => `connection:${connection}`,
  pool: "connectors",
  maxAttempts: 3
})
type Result = typeof ConnectorSync.success.Type

const nothing: Result = { run: Option.none(), skipped: Option.none(), failed: Option.none(), records: 0 }

const skipped = (reason: typeof SkipReason.Type): Result => ({ ...nothing, skipped: Option.some(reason) })

const recordsOf = ({ streams }: SyncReport): number =>
  Object.values(streams).reduce((sum, { created, deleted, updated }) => sum + created + updated + deleted, 0)

/** The run of this try: that of an earlier one whose worker has gone, when it is still under way. */
const runOfTry = Effect.fnUntraced(function*({ attempt, id }: CurrentJob["Service"]) {
  const runs = yield* Runs
  for (let earlier = attempt - 1; earlier > 0; earlier--) {
    const row = yield* runs.get(`${id}.${earlier}`)
    if (Option.exists(row, ({ state }) => unfinishedStates.some((open) => open === state))) return `${id}.${earlier}`
  }
  return `${id}.${attempt}`
})

/** Who cancels the job stops its run, and waits for that: another sync of the account may begin then. A process that ends does not. */
const stopped = Effect.fnUntraced(function*(run: string, { isCancelled }: CurrentJob["Service"]) {
  if (!(yield* isCancelled)) return
  const control = yield* RunControl
  yield* control.cancel(run, "stop").pipe(
    Effect.andThen(control.ended(run)),
    Effect.catch(({ message }) => Effect.logWarning(`the sync of a cancelled job goes on: ${message}`))
  )
})

/** Why a sync that is given by itself is not made. */
const hindrance = Effect.fnUntraced(function*(connection: Connection, plan: ConnectorPlan, due: number) {
  const now = yield* Clock.currentTimeMillis
  const row = yield* (yield* SourceRuns).healthOf(connection.id)
  const facts = factsOf(connection, row, yield* (yield* LatestConfig).get, now)
  if (Option.exists(facts.quarantinedUntil, (until) => until > now)) return Option.some("quarantined" as const)
  if (!plan.isEnabled) return Option.some("disabled" as const)
  return Option.exists(row.lastSuccessBegan, (at) => at >= due && at <= now)
    ? Option.some("fresh" as const)
    : Option.none()
})

/** Who does such jobs. */
export const job = Job.toLayer(
  ConnectorSync,
  Effect.fnUntraced(function*({ connection: id, due, kind }) {
    const connections = yield* Connections
    const current = yield* CurrentJob
    const engine = yield* WorkflowEngine.WorkflowEngine
    const quarantine = yield* Quarantine
    const isByHand = kind === "manual"
    const found = yield* connections.find(id)
    if (Option.isNone(found) || found.value.connection.state === "revoked") {
      return yield* new ConnectorSyncFailed({ kind: "permanent", message: `${id} is not connected` })
    }
    const { connection } = found.value
    if (connection.state === "needs_auth") {
      if (!isByHand) return skipped("needs_auth")
      const command = signInCommand(connection.provider, connection.name)
      return yield* new ConnectorSyncFailed({ kind: "auth", message: `${id} needs a new sign-in; run: ${command}` })
    }
    const plan = planOf(connection, yield* (yield* LatestConfig).get)
    if (!isByHand) {
      const reason = yield* hindrance(connection, plan, due)
      if (Option.isSome(reason)) return skipped(reason.value)
    }
    const run = yield* runOfTry(current)
    const exit = yield* engine.execute(connectorSync, {
      executionId: run,
      payload: { run, input: plan.input, timeoutMillis: Duration.toMillis(plan.timeout), connection: id, kind }
    }).pipe(
      Effect.provideService(RunOptions, {
        ...RunOptions.defaultValue(),
        trigger: isByHand ? "manual" : "schedule"
      }),
      Effect.onInterrupt(() => stopped(run, current)),
      Effect.exit
    )
    if (Exit.isSuccess(exit)) return { ...nothing, run: Option.some(run), records: recordsOf(exit.value) }
    const failure = Cause.findErrorOption(exit.cause)
    // stopped, or a bug
    if (Option.isNone(failure)) {
      return yield* Cause.hasInterruptsOnly(exit.cause) ? Effect.interrupt : Effect.die(Cause.squash(exit.cause))
    }
    yield* quarantine.judge(connection)
    const { error, report } = failure.value
    const failed = { kind: failureClass(error.tag), message: error.message }
    // what asks for patience is asked again at the next interval
    const isAgain = isWorthRetrying(failed.kind) && failed.kind !== "quota" && current.attempt < current.maxAttempts
    return isByHand || isAgain
      ? yield* new ConnectorSyncFailed(failed)
      : { ...nothing, run: Option.some(run), failed: Option.some(failed), records: recordsOf(report) }
  })
)
