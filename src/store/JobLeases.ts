import { Context, Effect, Layer, Option, Schema } from "effect"
import { JobStatus } from "../domain/BackgroundJob.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { candidatesOf } from "./JobCandidates.ts"
import { lanesOf, type Outlook, outlookOf, waiting } from "./JobOutlook.ts"
import { type Holding, JobColumns, jobId, keysOf, type TakenJob, takenOf } from "./JobRows.ts"
import { released, settled, settledWith, type Settlement, tellFailed, type Tried } from "./JobSettlements.ts"
import { Outbox } from "./Outbox.ts"

/** Who wants how many jobs of which types. Instants are epoch milliseconds. */
export interface Taking {
  readonly worker: string
  readonly types: ReadonlyArray<string>
  readonly limit: number
  readonly now: number
  /** Until when they are the worker's. */
  readonly until: number
}

/** A job that is not its worker's any more: somebody has cancelled it, or others think that the worker is gone. */
export interface GoneJob {
  readonly job: string
  readonly why: "cancelled" | "lost"
}

/** A job whose worker has not been heard of. */
export interface ExpiredJob extends Tried {
  readonly maxAttempts: number
}

/** The table `background_job`, as workers use it. */
export class JobLeases extends Context.Service<JobLeases, {
  /** Lets those begin whose time has come. */
  readonly promote: (now: number) => Effect.Effect<Outlook, SurrealError>
  /** The types of which there are jobs whose time has come. */
  readonly lanes: Effect.Effect<ReadonlyArray<string>, SurrealError>
  /** Takes the most urgent jobs of these types whose resources are free. */
  readonly take: (taking: Taking) => Effect.Effect<ReadonlyArray<TakenJob>, SurrealError>
  /** Keeps a job until then; false when it is not the worker's any more. */
  readonly extend: (holding: Holding, until: number) => Effect.Effect<boolean, SurrealError>
  /** What has become of jobs that a worker has taken; nothing of those that are still its own. */
  readonly gone: (holdings: ReadonlyArray<Holding>) => Effect.Effect<ReadonlyArray<GoneJob>, SurrealError>
  /** Writes down how a try has ended; false when the job is not the worker's any more, and then nothing is written. */
  readonly settle: (
    holding: Holding & Tried,
    settlement: Settlement,
    now: number
  ) => Effect.Effect<boolean, SurrealError>
  /** Gives a job back as if the try had not begun. */
  readonly giveBack: (holding: Holding, now: number) => Effect.Effect<boolean, SurrealError>
  /** Jobs whose lease ends by then. */
  readonly expired: (end: number, limit: number) => Effect.Effect<ReadonlyArray<ExpiredJob>, SurrealError>
  /** Ends the tries of those whose lease still ends by then, all in the same way; says of which. */
  readonly reap: (
    jobs: ReadonlyArray<ExpiredJob>,
    settlement: Exclude<Settlement, { readonly _tag: "Succeeded" }>,
    at: { readonly end: number; readonly now: number }
  ) => Effect.Effect<ReadonlyArray<string>, SurrealError>
}>()("glider/store/JobLeases") {
  static readonly layer: Layer.Layer<JobLeases, never, Surreal> = Layer.effect(
    JobLeases,
    Effect.gen(function*() {
      const outbox = yield* Outbox
      const surreal = yield* Surreal

      const lanes = lanesOf(surreal)
      const outlook = outlookOf(surreal)

      const promote = Effect.fn("JobLeases.promote")(function*(now: number) {
        const before = yield* outlook
        if (!Option.exists(before.next, (at) => at <= now)) return before
        yield* surreal.transaction([{
          // beside further columns of an index, `<=` misses those that are equal
          sql:
            `UPDATE (SELECT VALUE id FROM ${waiting} AND run_at < $end LIMIT $batch) SET is_ready = true RETURN NONE`,
          vars: { end: now + 1, batch }
        }])
        return yield* outlook
      })

      const candidates = candidatesOf(surreal)

      const claim = ({ now, until, worker }: Taking, ids: ReadonlyArray<string>) =>
        surreal.transaction([{
          sql: "UPDATE $ids SET status = 'running', attempts += 1, locked_by = $worker, lease_until = $until, " +
            "started_at = $now, updated_at = $now WHERE status = 'queued' AND is_ready RETURN AFTER",
          vars: { ids: ids.map(jobId), worker, until, now }
        }]).pipe(
          Effect.flatMap(([rows]) => Effect.orDie(decodeRows(rows))),
          // another process has taken one of the resources meanwhile
          Effect.catchIf(({ reason }) => reason._tag === "AlreadyExists", () => Effect.succeed([]))
        )

      const take = Effect.fn("JobLeases.take")(function*(taking: Taking) {
        const taken: Array<TakenJob> = []
        if (taking.types.length === 0) return taken
        for (let round = 0; round < mostRounds && taken.length < taking.limit; round++) {
          const ids = yield* candidates(taking.types, taking.limit - taken.length)
          if (ids.length === 0) break
          const rows = new Map((yield* claim(taking, ids)).map((row) => [row.key, row]))
          taken.push(...ids.flatMap((id) => {
            const row = rows.get(id)
            return row === undefined ? [] : [takenOf(row, taking.worker)]
          }))
          // else somebody was faster, and there may be others
          if (rows.size === ids.length) break
        }
        return taken
      })

      const changed = (statement: Statement, besides: ReadonlyArray<Statement> = []) =>
        Effect.map(
          Effect.flatMap(surreal.transaction([statement, ...besides]), ([keys]) => keysOf(keys)),
          (keys) => keys.length > 0
        )

      const woken = (told: ReadonlyArray<Statement>) => told.length === 0 ? Effect.void : outbox.wake

      const extend = Effect.fn("JobLeases.extend")((holding: Holding, until: number) =>
        changed({
          sql: `UPDATE $ids SET lease_until = $until WHERE ${isHeld} RETURN VALUE key`,
          vars: { ...heldBy(holding), until }
        })
      )

      const gone = Effect.fn("JobLeases.gone")(function*(holdings: ReadonlyArray<Holding>) {
        const rows = yield* surreal.query(
          Schema.Array(HeldColumns),
          // without a condition the engine asks for a database when it reads columns of given ids
          "SELECT key, status, locked_by, attempts FROM $ids WHERE id != NONE",
          { ids: holdings.map(({ job }) => jobId(job)) }
        )
        const byKey = new Map(rows.map((row) => [row.key, row]))
        return holdings.flatMap(({ attempt, job, worker }): ReadonlyArray<GoneJob> => {
          const row = byKey.get(job)
          if (row?.status === "running" && row.locked_by === worker && row.attempts === attempt) return []
          return [{ job, why: row?.status === "cancelled" ? "cancelled" : "lost" }]
        })
      })

      const settle = Effect.fn("JobLeases.settle")(
        function*(tried: Holding & Tried, settlement: Settlement, now: number) {
          const told = tellFailed(outbox, [tried], settlement, now)
          const isWritten = yield* changed({
            sql: `UPDATE $ids SET ${settled[settlement._tag]} WHERE ${isHeld} RETURN VALUE key`,
            vars: { ...heldBy(tried), ...settledWith(settlement, now) }
          }, told)
          yield* woken(told)
          return isWritten
        }
      )

      const giveBack = Effect.fn("JobLeases.giveBack")((holding: Holding, now: number) =>
        changed({
          sql: `UPDATE $ids SET status = 'queued', attempts -= 1, ${released} WHERE ${isHeld} RETURN VALUE key`,
          vars: { ...heldBy(holding), now }
        })
      )

      const expired = Effect.fn("JobLeases.expired")(function*(end: number, limit: number) {
        // so few run at once that all of them can be looked at
        const rows = yield* surreal.query(
          Schema.Array(RunningColumns),
          "SELECT key, job_type, attempts, max_attempts, lease_until FROM background_job " +
            "WITH INDEX background_job_by_status WHERE status = 'running'"
        )
        return rows.filter(({ lease_until }) => lease_until <= end).slice(0, limit).map((row): ExpiredJob => ({
          job: row.key,
          type: row.job_type,
          attempt: row.attempts,
          maxAttempts: row.max_attempts
        }))
      })

      const reap = Effect.fn("JobLeases.reap")(
        function*(
          jobs: ReadonlyArray<ExpiredJob>,
          settlement: Exclude<Settlement, { readonly _tag: "Succeeded" }>,
          { end, now }: { readonly end: number; readonly now: number }
        ) {
          const byAttempt = Map.groupBy(jobs, ({ attempt }) => attempt)
          const told = tellFailed(outbox, jobs, settlement, now)
          const answers = yield* surreal.transaction([
            ...[...byAttempt].map(([attempt, some]) => ({
              sql: `UPDATE $ids SET ${settled[settlement._tag]} ` +
                "WHERE status = 'running' AND attempts = $attempt AND lease_until <= $end RETURN VALUE key",
              vars: { ids: some.map(({ job }) => jobId(job)), attempt, end, ...settledWith(settlement, now) }
            })),
            ...told
          ])
          yield* woken(told)
          return (yield* Effect.forEach(answers.slice(0, byAttempt.size), keysOf)).flat()
        }
      )

      return JobLeases.of({ promote, lanes, take, extend, gone, settle, giveBack, expired, reap })
    })
  )
}

/** Jobs that are made ready in one transaction. */
const batch = 500

/** How often jobs are looked for again at once, when other workers were faster. */
const mostRounds = 5

/** The token of a try: a result that comes later than the lease finds another worker, or another number. */
const isHeld = "status = 'running' AND locked_by = $worker AND attempts = $attempt"

const heldBy = ({ attempt, job, worker }: Holding) => ({ ids: [jobId(job)], worker, attempt })

const HeldColumns = Schema.Struct({
  key: Schema.String,
  status: JobStatus,
  locked_by: Schema.optional(Schema.NullOr(Schema.String)),
  attempts: Schema.Natural
})

const RunningColumns = Schema.Struct({
  key: Schema.String,
  job_type: Schema.String,
  attempts: Schema.Natural,
  max_attempts: Schema.Natural,
  lease_until: Schema.Finite
})

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(JobColumns))
