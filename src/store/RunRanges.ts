/** Runs read by ranges of an index, the newest first. */
import { type DateTime, Effect, Option, Schema } from "effect"
import { everything, type Plan, plan, startedOf } from "../domain/RunQueryPlan.ts"
import type { RunQuery } from "../domain/RunQuery.ts"
import type { Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Stretch } from "./Paging.ts"
import { attributeKey } from "./RunAttributes.ts"
import { RunColumns, rowOf, runId, type RunRow } from "./RunColumns.ts"

/** The columns of `RunColumns`. */
export const runColumns = "*, record::id(id)[0] AS run"

/**
 * Rows of a table by several ranges of one index, as one result in their order: in one statement and so at one instant,
 * else a run that changes its state meanwhile would be in both or in none. Each is a condition over `$values`.
 */
const merged = (index: string, column: string, values: ReadonlyArray<string>): string => {
  const ranges = values.map((_, at) =>
    `(SELECT ${runColumns} FROM run WITH INDEX ${index} WHERE ${column} = $value${at} AND recency > $after LIMIT $size)`
  )
  return ranges.length === 1
    ? `RETURN ${ranges.join()}`
    : `SELECT * FROM array::flatten([${ranges.join(", ")}]) ORDER BY recency LIMIT $size`
}

const varsOf = (values: ReadonlyArray<string | number>): { readonly [name: string]: string | number } =>
  Object.fromEntries(values.map((value, at) => [`value${at}`, value]))

/** By an index that a limit reads from its lower end. */
const indexed = (surreal: Surreal["Service"], index: string, column: string, values: ReadonlyArray<string>) =>
  (after: number, size: number): Effect.Effect<ReadonlyArray<RunRow>, SurrealError> =>
    Effect.map(
      surreal.query(Schema.Array(RunColumns), merged(index, column, values), { ...varsOf(values), after, size }),
      (rows) => rows.map(rowOf)
    )

const Keys = Schema.Array(Schema.Tuple([Schema.Finite, Schema.String]))

/** The first window of ids that is read, in microseconds, and how much wider the next is. */
const window = { first: 1_000_000, factor: 8 }

/**
 * By ranges of ids, of which the engine reads all whatever the limit. So they are read in windows of time, each wider than
 * the one before: at most a dozen until 1970.
 */
const byAttribute = (
  surreal: Surreal["Service"],
  { name, values }: Extract<Plan, { readonly _tag: "Attribute" }>,
  { now, oldest }: { readonly now: DateTime.Utc; readonly oldest: number }
) => {
  const keys = values.map(attributeKey)
  const sql = `RETURN array::flatten([${
    keys.map((_, at) =>
      "(SELECT VALUE [record::id(id)[2], record::id(id)[3]] FROM " +
      `run_attribute:[$name, $value${at}, $after, ..]..[$name, $value${at}, $to, ..] LIMIT $size)`
    ).join(", ")
  }])`
  const end = Math.min(oldest, 0)

  return Effect.fnUntraced(function*(
    after: number,
    size: number
  ): Effect.fn.Return<Stretch<RunRow, number>, SurrealError> {
    const found: Array<readonly [recency: number, run: string]> = []
    let from = after
    for (let width = window.first; from < end && found.length < size; width *= window.factor) {
      const to = Math.min(Math.max(from, -now.epochMilliseconds * 1000) + width, end)
      const inWindow = yield* surreal.query(Keys, sql, { ...varsOf(keys), name, after: from, to, size })
      found.push(...inWindow.toSorted(([one], [other]) => one - other))
      from = to
    }
    const [...taken] = found.slice(0, size)
    const last = taken.at(-1)
    const rest = found.length >= size && last !== undefined ? Option.some(last[0]) : Option.none()
    const rows = yield* surreal.query(Schema.Array(RunColumns), `SELECT ${runColumns} FROM $ids WHERE id != NONE`, {
      ids: taken.map(([, run]) => runId(run))
    })
    return { rows: rows.map(rowOf), rest }
  })
}
