/** Runs read by ranges of an index, the newest first. */
import { DateTime, Effect, Option, Schema } from "effect"
import { statusOfState } from "../domain/Run.ts"
import type { RunQuery, Searched } from "../domain/RunQuery.ts"
import { everything, type Plan, plan, startedOf } from "../domain/RunQueryPlan.ts"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Stretch } from "./Paging.ts"
import { attributeKey } from "./RunAttributes.ts"
import { rowOf, RunColumns, runId, type RunRow } from "./RunColumns.ts"

/** The columns of `RunColumns`. */
export const runColumns = "*, record::id(id)[0] AS run"

const varsOf = (values: ReadonlyArray<string | number>): { readonly [name: string]: string | number } =>
  Object.fromEntries(values.map((value, at) => [`value${at}`, value]))

interface Bounds {
  readonly now: DateTime.Utc
  /** The greatest recency that is meant. */
  readonly oldest: number
}

/**
 * By an index that a limit reads from its lower end. Several values are one statement and so one instant: else a run that
 * changes its state meanwhile would be found twice, or not at all.
 */
const byIndex = (
  surreal: Surreal["Service"],
  by: { readonly index: string; readonly column: string; readonly values: ReadonlyArray<string> },
  { oldest }: Bounds
) => {
  const ranges = by.values.map((_, at) =>
    `(SELECT ${runColumns} FROM run WITH INDEX ${by.index} ` +
    `WHERE ${by.column} = $value${at} AND recency > $after LIMIT $size)`
  )
  // sorted here: of an array the engine takes the limit before the order
  const sql = `RETURN array::flatten([${ranges.join(", ")}])`

  return Effect.fnUntraced(function*(
    after: number,
    size: number
  ): Effect.fn.Return<Stretch<RunRow, number>, SurrealError> {
    const found = yield* surreal.query(Schema.Array(RunColumns), sql, { ...varsOf(by.values), after, size })
    const inOrder = found.toSorted((one, other) => one.recency - other.recency).slice(0, size)
    const rows = inOrder.filter(({ recency }) => recency <= oldest).map(rowOf)
    const last = rows.at(-1)
    return { rows, rest: last === undefined || rows.length < size ? Option.none() : Option.some(last.recency) }
  })
}

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
  { now, oldest }: Bounds
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

/** How far the place of a run may be ahead of its start, in milliseconds: places ascend also when the clock is set back. */
const ahead = 600_000

/** Reads the runs that may be meant, in places of `recency`. */
export const readRuns = (surreal: Surreal["Service"], query: Option.Option<RunQuery>, now: DateTime.Utc) => {
  const best = Option.match(query, { onNone: () => everything, onSome: plan })
  const { first, last } = Option.match(query, {
    onNone: () => ({ first: -Infinity, last: Infinity }),
    onSome: (query) => startedOf(query, now)
  })
  const newest = Math.max(-(last + ahead) * 1000, Number.MIN_SAFE_INTEGER)
  const oldest = Math.min(-first * 1000, 0)
  const byPlan = readByPlan(surreal, best, { now, oldest })

  return (after: Option.Option<number>, size: number): Effect.Effect<Stretch<RunRow, number>, SurrealError> => {
    const from = Math.max(newest, Option.getOrElse(after, () => newest))
    return from >= oldest ? Effect.succeed({ rows: [], rest: Option.none() }) : byPlan(from, size)
  }
}

const readByPlan = (surreal: Surreal["Service"], plan: Plan, bounds: Bounds) => {
  switch (plan._tag) {
    case "Attribute":
      return byAttribute(surreal, plan, bounds)
    case "States":
      return byIndex(surreal, { index: "run_by_state", column: "state", values: plan.states }, bounds)
    case "Workflows":
      return byIndex(surreal, { index: "run_by_workflow", column: "workflow", values: plan.workflows }, bounds)
  }
}

/** What a query sees of a row: a `Run`, which checks itself, costs ten times as much, and most rows are passed over. */
export const searchedOf = (row: RunRow): Searched => ({
  workflow: row.workflow,
  status: statusOfState(row.state),
  state: row.state,
  trigger: row.trigger,
  schedule: Option.fromUndefinedOr(row.schedule),
  version: row.version,
  attempt: row.attempt,
  parent: Option.fromUndefinedOr(row.parent),
  original: Option.fromUndefinedOr(row.original),
  error: Option.fromUndefinedOr(row.error),
  startedAt: DateTime.makeUnsafe(row.startedAt),
  finishedAt: Option.map(Option.fromUndefinedOr(row.finishedAt), DateTime.makeUnsafe),
  attributes: row.attributes
})
