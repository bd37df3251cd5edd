/** Where in time the rows of an account are, found without a look at every month since 1970. */
import { Clock, Effect, Schema, Stream } from "effect"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"

const day = 86_400_000

/** The length of a stretch, in milliseconds: what is read, derived from and committed at once. */
export const stretchMillis = 30 * day

/** Into so many parts a stretch is divided that is longer than that: five looks reach from three centuries to a month. */
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
 * The stretches from 1970 on, to two months from now at least, in order, that have any row of a table with ids of an account and a time,
 * which is counted in `unit` milliseconds.
 */
export const occupied = (
  surreal: Surreal["Service"],
  { connection, table, unit = 1 }: { readonly connection: string; readonly table: string; readonly unit?: number }
): Stream.Stream<Stretch, SurrealError> => {
  const count = countOf(surreal)
  const within = (from: number, length: number): Stream.Stream<Stretch, SurrealError> => {
    const to = from + length
    const range = { connection, from: from / unit, to: to / unit }
    const part = length / division
    const parts = Array.from({ length: division }, (_, index) => from + index * part)
    return Stream.unwrap(Effect.map(
      count(`${table}:[$connection, $from]..[$connection, $to]`, range),
      (rows) =>
        rows === 0
          ? Stream.empty
          : length <= stretchMillis
          ? Stream.make({ from, to })
          : Stream.flatMap(Stream.fromIterable(parts), (begin) => within(begin, part))
    ))
  }
  return Stream.unwrap(Effect.map(Clock.currentTimeMillis, (now) => {
    const stretches = now / stretchMillis + 2
    return within(0, stretchMillis * division ** Math.ceil(Math.log(stretches) / Math.log(division)))
  }))
}
