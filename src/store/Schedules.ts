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

      const all = Effect.fn("Schedules.all")(function*(project: string) {
        const rows = yield* surreal.query(
          Schema.Array(Row),
          "SELECT *, record::id(id)[0] AS project, record::id(id)[1] AS name FROM schedule:[$project]..[$project, ..]",
          { project }
        )
        return yield* Effect.forEach(rows, rowOf)
      })

      const states = Effect.fn("Schedules.states")(function*(project: string) {
        const rows = yield* surreal.query(
          Schema.Array(State),
          "SELECT *, record::id(id)[0] AS project, record::id(id)[1] AS name FROM schedule_state:[$project]..[$project, ..]",
          { project }
        )
        return rows.map(({ buffered, lastRun, lastStart, name, ...state }): ScheduleState => ({
          ...state,
          id: name,
          buffered: buffered ?? undefined,
          lastRun: lastRun ?? undefined,
          lastStart: lastStart ?? undefined
        }))
      })

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

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

const OverrideText = Schema.fromJsonString(Override)
const encodeOverride = Schema.encodeSync(OverrideText)
const decodeOverride = Schema.decodeEffect(OverrideText)

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

const rowOf = Effect.fnUntraced(function*({ name, override, ...row }: typeof Row.Type) {
  return {
    project: row.project,
    id: name,
    definition: row.definition,
    override: typeof override === "string" ? yield* Effect.orDie(decodeOverride(override)) : noOverride,
    deleted: row.deleted,
    revision: row.revision,
    since: row.since
  }
})

const columnsOf = ({ id, override, project, ...row }: ScheduleRow) => ({
  id: recordId("schedule", [project, id]),
  ...row,
  override: override === noOverride ? undefined : encodeOverride(override)
})
