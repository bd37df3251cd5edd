import { Context, Effect, Layer, Schema } from "effect"
import { noOverride, Override } from "../domain/Schedule.ts"
import { Surreal } from "../services/Surreal.ts"
import { Conflict, SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** A schedule as it is stored. */
export interface ScheduleRow {
  readonly project: string
  readonly id: string
  /** See `ScheduleDefinition`. */
  readonly definition: string
  readonly override: Override
  /** Deleted by hand: gone until the config is reloaded. */
  readonly deleted: boolean
  /** Grows with every change. */
  readonly revision: number
  /** Ticks up to this instant do not count, in epoch milliseconds. */
  readonly since: number
}

/** A tick that waits for the end of a run. */
export const Buffered = Schema.Struct({
  nominal: Schema.Finite,
  effective: Schema.Finite,
  /** None for a tick; the id of its run when a person has triggered it. */
  run: Schema.optional(Schema.NullOr(Schema.String))
})
export type Buffered = typeof Buffered.Type

/** How far a schedule has come. */
export interface ScheduleState {
  readonly project: string
  readonly id: string
  /** The last tick that has its outcome, or is buffered; epoch milliseconds. */
  readonly cursor: number
  /** Ticks that started a run. */
  readonly runs: number
  readonly buffered: Buffered | undefined
  /** The newest run. */
  readonly lastRun: string | undefined
  readonly lastStart: number | undefined
}

/** The definitions of schedules, with what people changed at run time, and how far each has come. */
export class Schedules extends Context.Service<Schedules, {
  /** Every schedule of the project, deleted ones too, by id. */
  readonly all: (project: string) => Effect.Effect<ReadonlyArray<ScheduleRow>, SurrealError>
  readonly states: (project: string) => Effect.Effect<ReadonlyArray<ScheduleState>, SurrealError>
  /** Writes whole rows, in one transaction. */
  readonly put: (rows: ReadonlyArray<ScheduleRow>) => Effect.Effect<void, SurrealError>
  /** Writes a row if it is there in the revision before. Fails with a `Conflict` otherwise. */
  readonly change: (row: ScheduleRow) => Effect.Effect<void, SurrealError>
  /** Takes over rows and states, where there is none of that id. */
  readonly adopt: (
    rows: ReadonlyArray<ScheduleRow>,
    states: ReadonlyArray<ScheduleState>
  ) => Effect.Effect<void, SurrealError>
  /** Forgets schedules and how far they have come; their ledgers stay. */
  readonly remove: (project: string, ids: ReadonlyArray<string>) => Effect.Effect<void, SurrealError>
}>()("glider/store/Schedules") {
  static readonly layer: Layer.Layer<Schedules, never, Surreal> = Layer.effect(
    Schedules,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      /**
       * All rows of a project by id, a page at a time: an answer takes many times the memory of what it says, and the engine
       * keeps it. Of a range, or with a condition, it would look at all rows for each page. A page begins with the last row of
       * the one before: if it is another, a row of before has gone meanwhile, and one would be passed over.
       */
      const inPages = Effect.fnUntraced(function*<S extends RowSchema, A>(
        table: string,
        schema: S,
        project: string,
        make: (row: S["Type"]) => A
      ) {
        const rows = Schema.Array(schema)
        const read = (start: number) =>
          surreal.query(
            rows,
            `SELECT *, record::id(id)[0] AS project, record::id(id)[1] AS name FROM ${table} ` +
              `LIMIT ${mostRead + 1} START ${start}`
          )
        let made: Array<A> = []
        let last: S["Type"] | undefined
        for (let start = 0;;) {
          const page = yield* read(start)
          const [first] = page
          if (last !== undefined && (first?.project !== last.project || first?.name !== last.name)) {
            made = []
            last = undefined
            start = 0
            continue
          }
          for (const row of last === undefined ? page : page.slice(1)) if (row.project === project) made.push(make(row))
          if (page.length <= mostRead) return made
          last = page.at(-1)
          start += mostRead
        }
      })

      const all = Effect.fn("Schedules.all")((project: string) =>
        inPages("schedule", Row, project, ({ name, override, ...row }): ScheduleRow => ({
          project,
          id: name,
          definition: row.definition,
          override: typeof override === "string" ? decodeOverride(override) : noOverride,
          deleted: row.deleted,
          revision: row.revision,
          since: row.since
        }))
      )

      const states = Effect.fn("Schedules.states")((project: string) =>
        inPages("schedule_state", State, project, ({ name, ...state }): ScheduleState => ({
          project,
          id: name,
          cursor: state.cursor,
          runs: state.runs,
          buffered: state.buffered ?? undefined,
          lastRun: state.lastRun ?? undefined,
          lastStart: state.lastStart ?? undefined
        }))
      )

      const put = Effect.fn("Schedules.put")(function*(rows: ReadonlyArray<ScheduleRow>) {
        yield* surreal.transaction([{
          sql: "INSERT INTO schedule $rows ON DUPLICATE KEY UPDATE definition = $input.definition, " +
            "override = $input.override, deleted = $input.deleted, revision = $input.revision, since = $input.since " +
            "RETURN NONE",
          vars: { rows: rows.map(columnsOf) }
        }])
      })

      const change = Effect.fn("Schedules.change")(function*(row: ScheduleRow) {
        const { id, ...columns } = columnsOf(row)
        const changed = yield* surreal.query(
          Schema.Array(Schema.Literal(true)),
          "UPDATE $ids SET definition = $definition, override = $override, deleted = $deleted, " +
            "revision = $revision, since = $since WHERE revision = $before RETURN VALUE true",
          { ids: [id], ...columns, before: row.revision - 1 }
        )
        if (changed.length > 0) return
        return yield* new SurrealError({
          operation: "change of a schedule",
          reason: new Conflict({ message: `schedule ${row.id} has changed meanwhile` })
        })
      }, Effect.uninterruptible)

      const remove = Effect.fn("Schedules.remove")(function*(project: string, ids: ReadonlyArray<string>) {
        yield* surreal.transaction([
          { sql: "DELETE $ids RETURN NONE", vars: { ids: ids.map((id) => recordId("schedule", [project, id])) } },
          { sql: "DELETE $ids RETURN NONE", vars: { ids: ids.map((id) => stateId(project, id)) } }
        ])
      })

      const adopt = Effect.fn("Schedules.adopt")(
        function*(rows: ReadonlyArray<ScheduleRow>, states: ReadonlyArray<ScheduleState>) {
          yield* surreal.transaction([
            { sql: "INSERT IGNORE INTO schedule $rows RETURN NONE", vars: { rows: rows.map(columnsOf) } },
            {
              sql: "INSERT IGNORE INTO schedule_state $rows RETURN NONE",
              vars: { rows: states.map(({ id, project, ...state }) => ({ id: stateId(project, id), ...state })) }
            }
          ])
        }
      )

      return Schedules.of({ all, states, put, change, adopt, remove })
    })
  )
}

/** Where a schedule's state is kept. */
export const stateId = (project: string, id: string) => recordId("schedule_state", [project, id])

/** Rows read in one go. */
const mostRead = 2_000

type RowSchema = Schema.Decoder<{ readonly project: string; readonly name: string }>

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

const OverrideText = Schema.fromJsonString(Override)
const encodeOverride = Schema.encodeSync(OverrideText)
const decodeOverride = Schema.decodeSync(OverrideText)

const Row = Schema.Struct({
  project: Schema.String,
  name: Schema.String,
  definition: Schema.String,
  override: optional(Schema.String),
  deleted: Schema.Boolean,
  revision: Schema.Natural,
  since: Schema.Finite
})

const State = Schema.Struct({
  project: Schema.String,
  name: Schema.String,
  cursor: Schema.Finite,
  runs: Schema.Natural,
  buffered: optional(Buffered),
  lastRun: optional(Schema.String),
  lastStart: optional(Schema.Finite)
})

const columnsOf = ({ id, override, project, ...row }: ScheduleRow) => ({
  id: recordId("schedule", [project, id]),
  ...row,
  override: override === noOverride ? undefined : encodeOverride(override)
})
