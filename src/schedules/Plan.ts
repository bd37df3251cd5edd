/** What the store lacks of what the config defines: compared afresh each time, over every field. */
import { Result, type Schema } from "effect"
import { holding, isOverridden, noOverride } from "../domain/Schedule.ts"
import { definitionOf, definitionText, type ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { ScheduleRow } from "../store/Schedules.ts"

/** One field of a schedule that the config has changed; `null` where one side has none. */
export interface Difference {
  readonly field: string
  readonly before: Schema.Json
  readonly after: Schema.Json
}

export interface Change {
  readonly kind: "create" | "update" | "delete"
  readonly id: string
  readonly differences: ReadonlyArray<Difference>
}

export interface Plan {
  readonly changes: ReadonlyArray<Change>
  /** The rows to write, for those that are created or updated. */
  readonly rows: ReadonlyArray<ScheduleRow>
  readonly deleted: ReadonlyArray<string>
  /** Schedules whose overrides end. */
  readonly reverted: ReadonlyArray<string>
  readonly unchanged: number
}

/** Settings that say when a schedule's ticks are: once they change, its ticks count from then on. */
const timing = new Set(["interval_seconds", "cron", "timezone", "dst", "start_at", "end_at", "max_runs"])

const same = (one: Schema.Json | undefined, other: Schema.Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const fieldsOf = (definition: ScheduleDefinition | undefined): { readonly [field: string]: Schema.Json } => ({
  ...definition
})

/** The fields in which two definitions differ; either may be none. */
export const differences = (
  before: ScheduleDefinition | undefined,
  after: ScheduleDefinition | undefined
): ReadonlyArray<Difference> => {
  const one = fieldsOf(before)
  const other = fieldsOf(after)
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((field) => field !== "project" && field !== "id" && !same(one[field], other[field]))
    .map((field) => ({ field, before: one[field] ?? null, after: other[field] ?? null }))
}

const stored = (row: ScheduleRow): ScheduleDefinition | undefined => {
  const read = definitionOf(row.definition)
  return Result.isSuccess(read) ? read.success : undefined
}

/** `reload` ends overrides and brings back what was deleted by hand; a start and a look in between leave both. */
export const plan = (
  wanted: ReadonlyArray<ScheduleDefinition>,
  found: ReadonlyMap<string, ScheduleRow>,
  { now, reload }: { readonly now: number; readonly reload: boolean }
): Plan => {
  const changes: Array<Change> = []
  const rows: Array<ScheduleRow> = []
  const reverted: Array<string> = []
  let unchanged = 0
  for (const definition of wanted) {
    const text = definitionText(definition)
    const { id, project } = definition
    const row = found.get(id)
    if (row === undefined) {
      changes.push({ kind: "create", id, differences: differences(undefined, definition) })
      rows.push({ project, id, definition: text, override: noOverride, deleted: false, revision: 1, since: now })
      continue
    }
    const ends = reload && isOverridden(row.override)
    const returns = reload && row.deleted
    // a pause that is over by itself is nobody's change any more
    if (ends && isOverridden(holding(row.override, now))) reverted.push(id)
    if (row.definition === text && !ends && !returns) {
      unchanged++
      continue
    }
    const differing = row.definition === text ? [] : differences(stored(row), definition)
    const restarts = returns || (ends && row.override.cron._tag === "Some") ||
      differing.some(({ field }) => timing.has(field))
    if (returns || differing.length > 0 || row.definition !== text) {
      changes.push({ kind: returns ? "create" : "update", id, differences: differing })
    }
    rows.push({
      ...row,
      definition: text,
      override: ends ? noOverride : row.override,
      deleted: row.deleted && !returns,
      revision: row.revision + 1,
      since: restarts ? now : row.since
    })
  }
  const ids = new Set(wanted.map(({ id }) => id))
  const gone = [...found.values()].filter(({ id }) => !ids.has(id))
  for (const row of gone) changes.push({ kind: "delete", id: row.id, differences: differences(stored(row), undefined) })
  return { changes, rows, deleted: gone.map(({ id }) => id), reverted, unchanged }
}
