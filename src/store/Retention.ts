import { Context, DateTime, type Duration, Effect, Layer, Schema } from "effect"
import { RunState, unfinishedStates } from "../domain/Run.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { isOver, rowOf, RunColumns, runId, type RunRow } from "./RunColumns.ts"
import { removalOf } from "./RunRemoval.ts"

/** How old a run has to be, and seen from when. */
export interface Prune {
  /** Since it ended. */
  readonly runsOlderThan: Duration.Duration
  readonly now: DateTime.Utc
}

/** Removes what is too old to be kept. */
export class Retention extends Context.Service<Retention, {
  /**
   * Removes runs that ended long ago, with their journals and search attributes, and says how many; a hundred at a
   * time, so that others are served in between. Runs that are not over, children of such runs (whose results a replay may
   * ask for) and dead letters are never removed by age.
   */
  readonly prune: (prune: Prune) => Effect.Effect<number, SurrealError>
  /**
   * Gives the space of removed rows back to the disk now. The engine does so by itself with later writes and when it is
   * opened the next time. Reads and writes go on meanwhile.
   */
  readonly compact: Effect.Effect<void, SurrealError>
}>()("glider/store/Retention") {
  static readonly layer: Layer.Layer<Retention, never, Surreal> = Layer.effect(
    Retention,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      /** Runs of a state that began before `recency`, from the youngest on. */
      const candidates = (state: RunState, recency: number) =>
        Effect.map(
          surreal.query(
            Schema.Array(RunColumns),
            "SELECT *, record::id(id)[0] AS run FROM run WITH INDEX run_by_state " +
              "WHERE state = $state AND recency > $recency LIMIT $batch",
            { state, recency, batch }
          ),
          (found) => found.map(rowOf)
        )

      /** Which of the runs somebody may still ask for. */
      const needed = Effect.fnUntraced(function*(rows: ReadonlyArray<RunRow>) {
        const parents = rows.flatMap(({ parent }) => parent === undefined ? [] : [runId(parent)])
        const open = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE record::id(id)[0] FROM $parents WHERE state IN $unfinished",
          { parents, unfinished: unfinishedStates }
        )
        const dead = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE record::id(id)[0] FROM $ids WHERE id != NONE",
          { ids: rows.map(({ id }) => recordId("dead_letter", [id])) }
        )
        return rows.filter(({ id, parent }) => dead.includes(id) || (parent !== undefined && open.includes(parent)))
      })

      const pruneState = Effect.fnUntraced(function*(state: RunState, before: DateTime.Utc) {
        let removed = 0
        // a run ends after it began, so those that ended before began before
        let recency = -before.epochMilliseconds * 1000
        for (;;) {
          const rows = yield* candidates(state, recency)
          const last = rows.at(-1)
          if (last === undefined) return removed
          const old = rows.filter((row) => isOver(row) && endOf(row) < before.epochMilliseconds)
          const kept = old.length === 0 ? [] : yield* needed(old)
          const gone = old.filter((row) => !kept.includes(row))
          if (gone.length > 0) yield* surreal.transaction(removalOf(gone))
          removed += gone.length
          recency = last.recency
        }
      })

      const prune = Effect.fn("Retention.prune")(function*({ now, runsOlderThan }: Prune) {
        const before = DateTime.subtractDuration(now, runsOlderThan)
        const over = RunState.literals.filter((state) => isOver({ state }))
        const removed = yield* Effect.forEach(over, (state) => pruneState(state, before))
        const total = removed.reduce((sum, one) => sum + one, 0)
        yield* Effect.annotateCurrentSpan({ "glider.runs.removed": total })
        return total
      })

      const compact = surreal.execute("ALTER SYSTEM COMPACT").pipe(Effect.withSpan("Retention.compact"))

      return Retention.of({ prune, compact })
    })
  )
}

/** Runs that are removed in one transaction. */
const batch = 100

/** Runs of before the durable engine may lack their end. */
const endOf = ({ finishedAt, startedAt }: RunRow): number => finishedAt ?? startedAt
