/** How much the artists of two tracks agree. */
import { ratio } from "./Ratio.ts"

/** So many names of each side are compared: the assignment looks at every set of the candidate's. */
const most = 10

export interface Agreement {
  /** The mean over those that are asked for, from 0 to 1. */
  readonly mean: number
  /** The pair that agrees least; 0 where one has no partner. */
  readonly least: number
}

/**
 * Each artist that is asked for with one of the candidate's, in any order, so that the sum is greatest; the candidate may have
 * more. Names are also compared as they stand (`whole`), because a comma or an `and` may be part of a name.
 */
export const agreement = (
  asked: ReadonlyArray<string>,
  found: ReadonlyArray<string>,
  whole: readonly [asked: string, found: ReadonlyArray<string>]
): Agreement => {
  const [name, names] = whole
  const unsplit = Math.max(0, ...[...names.slice(0, most), names.join(" ")].map((other) => ratio(name, other)))
  const split = assigned(asked.slice(0, most), found.slice(0, most))
  return unsplit > split.mean ? { mean: unsplit, least: unsplit } : split
}

interface Assignment {
  readonly sum: number
  readonly least: number
}

const isBetter = (one: Assignment, other: Assignment | undefined): boolean =>
  other === undefined || one.sum > other.sum || (one.sum === other.sum && one.least > other.least)

/** The best assignment, by the sets of those that are taken. */
const assigned = (asked: ReadonlyArray<string>, found: ReadonlyArray<string>): Agreement => {
  let best = new Map<number, Assignment>([[0, { sum: 0, least: 1 }]])
  for (const one of asked) {
    const values = found.map((other) => ratio(one, other))
    const next = new Map<number, Assignment>()
    const offer = (taken: number, offered: Assignment) => {
      if (isBetter(offered, next.get(taken))) next.set(taken, offered)
    }
    for (const [taken, { least, sum }] of best) {
      offer(taken, { sum, least: 0 })
      for (const [at, value] of values.entries()) {
        if ((taken & (1 << at)) === 0) offer(taken | (1 << at), { sum: sum + value, least: Math.min(least, value) })
      }
    }
    best = next
  }
  const all = [...best.values()].toSorted((one, other) => other.sum - one.sum || other.least - one.least)
  return { mean: (all[0]?.sum ?? 0) / Math.max(1, asked.length), least: asked.length === 0 ? 0 : all[0]?.least ?? 0 }
}
