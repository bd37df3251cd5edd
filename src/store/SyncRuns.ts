import { Context, Effect, Layer, Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { rowOf, RunColumns, runOfRow } from "./RunColumns.ts"

/** The last state of each task (`sync_runs`), for those who look at the store with a client of their own. */
export class SyncRuns extends Context.Service<SyncRuns, {
  /** Records a start or an end. A run that is over does not hide one that began after it. */
  readonly record: (run: Run) => Effect.Effect<void, SurrealError>
  /** Sets right what says `running` although the process had no time to say how the run ended. */
  readonly refresh: Effect.Effect<void, SurrealError>
}>()("glider/store/SyncRuns") {
  static readonly layer: Layer.Layer<SyncRuns, never, Surreal> = Layer.effect(
    SyncRuns,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const record = Effect.fn("SyncRuns.record")(
        function*({ error, finishedAt, startedAt, status, workflow }: Run) {
          yield* surreal.execute(
            "IF $id.last_started_at = NONE OR $id.last_started_at <= $row.last_started_at " +
              "{ UPSERT $id CONTENT $row RETURN NONE }",
            {
              id: recordId("sync_runs", workflow),
              row: {
                task: workflow,
                last_started_at: startedAt,
                last_finished_at: finishedAt,
                last_status: status,
                last_error: Option.map(error, ({ message }) => message)
              }
            }
          )
        }
      )

      const refresh = Effect.gen(function*() {
        const doubtful = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE task FROM sync_runs WHERE last_status = 'running'"
        )
        yield* Effect.forEach(doubtful, (workflow) =>
          Effect.flatMap(
            surreal.query(
              Schema.Array(RunColumns),
              "SELECT *, record::id(id)[0] AS run FROM run WITH INDEX run_by_workflow WHERE workflow = $workflow LIMIT 1",
              { workflow }
            ),
            ([newest]) => newest === undefined ? Effect.void : record(runOfRow(rowOf(newest)))
          ), { discard: true })
      }).pipe(Effect.withSpan("SyncRuns.refresh"))

      return SyncRuns.of({ record, refresh })
    })
  )
}
