/** The ledger of syncs: a row for each that has read an account, and how the account is since, in the commit of the run's end. */
import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { ConnectionId } from "../domain/Connection.ts"
import { FailureClass, failureClass, isOfAccount } from "../domain/FailureClass.ts"
import { SyncReport } from "../domain/Run.ts"
import { Checkpoint, SourceRun, SourceRunKind } from "../domain/SourceRun.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import type { RunRow } from "./RunColumns.ts"

const table = "source_sync_run"

/** Failures that are kept of an account: more than any rule counts. */
const mostFailures = 20

const heldFailures = "(SELECT VALUE failures FROM $id)[0]"

/** Tries that fail one after the other are one failure, milliseconds. */
const oneFailure = 5 * 60_000

const decodeReport = Schema.decodeUnknownOption(SyncReport)
const encodeCheckpoint = Schema.encodeSync(Schema.fromJsonString(Checkpoint))

const kindOf = ({ trigger }: RunRow): SourceRunKind => trigger === "manual" ? "manual" : "scheduled"

const isEnd = Schema.is(SourceRun.fields.status)

const healthOf = (connection: ConnectionId) => recordId("connection_health", [connection])

/**
 * Of a run that has read no account, nothing. One that was stopped says nothing of how the account is, nor does a backfill, and a failure
 * of the provider or of the store is none of the account.
 */
export const ledgerWrites = (run: RunRow): ReadonlyArray<Statement> => {
  const report = Option.getOrUndefined(decodeReport(run.report))
  if (report === undefined || Option.isNone(report.source) || !isEnd(run.state)) return []
  const { after, before, bytes, connection, kind } = report.source.value
  const finished = run.finishedAt ?? run.startedAt
  const counts = Object.values(report.streams)
  const row = {
    connection,
    run_kind: Option.getOrElse(kind, () => kindOf(run)),
    status: run.state,
    retry_class: run.error === undefined ? undefined : failureClass(run.error.tag),
    error: run.error?.message.slice(0, 2000),
    checkpoint_before: encodeCheckpoint(before),
    checkpoint_after: Option.getOrUndefined(Option.map(after, encodeCheckpoint)),
    records: counts.reduce((sum, { created, deleted, updated }) => sum + created + updated + deleted, 0),
    bytes,
    started_at: run.startedAt,
    finished_at: finished,
    recency: -finished
  }
  const vars = { id: healthOf(connection), connection, finished, began: run.startedAt, soon: finished - oneFailure }
  const isBackfill = Option.contains(kind, "backfill")
  const isGood = !isBackfill && (run.state === "completed" || run.state === "partial")
  const isBad = !isBackfill && (run.state === "failed" || run.state === "needs_auth") &&
    isOfAccount(run.error?.tag ?? "")
  return [
    { sql: "UPSERT $id CONTENT $row RETURN NONE", vars: { id: recordId(table, [run.id]), row } },
    ...isGood
      ? [{
        sql: "UPSERT $id SET connection = $connection, failures = [], last_success_at = $finished, " +
          "last_success_began = $began RETURN NONE",
        vars
      }]
      : isBad
      ? [{
        // what an UPSERT sets does not see what the row held, and a query does
        sql: `UPSERT $id SET connection = $connection, failures = IF (${heldFailures} ?? [])[0] > $soon ` +
          `THEN ${heldFailures} ` +
          `ELSE array::slice(array::prepend(${heldFailures} ?? [], $finished), 0, ${mostFailures}) END RETURN NONE`,
        vars
      }]
      : []
  ]
}

/** How an account is, as far as its syncs tell. Instants are epoch milliseconds. */
export interface HealthRow {
  readonly connection: ConnectionId
  readonly lastSuccessAt: Option.Option<number>
  /** When that sync began: what is newer it may not have seen. */
  readonly lastSuccessBegan: Option.Option<number>
  /** The ends of failed syncs since then, the newest first. */
  readonly failures: ReadonlyArray<number>
  readonly quarantinedUntil: Option.Option<number>
  readonly recoveredAt: Option.Option<number>
}

