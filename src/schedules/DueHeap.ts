import type { Entry } from "./Entry.ts"

/** Schedules by the instant at which they are due. One that is due at another instant by now is passed over. */
export class DueHeap {
  readonly #dues: Array<number> = []
  readonly #entries: Array<Entry> = []

  /** Takes note of when the schedule is due. */
  add(entry: Entry): void {
    if (entry.due === undefined) return
    let at = this.#dues.push(entry.due) - 1
    this.#entries.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#due(parent) <= this.#due(at)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** The next instant at which something is due; infinite when nothing is. */
  get next(): number {
    for (;;) {
      const due = this.#dues[0]
      const entry = this.#entries[0]
      if (due === undefined || entry === undefined) return Infinity
      if (entry.due === due && !entry.busy) return due
      this.#remove()
    }
  }

  /** Takes out the schedule that is due first. */
  take(): Entry | undefined {
    return this.next === Infinity ? undefined : this.#remove()
  }

  #remove(): Entry | undefined {
    const first = this.#entries[0]
    const due = this.#dues.pop()
    const entry = this.#entries.pop()
    if (due !== undefined && entry !== undefined && this.#dues.length > 0) {
      this.#dues[0] = due
      this.#entries[0] = entry
      this.#sink()
    }
    return first
  }

  #sink(): void {
    for (let at = 0;;) {
      const left = 2 * at + 1
      if (left >= this.#dues.length) return
      const least = left + 1 < this.#dues.length && this.#due(left + 1) < this.#due(left) ? left + 1 : left
      if (this.#due(at) <= this.#due(least)) return
      this.#swap(at, least)
      at = least
    }
  }

  #due(at: number): number {
    return this.#dues[at] ?? Infinity
  }

  #swap(one: number, other: number): void {
    const [due, entry] = [this.#dues[one], this.#entries[one]]
    const [otherDue, otherEntry] = [this.#dues[other], this.#entries[other]]
    if (due === undefined || entry === undefined || otherDue === undefined || otherEntry === undefined) return
    this.#dues[one] = otherDue
    this.#entries[one] = otherEntry
    this.#dues[other] = due
    this.#entries[other] = entry
  }
}
