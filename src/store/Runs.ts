import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { type Run, RunState, type RunStatus, statusOfState, unfinishedStates } from "../domain/Run.ts"
import { type Entry, Segment } from "../domain/RunEntry.ts"
import { matches, type RunQuery } from "../domain/RunQuery.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { fillPage } from "./Paging.ts"
import { rowOf, RunColumns, runId, runOfRow } from "./RunColumns.ts"
import { readRuns, runColumns, searchedOf } from "./RunRanges.ts"
import { removalOf } from "./RunRemoval.ts"

/** Which runs to list, newest first. */
export interface RunListing {
  /** Every run without it. */
  readonly query: Option.Option<RunQuery>
  /** The `next` of the page before, or the cursor of any run: only older ones are listed. */
  readonly after: Option.Option<number>
  /** At most 500. */
  readonly limit: number
}

export interface RunPage {
  readonly runs: ReadonlyArray<Run>
  /** None after the last page; a page may be shorter than asked, even empty, when few of many runs are meant. */
  readonly next: Option.Option<number>
}

/** A run with its journal, which is empty for runs of before the durable engine. */
export interface RunWithEntries {
  readonly run: Run
  readonly entries: ReadonlyArray<Entry>
}

/** The history of runs. */
export class Runs extends Context.Service<Runs, {
  readonly list: (listing: RunListing) => Effect.Effect<RunPage, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<Run>, SurrealError>
  readonly history: (id: string) => Effect.Effect<Option.Option<RunWithEntries>, SurrealError>
  /** The newest run of each workflow that has one. */
  readonly newest: (workflows: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Run>, SurrealError>
  /** The runs that are not over, and wait for nobody to mend them. */
  readonly open: Effect.Effect<
    ReadonlyArray<{ readonly id: string; readonly workflow: string; readonly schedule: string | undefined }>,
    SurrealError
  >
  /** How the runs stand, of those that there are. */
  readonly statuses: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, RunStatus>, SurrealError>
  /** How many runs are in each state; never more than `most` are counted of one. */
  readonly counts: (most: number) => Effect.Effect<{ readonly [S in RunState]: number }, SurrealError>
  /** How many runs are in each state that is not an end; never more than `most` are counted of one. */
  readonly unfinished: (
    most: number
  ) => Effect.Effect<{ readonly [S in (typeof unfinishedStates)[number]]: number }, SurrealError>
  /** The newest run of the workflow that completed, and the newest that did not do well; of its last 2000 runs. */
  readonly lastEnds: (workflow: string) => Effect.Effect<ReadonlyArray<Run>, SurrealError>
  /**
   * For a process that opens the store without being the supervisor: what runs say to be `running` is `stopped` then, and
   * goes on at the next `glider run`. Says how many there were.
   */
  readonly markInterrupted: Effect.Effect<number, SurrealError>
  /** Removes a run with its journal, its search attributes and its dead letter. */
  readonly forget: (id: string) => Effect.Effect<void, SurrealError>
}>()("glider/store/Runs") {
  static readonly layer: Layer.Layer<Runs, never, Surreal> = Layer.effect(
    Runs,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const decodeSegment = Schema.decodeEffect(Segment)

      const row = (id: string) =>
        Effect.map(
          surreal.query(Schema.Array(RunColumns), `SELECT ${runColumns} FROM $ids WHERE id != NONE`, {
            ids: [runId(id)]
          }),
          ([found]) => Option.map(Option.fromUndefinedOr(found), rowOf)
        )

      const list = Effect.fn("Runs.list")(function*({ after, limit, query }: RunListing) {
        const now = yield* DateTime.now
        const { found, next } = yield* fillPage({
          limit: Math.min(limit, 500),
          after: Option.map(after, (cursor) => -cursor),
          read: readRuns(surreal, query, now),
          isWanted: (row) => Option.isNone(query) || matches(query.value, searchedOf(row), now),
          placeOf: ({ recency }) => recency
        })
        return { runs: found.map(runOfRow), next: Option.map(next, (recency) => -recency) }
      })

      const get = Effect.fn("Runs.get")(function*(id: string) {
        return Option.map(yield* row(id), runOfRow)
      })

      const history = Effect.fn("Runs.history")(function*(id: string) {
        const run = yield* get(id)
        if (Option.isNone(run)) return Option.none()
        const segments = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE text FROM journal:[$run]..[$run, ..]",
          { run: id }
        )
        const entries = yield* Effect.orDie(Effect.forEach(segments, (text) => decodeSegment(text)))
        return Option.some({ run: run.value, entries: entries.flat() })
      })

      const newest = Effect.fn("Runs.newest")(function*(workflows: ReadonlyArray<string>) {
        const each = workflows.map((_, at) =>
          `(SELECT ${runColumns} FROM run WITH INDEX run_by_workflow WHERE workflow = $workflow${at} LIMIT 1)`
        )
        const found = yield* surreal.query(
          Schema.Array(RunColumns),
          `RETURN array::flatten([${each.join(", ")}])`,
          Object.fromEntries(workflows.map((workflow, at) => [`workflow${at}`, workflow]))
        )
        return found.map(rowOf).map(runOfRow)
      })

      const open = surreal.query(
        Schema.Array(OpenRun),
        `RETURN array::flatten([${
          openStates.map((state) =>
            `(SELECT record::id(id)[0] AS run, workflow, schedule FROM run WITH INDEX run_by_state WHERE state = '${state}')`
          ).join(", ")
        }])`
      ).pipe(
        Effect.map((found) =>
          found.map(({ run, schedule, workflow }) => ({ id: run, workflow, schedule: schedule ?? undefined }))
        ),
        Effect.withSpan("Runs.open")
      )

      const statuses = Effect.fn("Runs.statuses")(function*(ids: ReadonlyArray<string>) {
        const found = yield* surreal.query(
          Schema.Array(Schema.Struct({ run: Schema.String, state: RunState })),
          "SELECT record::id(id)[0] AS run, state FROM $ids WHERE id != NONE",
          { ids: ids.map(runId) }
        )
        return new Map(found.map(({ run, state }) => [run, statusOfState(state)]))
      })

      const countsOf = <S extends RunState>(states: Schema.Literals<ReadonlyArray<S>>, most: number) => {
        const each = states.literals.map((state) =>
          `${state}: count((SELECT VALUE recency FROM run WITH INDEX run_by_state WHERE state = '${state}' LIMIT $most))`
        )
        return surreal.query(Schema.Record(states, Schema.Natural), `RETURN { ${each.join(", ")} }`, { most })
      }

      const counts = Effect.fn("Runs.counts")((most: number) => countsOf(RunState, most))

      const unfinished = Effect.fn("Runs.unfinished")((most: number) => countsOf(UnfinishedState, most))

      const lastEnds = Effect.fn("Runs.lastEnds")(function*(workflow: string) {
        // of a condition that is not the index's, the engine takes the limit first
        const newest = (states: string) =>
          `(SELECT ${runColumns} FROM (SELECT VALUE id FROM (SELECT id, state FROM run WITH INDEX run_by_workflow ` +
          `WHERE workflow = $workflow LIMIT 2000) WHERE state ${states} LIMIT 1))`
        const found = yield* surreal.query(
          Schema.Array(RunColumns),
          `RETURN array::concat(${newest("= 'completed'")}, ${newest("IN ['partial', 'failed', 'needs_auth']")})`,
          { workflow }
        )
        return found.map(rowOf).map(runOfRow)
      })

      const markInterrupted = surreal.transaction([
        { sql: "UPDATE run SET state = 'stopped' WHERE state = 'running' RETURN VALUE true" }
      ]).pipe(
        Effect.map(([marked]) => Array.isArray(marked) ? marked.length : 0),
        Effect.withSpan("Runs.markInterrupted")
      )

      const forget = Effect.fn("Runs.forget")(function*(id: string) {
        const found = yield* row(id)
        yield* surreal.transaction([
          ...removalOf(Option.toArray(found)),
          { sql: "DELETE $ids RETURN NONE", vars: { ids: [recordId("dead_letter", [id])] } }
        ])
      })

      return Runs.of({
        list,
        get,
        history,
        newest,
        open,
        statuses,
        counts,
        unfinished,
        lastEnds,
        markInterrupted,
        forget
      })
    })
  )
}

const openStates = unfinishedStates.filter((state) => state !== "parked")

const OpenRun = Schema.Struct({
  run: Schema.String,
  workflow: Schema.String,
  schedule: Schema.optional(Schema.NullOr(Schema.String))
})
const UnfinishedState = Schema.Literals(unfinishedStates)
