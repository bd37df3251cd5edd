import { DateTime, Option } from "effect"
import { ianaZone } from "../domain/TimeZones.ts"
import { Memo } from "./Memo.ts"

/**
 * A stretch of time in which the clocks of a zone are never changed. What they show at an instant is `instant + offset`,
 * read as if it were UTC: a "label" in these files. Where the clocks are put forward, `before < offset`, and the labels
 * from `start + before` to `start + offset` are never shown; where they are put back, `before > offset`, and the labels
 * between the two are shown a second time.
 */
export interface Span {
  /** The first instant, and the first one after it. */
  readonly start: number
  readonly end: number
  readonly offset: number
  /** The offsets of the stretches next to it; its own where it was merely cut off. */
  readonly before: number
  readonly after: number
}

interface Change {
  readonly at: number
  readonly before: number
  readonly after: number
}

const day = 86_400_000
/** In the zone data since 1900, no two changes of a zone are less than a week apart. */
const step = 5 * day
const stepsOfBlock = 80
const block = stepsOfBlock * step

class WallClock {
  readonly #zone: DateTime.TimeZone
  readonly #blocks = new Memo<number, ReadonlyArray<Change>>(256, (index) => this.#changesIn(index))
  #last: Span | undefined

  constructor(zone: DateTime.TimeZone) {
    this.#zone = zone
  }

  spanAt(instant: number): Span {
    const last = this.#last
    if (last !== undefined && last.start <= instant && instant < last.end) return last
    const index = Math.floor(instant / block)
    const changes = [index - 1, index, index + 1].flatMap((near) => this.#blocks.get(near))
    const previous = changes.findLast(({ at }) => at <= instant)
    const next = changes.find(({ at }) => at > instant)
    const offset = previous?.after ?? next?.before ?? this.#offsetAt(instant)
    const span = {
      start: previous?.at ?? (index - 1) * block,
      end: next?.at ?? (index + 2) * block,
      offset,
      before: previous?.before ?? offset,
      after: next?.after ?? offset
    }
    this.#last = span
    return span
  }

  #offsetAt(instant: number): number {
    return DateTime.zonedOffset(DateTime.makeZonedUnsafe(instant, { timeZone: this.#zone }))
  }

  /** The changes after the beginning of the block, up to and with its end. */
  #changesIn(index: number): ReadonlyArray<Change> {
    const changes: Array<Change> = []
    let from = index * block
    let before = this.#offsetAt(from)
    for (let steps = 0; steps < stepsOfBlock; steps++) {
      const to = from + step
      const after = this.#offsetAt(to)
      if (after !== before) changes.push({ at: this.#changeBetween(from, to, after), before, after })
      from = to
      before = after
    }
    return changes
  }

  /** The second at which the later offset begins. */
  #changeBetween(from: number, to: number, after: number): number {
    let old = from / 1000
    let changed = to / 1000
    while (changed - old > 1) {
      const middle = Math.floor((old + changed) / 2)
      if (this.#offsetAt(middle * 1000) === after) changed = middle
      else old = middle
    }
    return changed * 1000
  }
}

/** More ids than there are zones, each with a few numbers a year. */
const clocks = new Memo<string, WallClock>(
  1_000,
  (timezone) => new WallClock(Option.getOrThrow(ianaZone(timezone)))
)

/** The stretch without a change of clocks around an instant; the zone is one that `ianaZone` knows. */
export const spanAt = (timezone: string, instant: number): Span => clocks.get(timezone).spanAt(instant)
