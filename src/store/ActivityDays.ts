import { DateTime, Schema } from "effect"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import { replace } from "./CommitStatements.ts"
import type { Key } from "./Write.ts"

/**
 * The ring's documents of activity without what they say of each minute of the day, which makes them a hundred times as large
 * as the others: a year of them takes the engine half a second to read.
 */
export const activityDaysTable = "activity_day"

const number = Schema.OptionFromOptionalNullOr(Schema.Finite)

/** Oura's own names and units. */
export const activityColumns = {
  score: number,
  steps: number,
  active_calories: number,
  total_calories: number,
  equivalent_walking_distance: number,
  sedentary_time: number,
  non_wear_time: number
}

/** A document that comes with its columns, or goes, then without them. */
export interface ActivityChange {
  readonly key: Key
  readonly fields: { readonly [column: string]: unknown } | undefined
}

/** The statements after which the days say what those documents say; `at` is when they were read. */
export const activityDays = (
  changes: ReadonlyArray<ActivityChange>,
  at: DateTime.Utc
): ReadonlyArray<Statement> => {
  const rowId = (key: Key) => recordId(activityDaysTable, key)
  const gone = changes.filter(({ fields }) => fields === undefined)
  const rows = changes.flatMap(({ fields, key }) =>
    fields === undefined ? [] : [{
      id: rowId(key),
      connection: key[0],
      day: fields["day"],
      _synced_at: typeof fields["_synced_at"] === "number" ? DateTime.makeUnsafe(fields["_synced_at"]) : at,
      ...Object.fromEntries(Object.keys(activityColumns).map((column) => [column, fields[column]]))
    }]
  )
  return [
    ...gone.length === 0 ? [] : [{ sql: "DELETE $ids RETURN NONE", vars: { ids: gone.map(({ key }) => rowId(key)) } }],
    ...rows.length === 0 ? [] : [replace(activityDaysTable, rows)]
  ]
}
