import { Context, DateTime, Deferred, Effect, Exit, Layer, Option, Queue, Schema } from "effect"
import { Tick } from "../domain/Schedule.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { TickColumns, type TickRow, tickStatements, type TickWrite } from "./TickRows.ts"

/** A stretch of a schedule's ticks, both ends included, in epoch milliseconds. */
export interface TickRange {
  readonly project: string
  readonly schedule: string
  readonly from: number
  readonly to: number
  /** The first so many of them. */
  readonly limit: number
}

/** Writes that share a transaction. */
const together = 500

/** Rows that are removed in one transaction. */
const movedAtOnce = 1000

/** What became of every tick. */
export class TickLedger extends Context.Service<TickLedger, {
  /** Records outcomes that start no run, durably; those that come at the same time share a transaction. */
  readonly record: (write: TickWrite) => Effect.Effect<void, SurrealError>
  /** The ticks of a stretch, the oldest first. */
  readonly read: (range: TickRange) => Effect.Effect<ReadonlyArray<Tick>, SurrealError>
  /** How many outcomes a project has. */
  readonly count: (project: string) => Effect.Effect<number, SurrealError>
  /** Gives the ledger of a project to another one, and says how many ticks that were. */
  readonly move: (from: string, to: string) => Effect.Effect<number, SurrealError>
}>()("glider/store/TickLedger") {
  static readonly layer: Layer.Layer<TickLedger, never, Surreal> = Layer.effect(
    TickLedger,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const waiting = yield* Queue.unbounded<readonly [TickWrite, Deferred.Deferred<void, SurrealError>]>()

      const commit = Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
        const batch = yield* restore(Queue.takeBetween(waiting, 1, together))
        const exit = yield* Effect.exit(surreal.transaction(tickStatements(batch.map(([write]) => write))))
        for (const [, done] of batch) Deferred.doneUnsafe(done, Exit.asVoid(exit))
      }))
      yield* Effect.forkScoped(Effect.forever(commit))

      const record = Effect.fnUntraced(function*(write: TickWrite) {
        const done = Deferred.makeUnsafe<void, SurrealError>()
        yield* Queue.offer(waiting, [write, done])
        yield* Deferred.await(done)
      })

      const read = Effect.fn("TickLedger.read")(function*({ from, limit, project, schedule, to }: TickRange) {
        const rows = yield* surreal.query(
          Schema.Array(TickColumns),
          "SELECT *, record::id(id)[2] AS nominal FROM tick:[$project, $schedule, $from]..=[$project, $schedule, $to] " +
            "LIMIT $limit",
          { project, schedule, from, to, limit }
        )
        return rows.map(tickOf)
      })

      const count = Effect.fn("TickLedger.count")(function*(project: string) {
        return yield* surreal.query(
          Schema.Natural,
          "RETURN count(SELECT VALUE id FROM tick:[$project]..[$project, ..])",
          {
            project
          }
        )
      })

      const move = Effect.fn("TickLedger.move")(function*(from: string, to: string) {
        let moved = 0
        for (;;) {
          const rows = yield* surreal.query(
            Schema.Array(Schema.Struct({ ...TickColumns.fields, schedule: Schema.String })),
            "SELECT *, record::id(id)[1] AS schedule, record::id(id)[2] AS nominal FROM tick:[$from]..[$from, ..] LIMIT $size",
            { from, size: movedAtOnce }
          )
          if (rows.length === 0) return moved
          yield* surreal.transaction([
            {
              sql: "INSERT IGNORE INTO tick $rows RETURN NONE",
              vars: {
                rows: rows.map(({ nominal, schedule, ...tick }) => ({
                  ...tick,
                  id: recordId("tick", [to, schedule, nominal])
                }))
              }
            },
            {
              sql: "DELETE $ids RETURN NONE",
              vars: { ids: rows.map(({ nominal, schedule }) => recordId("tick", [from, schedule, nominal])) }
            }
          ])
          moved += rows.length
        }
      })

      return TickLedger.of({ record, read, count, move })
    })
  )
}

const instant = DateTime.makeUnsafe

const tickOf = ({ at, effective, marks, nominal, outcome, reason, run }: typeof TickColumns.Type): Tick =>
  new Tick({
    nominal: instant(nominal),
    effective: instant(effective),
    outcome,
    at: instant(at),
    run: Option.fromNullishOr(run),
    marks: marks ?? [],
    reason: Option.fromNullishOr(reason)
  })

/** A tick as it has just been settled. */
export const tickOfRow = (row: TickRow): Tick => tickOf(row)
