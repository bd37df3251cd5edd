/** Search attributes as rows of an index of their own: `run_attribute:[name, value, recency, run]`. */
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import type { Attributes } from "./RunColumns.ts"

/** Numbers and strings order among themselves; a boolean is told from the string of its name. */
export const attributeKey = (value: string | number | boolean): string | number =>
  typeof value === "number" ? value : typeof value === "string" ? `"${value}` : String(value)

/** The ids of the rows that stand for these attributes of a run. */
export const attributeIds = (
  run: string,
  recency: number,
  attributes: ReadonlyArray<readonly [name: string, value: string | number | boolean]>
) => attributes.map(([name, value]) => recordId("run_attribute", [name, attributeKey(value), recency, run]))

/** The rows that a change of a run's attributes adds and removes. */
export const attributeStatements = (
  run: string,
  recency: number,
  before: Attributes,
  after: Attributes
): ReadonlyArray<Statement> => {
  const gone = attributeIds(run, recency, Object.entries(before).filter(([name, value]) => after[name] !== value))
  const added = attributeIds(run, recency, Object.entries(after).filter(([name, value]) => before[name] !== value))
  return [
    ...gone.length === 0 ? [] : [{ sql: "DELETE $ids RETURN NONE", vars: { ids: gone } }],
    ...added.length === 0 ? [] : [{
      sql: "INSERT IGNORE INTO run_attribute $rows RETURN NONE",
      vars: { rows: added.map((id) => ({ id })) }
    }]
  ]
}
