import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import { type Entry, Segment } from "../domain/RunEntry.ts"
import { matches, type RunQuery } from "../domain/RunQuery.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { RunColumns, rowOf, runId, runOfRow } from "./RunColumns.ts"

/** Which runs to list, newest first. */
export interface RunListing {
  readonly query: Option.Option<RunQuery>
  readonly after: Option.Option<number>
  readonly limit: number
}

/** The history of runs. */
export class Runs extends Context.Service<Runs, {
  readonly list: (
    listing: RunListing
  ) => Effect.Effect<{ readonly runs: ReadonlyArray<Run>; readonly next: Option.Option<number> }, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<Run>, SurrealError>
  readonly history: (
    id: string
  ) => Effect.Effect<Option.Option<{ readonly run: Run; readonly entries: ReadonlyArray<Entry> }>, SurrealError>
  /** The newest run of each workflow. */
  readonly newest: (workflows: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Run>, SurrealError>
  readonly markInterrupted: Effect.Effect<number, SurrealError>
  /** Removes a run and its journal. */
  readonly forget: (id: string) => Effect.Effect<void, SurrealError>
}>()("glider/store/Runs") {
  static readonly layer = Layer.effect(
    Runs,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const select = (from: string, vars: Statement["vars"]) =>
        Effect.map(
          surreal.query(Schema.Array(RunColumns), `SELECT *, record::id(id)[0] AS run FROM ${from}`, vars),
          (rows) => rows.map(rowOf).map(runOfRow)
        )
      const get = (id: string) =>
        Effect.map(select("$ids WHERE id != NONE", { ids: [runId(id)] }), ([run]) => Option.fromUndefinedOr(run))
      const newest = (workflows: ReadonlyArray<string>) =>
        Effect.map(
          Effect.forEach(
            workflows,
            (workflow) =>
              select("run WITH INDEX run_by_workflow WHERE workflow = $workflow LIMIT 1", { workflow })
          ),
          (all) => all.flat()
        )
      const decode = Schema.decodeEffect(Segment)
      return Runs.of({
        list: Effect.fnUntraced(function*({ after, limit, query }) {
          const now = yield* DateTime.now
          const all = yield* select("run", {})
          const found = all.toSorted((one, other) => other.cursor - one.cursor).filter((run) =>
            (Option.isNone(after) || -run.cursor > after.value) &&
            (Option.isNone(query) || matches(query.value, run, now))
          )
          return { runs: found.slice(0, limit), next: Option.none() }
        }),
        get,
        history: Effect.fnUntraced(function*(id) {
          const run = yield* get(id)
          if (Option.isNone(run)) return Option.none()
          const texts = yield* surreal.query(
            Schema.Array(Schema.String),
            "SELECT VALUE text FROM journal:[$run]..[$run, ..]",
            { run: id }
          )
          const entries = yield* Effect.orDie(Effect.forEach(texts, (text) => decode(text)))
          return Option.some({ run: run.value, entries: entries.flat() })
        }),
        newest,
        markInterrupted: Effect.map(
          surreal.query(
            Schema.Array(Schema.Literal(true)),
            "UPDATE run SET state = 'stopped' WHERE state = 'running' RETURN VALUE true"
          ),
          (marked) => marked.length
        ),
        forget: (id) =>
          Effect.asVoid(surreal.transaction([
            { sql: "DELETE $id RETURN NONE", vars: { id: runId(id) } },
            { sql: "DELETE journal:[$run]..[$run, ..] RETURN NONE", vars: { run: id } }
          ]))
      })
    })
  )
}
