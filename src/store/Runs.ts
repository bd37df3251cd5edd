import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { Run, RunError, RunStatus, SyncReport, Trigger } from "../domain/Run.ts"
import { TaskName } from "../domain/Task.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant, OptionalInstant, recordId } from "../services/SurrealValue.ts"

/** Which runs to list, newest first. */
export interface RunFilter {
  readonly task: Option.Option<TaskName>
  readonly status: Option.Option<RunStatus>
  /** Only runs that started before this instant: the next page. */
  readonly before: Option.Option<DateTime.Utc>
  /** At most 500. */
  readonly limit: number
}

/** The history of runs (`run`) and each task's last state (`sync_runs`). */
export class Runs extends Context.Service<Runs, {
  /** Records a start. */
  readonly started: (run: Run) => Effect.Effect<void, SurrealError>
  /** Records an end. */
  readonly finished: (run: Run) => Effect.Effect<void, SurrealError>
  /** Marks the runs that a process which is gone left `running` as `interrupted`; says how many. */
  readonly recover: Effect.Effect<number, SurrealError>
  readonly list: (filter: RunFilter) => Effect.Effect<ReadonlyArray<Run>, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<Run>, SurrealError>
  /** The newest run of each task. */
  readonly newest: Effect.Effect<ReadonlyArray<Run>, SurrealError>
}>()("glider/store/Runs") {
  static readonly layer = Layer.effect(
    Runs,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const select = (where: string, vars: Statement["vars"]) =>
        Effect.map(
          surreal.query(Schema.Array(Row), `SELECT *, record::id(id)[0] AS run_id FROM ${where}`, vars),
          (rows) => rows.map(toRun)
        )

      const started = Effect.fn("Runs.started")(function*(run: Run) {
        yield* surreal.transaction([
          yield* upsert(run),
          lastState(run)
        ])
      })

      const finished = started

      const recover = Effect.gen(function*() {
        const left = yield* select("run WHERE status = 'running'", {})
        const at = yield* DateTime.now
        yield* Effect.forEach(left, (run) =>
          finished(
            new Run({
              ...run,
              status: "interrupted",
              finishedAt: Option.some(at),
              error: Option.some(
                new RunError({
                  tag: "Interrupted",
                  message: "the process ended during the run",
                  fix: Option.none()
                })
              )
            })
          ))
        return left.length
      }).pipe(Effect.withSpan("Runs.recover"))

      /** The runs of the days before `end`, read by an index from its lower end; the engine sorts what it has read. */
      const within = Effect.fnUntraced(function*(filter: RunFilter, end: DateTime.Utc, days: number) {
        const { before, limit, status, task } = filter
        const conditions = [
          "started_at >= $from",
          ...Option.isSome(before) ? ["started_at < $spare"] : [],
          ...Option.isSome(task) ? ["task = $task"] : [],
          ...Option.isSome(status) ? ["status = $status"] : []
        ]
        const found = yield* select(
          `run WHERE ${conditions.join(" AND ")} ORDER BY started_at DESC LIMIT $limit`,
          {
            task,
            status,
            from: DateTime.subtract(end, { days }),
            // an index orders datetimes by their text, which is wrong within a second: read more and look again here
            spare: Option.map(before, DateTime.add({ seconds: 2 })),
            limit: limit + spareRuns
          }
        )
        return found.filter(({ startedAt }) => Option.isNone(before) || DateTime.isLessThan(startedAt, before.value))
      })

      const list = Effect.fn("Runs.list")(function*(filter: RunFilter) {
        const limit = Math.min(filter.limit, 500)
        const end = Option.isSome(filter.before) ? filter.before.value : yield* DateTime.now
        for (let days = 1;; days *= 4) {
          const found = yield* within({ ...filter, limit }, end, days)
          if (found.length >= limit || days > longestDays) return found.slice(0, limit)
        }
      })

      const get = Effect.fn("Runs.get")(function*(id: string) {
        const [found] = yield* select("$id WHERE id != NONE", { id: recordId("run", [id]) })
        return Option.fromUndefinedOr(found)
      })

      const newest = Effect.forEach(
        TaskName.literals,
        (task) => list({ task: Option.some(task), status: Option.none(), before: Option.none(), limit: 1 })
      ).pipe(
        Effect.map((runs) => runs.flat()),
        Effect.withSpan("Runs.newest")
      )

      return Runs.of({ started, finished, recover, list, get, newest })
    })
  )
}

/** Runs that may have started within the two seconds that are read to spare. */
const spareRuns = 50

/** How far back a listing looks that does not fill up; more than Glider's age. */
const longestDays = 4 ** 6

/** The columns of `run`. */
const Columns = Schema.Struct({
  task: TaskName,
  trigger: Trigger,
  status: RunStatus,
  started_at: Instant,
  finished_at: OptionalInstant,
  error: Schema.OptionFromOptionalNullOr(RunError),
  report: SyncReport
})

const Row = Schema.Struct({ ...Columns.fields, run_id: Schema.String })

const toRun = ({ finished_at, run_id, started_at, ...rest }: typeof Row.Type): Run =>
  new Run({ ...rest, id: run_id, startedAt: started_at, finishedAt: finished_at })

const encode = Schema.encodeEffect(Columns)

const upsert = Effect.fnUntraced(function*(run: Run) {
  const row = yield* encode({
    task: run.task,
    trigger: run.trigger,
    status: run.status,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    error: run.error,
    report: run.report
  })
  return { sql: "UPSERT $id CONTENT $row RETURN NONE", vars: { id: recordId("run", [run.id]), row } }
}, Effect.orDie) // what we made ourselves must encode

/** A run that is over does not hide one that began after it. */
const lastState = ({ error, finishedAt, startedAt, status, task }: Run): Statement => ({
  sql:
    "IF $id.last_started_at = NONE OR $id.last_started_at <= $row.last_started_at { UPSERT $id CONTENT $row RETURN NONE }",
  vars: {
    id: recordId("sync_runs", task),
    row: {
      task,
      last_started_at: startedAt,
      last_finished_at: finishedAt,
      last_status: status,
      last_error: Option.map(error, ({ message }) => message)
    }
  }
})
