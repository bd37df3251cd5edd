/** What was listened to most. */

/** The plays of one thing, and the milliseconds that they were listened to. */
export interface Tally {
  readonly plays: number
  readonly listened: number
}

/** How tops are ordered. */
export type Measure = "plays" | "minutes"

/** Things by a key, with what became of each play of them. */
export class Tallies<T> {
  readonly #of = new Map<string, { readonly thing: T; plays: number; listened: number }>()

  /** Counts plays of a thing; the first that comes under a key stands for all of them. */
  add(key: string, thing: T, plays: number, listened: number): void {
    const known = this.#of.get(key)
    if (known === undefined) this.#of.set(key, { thing, plays, listened })
    else {
      known.plays += plays
      known.listened += listened
    }
  }

  /** How many different things there are. */
  get size(): number {
    return this.#of.size
  }

  /** The first of them: the most first, then by the other measure, then by their keys. */
  most(by: Measure, limit: number): ReadonlyArray<Tally & { readonly thing: T }> {
    const [first, second] = by === "plays" ? ["plays", "listened"] as const : ["listened", "plays"] as const
    return [...this.#of].toSorted(([oneKey, one], [otherKey, other]) =>
      other[first] - one[first] || other[second] - one[second] || (oneKey < otherKey ? -1 : 1)
    ).slice(0, limit).map(([, top]) => top)
  }
}
