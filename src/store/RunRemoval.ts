import type { Statement } from "../services/Surreal.ts"
import { attributeIds } from "./RunAttributes.ts"
import { runId, type RunRow } from "./RunColumns.ts"

/** Removes the runs with their journals and search attributes. */
export const removalOf = (rows: ReadonlyArray<RunRow>): ReadonlyArray<Statement> => {
  const attributes = rows.flatMap(({ attributes, id, recency }) =>
    attributeIds(id, recency, Object.entries(attributes))
  )
  return [
    {
      sql: "FOR $run IN $runs { DELETE journal:[$run]..[$run, ..] RETURN NONE }",
      vars: { runs: rows.map(({ id }) => id) }
    },
    ...attributes.length === 0 ? [] : [{ sql: "DELETE $ids RETURN NONE", vars: { ids: attributes } }],
    { sql: "DELETE $ids RETURN NONE", vars: { ids: rows.map(({ id }) => runId(id)) } }
  ]
}