/** The syncs of accounts that have ended, and how accounts are since. */
export class SourceRuns extends Context.Service<SourceRuns, {
  /** The newest syncs of an account. */
  readonly list: (connection: ConnectionId, limit: number) => Effect.Effect<ReadonlyArray<SourceRun>, SurrealError>
  readonly health: Effect.Effect<ReadonlyMap<ConnectionId, HealthRow>, SurrealError>
  readonly healthOf: (connection: ConnectionId) => Effect.Effect<HealthRow, SurrealError>
  /** Leaves an account alone until then. */
  readonly quarantine: (connection: ConnectionId, until: number) => Effect.Effect<void, SurrealError>
  /** Ends that, and forgets what led to it. */
  readonly release: (connection: ConnectionId) => Effect.Effect<void, SurrealError>
  /** Notes a sync out of turn; false when another has noted one since `before`. */
  readonly recovered: (connection: ConnectionId, at: number, before: number) => Effect.Effect<boolean, SurrealError>
  /** Removes syncs that have ended before then, some at a time; how many there were. */
  readonly prune: (before: number) => Effect.Effect<number, SurrealError>
}>()("glider/store/SourceRuns") {
  static readonly layer: Layer.Layer<SourceRuns, never, Surreal> = Layer.effect(
    SourceRuns,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const list = Effect.fn("SourceRuns.list")(function*(connection: ConnectionId, limit: number) {
        const rows = yield* surreal.query(
          Schema.Array(Row),
          `SELECT *, record::id(id)[0] AS run FROM ${table} WITH INDEX source_sync_run_by_connection ` +
            "WHERE connection = $connection ORDER BY recency LIMIT $limit",
          { connection, limit }
        )
        return rows.map(told)
      })

      const health = surreal.query(Schema.Array(HealthColumns), "SELECT * FROM connection_health").pipe(
        Effect.map((rows): ReadonlyMap<ConnectionId, HealthRow> =>
          new Map(rows.map((row) => [row.connection, healthRow(row)]))
        ),
        Effect.withSpan("SourceRuns.health")
      )

      const healthOfOne = Effect.fn("SourceRuns.healthOf")(function*(connection: ConnectionId) {
        const [row] = yield* surreal.query(Schema.Array(HealthColumns), "SELECT * FROM $id", {
          id: healthOf(connection)
        })
        return row === undefined ? unknownHealth(connection) : healthRow(row)
      })

      const set = (connection: ConnectionId, assignments: string, vars: Record<string, unknown>) =>
        surreal.execute(`UPSERT $id SET connection = $connection, ${assignments} RETURN NONE`, {
          id: healthOf(connection),
          connection,
          ...vars
        })

      const recovered = Effect.fn("SourceRuns.recovered")(
        function*(connection: ConnectionId, at: number, before: number) {
          const rows = yield* surreal.query(
            Schema.Array(Schema.String),
            "UPSERT $id SET connection = $connection, recovered_at = $at " +
              "WHERE recovered_at = NONE OR recovered_at <= $before RETURN VALUE connection",
            { id: healthOf(connection), connection, at, before }
          )
          return rows.length > 0
        }
      )

      const prune = Effect.fn("SourceRuns.prune")(function*(before: number) {
        const ids = yield* surreal.query(
          Schema.Array(Schema.Unknown),
          `SELECT VALUE id FROM ${table} WITH INDEX source_sync_run_by_age WHERE finished_at < $before LIMIT 1000`,
          { before }
        )
        if (ids.length > 0) yield* surreal.execute("DELETE $ids RETURN NONE", { ids })
        return ids.length
      })

      return SourceRuns.of({
        list,
        health,
        healthOf: healthOfOne,
        quarantine: (connection, until) => set(connection, "quarantined_until = $until", { until }),
        release: (connection) => set(connection, "quarantined_until = NONE, failures = []", {}),
        recovered,
        prune
      })
    })
  )
}

const OptionalInt = Schema.OptionFromOptionalNullOr(Schema.Finite)

const HealthColumns = Schema.Struct({
  connection: ConnectionId,
  last_success_at: OptionalInt,
  last_success_began: OptionalInt,
  failures: Schema.Array(Schema.Finite),
  quarantined_until: OptionalInt,
  recovered_at: OptionalInt
})

const healthRow = (row: typeof HealthColumns.Type): HealthRow => ({
  connection: row.connection,
  lastSuccessAt: row.last_success_at,
  lastSuccessBegan: row.last_success_began,
  failures: row.failures,
  quarantinedUntil: row.quarantined_until,
  recoveredAt: row.recovered_at
})

/** Of an account that was never synced. */
export const unknownHealth = (connection: ConnectionId): HealthRow => ({
  connection,
  lastSuccessAt: Option.none(),
  lastSuccessBegan: Option.none(),
  failures: [],
  quarantinedUntil: Option.none(),
  recoveredAt: Option.none()
})

const CheckpointText = Schema.fromJsonString(Checkpoint)

const Row = Schema.Struct({
  run: Schema.NonEmptyString,
  connection: ConnectionId,
  run_kind: SourceRunKind,
  status: SourceRun.fields.status,
  retry_class: Schema.OptionFromOptionalNullOr(FailureClass),
  error: Schema.OptionFromOptionalNullOr(Schema.String),
  checkpoint_before: CheckpointText,
  checkpoint_after: Schema.OptionFromOptionalNullOr(CheckpointText),
  records: Schema.Natural,
  bytes: Schema.Natural,
  started_at: Schema.Finite,
  finished_at: Schema.Finite
})

const told = (row: typeof Row.Type): SourceRun =>
  new SourceRun({
    run: row.run,
    connection: row.connection,
    kind: row.run_kind,
    status: row.status,
    failureClass: row.retry_class,
    error: row.error,
    before: row.checkpoint_before,
    after: row.checkpoint_after,
    records: row.records,
    bytes: row.bytes,
    durationMillis: Math.max(0, row.finished_at - row.started_at),
    startedAt: DateTime.makeUnsafe(row.started_at),
    finishedAt: DateTime.makeUnsafe(row.finished_at)
  })
