/** Pages of rows of which only some are wanted. */
import { Effect, Option } from "effect"

/** Rows, and where the next ones are; none at the end. */
export interface Stretch<A, P> {
  readonly rows: ReadonlyArray<A>
  readonly rest: Option.Option<P>
}

/** What was found, and where the next page begins; none after the last. */
export interface Page<A, P> {
  readonly found: ReadonlyArray<A>
  readonly next: Option.Option<P>
}

/** Rows that one page may look at: what is rare is given in several pages, of which some may be empty. */
const mostRows = 5_000

/** Rows of a stretch, once the first has not filled the page. */
const largestStretch = 500

/** Reads on from a place until the page is full, all is read, or enough was looked at. */
export const fillPage = Effect.fnUntraced(function*<A, P, E>(options: {
  readonly limit: number
  readonly after: Option.Option<P>
  /** Rows in order, from a place on; no more than asked for. */
  readonly read: (after: Option.Option<P>, size: number) => Effect.Effect<Stretch<A, P>, E>
  readonly isWanted: (row: A) => boolean
  readonly placeOf: (row: A) => P
}): Effect.fn.Return<Page<A, P>, E> {
  const { isWanted, limit, placeOf, read } = options
  const found: Array<A> = []
  let after = options.after
  for (let looked = 0; looked < mostRows;) {
    const { rest, rows } = yield* read(after, looked === 0 ? limit + 1 : Math.max(limit + 1, largestStretch))
    for (const [index, row] of rows.entries()) {
      if (!isWanted(row)) continue
      found.push(row)
      if (found.length < limit) continue
      const isLast = index === rows.length - 1 && Option.isNone(rest)
      return { found, next: isLast ? Option.none() : Option.some(placeOf(row)) }
    }
    if (Option.isNone(rest)) return { found, next: Option.none() }
    after = rest
    looked += Math.max(rows.length, 1)
  }
  return { found, next: after }
})
