/** Ticks with their outcomes, and the state that each leaves its schedule in, as rows. */
import { Schema } from "effect"
import { TickMark, TickOutcome } from "../domain/Schedule.ts"
import type { Statement } from "../services/Surreal.ts"
import { packed } from "../services/SurrealCodec.ts"
import { recordId } from "../services/SurrealValue.ts"
import { type ScheduleState, stateId } from "./Schedules.ts"

/** The outcome of a tick. Instants are epoch milliseconds. */
export interface TickRow {
  readonly project: string
  readonly schedule: string
  readonly nominal: number
  readonly effective: number
  readonly outcome: TickOutcome
  readonly at: number
  readonly run?: string | undefined
  readonly marks?: ReadonlyArray<TickMark> | undefined
  readonly reason?: string | undefined
}

/** Outcomes, and the state that they leave the schedule in; none of a tick out of its turn. */
export interface TickWrite {
  readonly ticks: ReadonlyArray<TickRow>
  readonly state: ScheduleState | undefined
}

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

/** Read with `record::id(id)[2] AS nominal`. */
export const TickColumns = Schema.Struct({
  nominal: Schema.Finite,
  effective: Schema.Finite,
  outcome: TickOutcome,
  at: Schema.Finite,
  run: optional(Schema.String),
  marks: optional(Schema.Array(TickMark)),
  reason: optional(Schema.String)
})

const tickColumns = ({ nominal, project, schedule, ...tick }: TickRow) => {
  const columns: Record<string, unknown> = { id: recordId("tick", [project, schedule, nominal]) }
  for (const [name, value] of Object.entries(tick)) if (value !== undefined) columns[name] = value
  return columns
}

const stateColumns = ({ id, project, ...state }: ScheduleState) => ({ id: stateId(project, id), ...state })

/**
 * Few statements for any number of ticks. A started tick goes before what was said of it until then (backfill); otherwise
 * the first outcome stays. States are whole: the supervisor knows them.
 */
export const tickStatements = (writes: ReadonlyArray<TickWrite>): ReadonlyArray<Statement> => {
  const ticks = writes.flatMap((write) => write.ticks)
  const started = ticks.filter(({ outcome }) => outcome === "started")
  const others = ticks.filter(({ outcome }) => outcome !== "started")
  const states = writes.flatMap(({ state }) => state === undefined ? [] : [stateColumns(state)])
  return [
    ...started.length === 0 ? [] : [{
      sql: "INSERT INTO tick encoding::cbor::decode($rows) ON DUPLICATE KEY UPDATE effective = $input.effective, " +
        "outcome = $input.outcome, at = $input.at, run = $input.run, marks = $input.marks, reason = NONE RETURN NONE",
      vars: { rows: packed(started.map(tickColumns)) }
    }],
    ...others.length === 0 ? [] : [{
      sql: "INSERT IGNORE INTO tick encoding::cbor::decode($rows) RETURN NONE",
      vars: { rows: packed(others.map(tickColumns)) }
    }],
    ...states.length === 0 ? [] : [{
      // for rows that are there already an INSERT … ON DUPLICATE KEY UPDATE takes twice as long
      sql: "FOR $state IN encoding::cbor::decode($rows) { UPSERT $state.id REPLACE $state RETURN NONE }",
      vars: { rows: packed(states) }
    }]
  ]
}
