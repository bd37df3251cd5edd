/** Runs that are over, with their journals and search attributes. */
import { type DateTime, Effect, Option, Schema, Stream } from "effect"
import { RunState, unfinishedStates } from "../domain/Run.ts"
import type { Surreal } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import type { Evidence } from "./Evidence.ts"
import { isOver, rowOf, RunColumns, runId, type RunRow } from "./RunColumns.ts"
import { removalOf } from "./RunRemoval.ts"

/** Runs that are removed in one transaction. */
const batch = 100

/** Runs of before the durable engine may lack their end. */
const endOf = ({ finishedAt, startedAt }: RunRow): number => finishedAt ?? startedAt

/**
 * By when they ended. Runs that are not over are none of it; children of such runs (whose results a replay may ask for) and
 * dead letters are in use.
 */
export const runEvidence = (surreal: Surreal["Service"]): Evidence => {
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

  const pageAfter = (state: RunState, before: DateTime.Utc) =>
    Effect.fnUntraced(function*(recency: number) {
      const rows = yield* candidates(state, recency)
      const old = rows.filter((row) => endOf(row) < before.epochMilliseconds)
      const inUse = old.length === 0 ? [] : yield* needed(old)
      const page = {
        scanned: rows.length,
        expired: old.map(({ id }) => id),
        inUse: inUse.map(({ id }) => id),
        removal: (subjects: ReadonlyArray<string>) => {
          const chosen = new Set(subjects)
          return removalOf(old.filter(({ id }) => chosen.has(id)))
        }
      }
      const last = rows.at(-1)
      return [[page], Option.map(Option.fromUndefinedOr(last), ({ recency }) => recency)] as const
    })

  return {
    kind: "run",
    pages: (before) =>
      Stream.fromIterable(RunState.literals.filter((state) => isOver({ state }))).pipe(
        // a run ends after it began, so those that ended before began before
        Stream.flatMap((state) => Stream.paginate(-before.epochMilliseconds * 1000, pageAfter(state, before)))
      ),
    present: (subjects) =>
      surreal.query(Schema.Array(Schema.String), "SELECT VALUE record::id(id)[0] FROM $ids WHERE id != NONE", {
        ids: subjects.map(runId)
      })
  }
}
