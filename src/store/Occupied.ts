/** Where in time the rows of an account are, found without a look at every month since 1970. */
import { Clock, Effect, Schema } from "effect"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"

const day = 86_400_000

/** The length of a stretch, in milliseconds: what is read, derived from and committed at once. */
export const stretchMillis = 30 * day

/** So many times as long is what is looked at before it is divided: four looks reach from half a century to a month. */
const division = 8

/** From an instant up to another, in milliseconds; the latter is no part of it. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

const Count = Schema.Array(Schema.Struct({ count: Schema.Finite }))

/** How many rows a range of ids has; ids alone are counted quickly. */
export const countOf = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(
    function*(range: string, vars: { readonly [name: string]: unknown }): Effect.fn.Return<number, SurrealError> {
      const [found] = yield* surreal.query(Count, `SELECT count() FROM ${range} GROUP ALL`, vars)
      return found?.count ?? 0
    }
  )

/**
 * The stretches between 1970 and two months from now, in order, that have any row of a table with ids of an account and a time, which is
 * counted in `unit` milliseconds.
 */
export const occupied = Effect.fnUntraced(function*(
  surreal: Surreal["Service"],
  { connection, table, unit = 1 }: { readonly connection: string; readonly table: string; readonly unit?: number }
) {
  const count = countOf(surreal)
  const within = Effect.fnUntraced(
    function*(from: number, length: number): Effect.fn.Return<ReadonlyArray<Stretch>, SurrealError> {
      const to = from + length
      const rows = yield* count(`${table}:[$connection, $from]..[$connection, $to]`, {
        connection,
        from: from / unit,
        to: to / unit
      })
      if (rows === 0) return []
      if (length <= stretchMillis) return [{ from, to }]
      const part = length / division
      const parts = yield* Effect.forEach(
        Array.from({ length: division }, (_, index) => from + index * part),
        (from) => within(from, part)
      )
      return parts.flat()
    }
  )
  const end = (yield* Clock.currentTimeMillis) + 2 * stretchMillis
  const levels = Math.max(0, Math.ceil(Math.log(end / stretchMillis) / Math.log(division)))
  return yield* within(0, stretchMillis * division ** levels)
})
