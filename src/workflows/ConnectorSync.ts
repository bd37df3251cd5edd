/** The sync of any one account, as a workflow and as a job that is given by the clock, after failures, or by a person. */
import { Clock, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { Workflow, WorkflowEngine } from "effect/workflow"
import { LatestConfig } from "../Config.ts"
import { ConnectionId } from "../domain/Connection.ts"
import { FailureClass, failureClass, isWorthRetrying } from "../domain/FailureClass.ts"
import { SyncReport, unfinishedStates } from "../domain/Run.ts"
import { SourceRunKind } from "../domain/SourceRun.ts"
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
import { planOf } from "./ConnectorPlan.ts"
import { Quarantine } from "./Quarantine.ts"
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
export const SkipReason = Schema.Literals(["quarantined", "disabled", "fresh"])

export const ConnectorSync = Job.make("connector.sync", {
  payload: Schema.Struct({
    connection: ConnectionId,
    kind: SourceRunKind,
    /** Since when it is due, epoch milliseconds: of an account whose last sync has ended after that, nothing is left to do. */
    due: Schema.Finite
  }),
  success: Schema.Struct({
    run: Schema.OptionFromNullOr(Schema.String),
    skipped: Schema.OptionFromNullOr(SkipReason),
    records: Schema.Natural
  }),
  error: Schema.Union([ConnectorSyncFailed, SurrealError]),
  isRetryable: (error) => error._tag === "SurrealError" || isWorthRetrying(error.kind),
  resource: ({ connection }) => `connection:${connection}`,
  pool: "connectors",
  maxAttempts: 3
})

const skipped = (reason: typeof SkipReason.Type) => ({
  run: Option.none<string>(),
  skipped: Option.some(reason),
  records: 0
})

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

/** Who does such jobs. */
export const job = Job.toLayer(
  ConnectorSync,
  Effect.fnUntraced(function*({ connection: id, due, kind }) {
    const config = yield* (yield* LatestConfig).get
    const connections = yield* Connections
    const engine = yield* WorkflowEngine.WorkflowEngine
    const health = yield* SourceRuns
    const quarantine = yield* Quarantine
    const found = yield* connections.find(id)
    if (Option.isNone(found) || found.value.connection.state === "revoked") {
      return yield* new ConnectorSyncFailed({ kind: "permanent", message: `${id} is not connected` })
    }
    const { connection } = found.value
    if (connection.state === "needs_auth") {
      const command = signInCommand(connection.provider, connection.name)
      return yield* new ConnectorSyncFailed({ kind: "auth", message: `${id} needs a new sign-in; run: ${command}` })
    }
    const plan = planOf(connection, config)
    const now = yield* Clock.currentTimeMillis
    if (kind !== "manual") {
      const { lastSuccessAt, quarantinedUntil } = yield* health.healthOf(id)
      if (Option.exists(quarantinedUntil, (until) => until > now)) return skipped("quarantined")
      if (!plan.isEnabled) return skipped("disabled")
      if (Option.exists(lastSuccessAt, (at) => at > due)) return skipped("fresh")
    }
    const run = yield* runOfTry(yield* CurrentJob)
    const exit = yield* engine.execute(connectorSync, {
      executionId: run,
      payload: { run, input: plan.input, timeoutMillis: Duration.toMillis(plan.timeout), connection: id, kind }
    }).pipe(
      Effect.provideService(RunOptions, {
        ...RunOptions.defaultValue(),
        trigger: kind === "manual" ? "manual" : "schedule"
      }),
      Effect.exit
    )
    if (Exit.isSuccess(exit)) return { run: Option.some(run), skipped: Option.none(), records: recordsOf(exit.value) }
    yield* quarantine.judge(connection)
    return yield* Effect.catchTag(
      Effect.failCause(exit.cause),
      "SyncFailed",
      ({ error }) => Effect.fail(new ConnectorSyncFailed({ kind: failureClass(error.tag), message: error.message }))
    )
  })
)
