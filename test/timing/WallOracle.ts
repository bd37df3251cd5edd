/**
 * Cron and changes of clocks, told a second time: fields are sets that the expression is written from, days are walked
 * by hand, and what clocks show comes from `Intl` alone. Nothing of `src/`, nothing of Effect.
 */
import type { Randomness } from "../support/RandomQueries.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** What an expression of five fields allows; it never reads the text. */
export interface Written {
  readonly text: string
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  readonly dayRule: "either" | "both"
  readonly hourBeginsWithStar: boolean
}

interface Field {
  readonly text: string
  readonly values: ReadonlySet<number>
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

const upTo = (first: number, last: number, step = 1): ReadonlyArray<number> =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step)

const field = (
  random: Randomness,
  [first, last]: readonly [number, number],
  stars: number,
  names?: ReadonlyArray<string>
): Field => {
  const open = names === weekdayNames ? 7 : last // where `1/2` ends: the week has a second Sunday
  const value = (): number => first + random.below(last - first + 1)
  const written = (number: number): string => {
    const name = names?.[number - first]
    return name !== undefined && random.below(2) === 0 ? random.pick([name, name.toLowerCase()]) : String(number)
  }
  const part = (): Field => {
    const [low = first, high = last] = [value(), value()].toSorted((a, b) => a - b)
    const step = 1 + random.below(Math.max(1, Math.floor((last - first) / 2)))
    return random.pick<() => Field>([
      () => ({ text: written(low), values: new Set([low]) }),
      () => ({ text: written(low), values: new Set([low]) }),
      () => ({ text: `${written(low)}-${written(high)}`, values: new Set(upTo(low, high)) }),
      () => ({ text: `${low}-${high}/${step}`, values: new Set(upTo(low, high, step)) }),
      () => ({ text: `${low}/${step}`, values: new Set(upTo(low, open, step)) }),
      () => ({ text: `*/${step}`, values: new Set(upTo(first, open, step)) })
    ])()
  }
  if (random.next() < stars) return { text: "*", values: new Set(upTo(first, last)) }
  const parts = random.next() < 0.7 ? [part()] : random.some(3, part)
  return {
    text: parts.map(({ text }) => text).join(","),
    values: new Set(parts.flatMap(({ values }) => [...values]))
  }
}

/** Most begin near the hours at which clocks are changed; few run every minute. */
export const randomExpression = (random: Randomness): Written => {
  const minutes = field(random, [0, 59], 0.02)
  const hours = random.next() < 0.5
    ? field({ ...random, below: (limit) => random.below(Math.min(limit, 4)) }, [0, 23], 0.05)
    : field(random, [0, 23], 0.3)
  const days = field(random, [1, 31], 0.6)
  const months = field(random, [1, 12], 0.75, monthNames)
  const onWeekdays = field(random, [0, 6], 0.6, weekdayNames)
  const sunday = onWeekdays.text === "0" && random.below(2) === 0 ? "7" : onWeekdays.text
  // `*` restricts nothing, so the other field decides: that is the same as both. So is a `*` with a step (Vixie).
  const both = days.text.startsWith("*") || onWeekdays.text.startsWith("*")
  return {
    text: [minutes.text, hours.text, days.text, months.text, sunday].join(" "),
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: new Set([...onWeekdays.values].map((weekday) => weekday % 7)),
    dayRule: both ? "both" : "either",
    hourBeginsWithStar: hours.text.startsWith("*")
  }
}

/** Whether a time of the wall clock, as milliseconds of UTC, is one of the expression's. */
export const shows = (written: Written, wall: number): boolean =>
  wall % minute === 0 && written.minutes.has(Math.floor(wall / minute) % 60) &&
  written.hours.has(Math.floor(wall / hour) % 24) && daysMatch(written, wall)

const daysMatch = ({ dayRule, days, months, weekdays }: Written, wall: number): boolean => {
  const number = Math.floor(wall / day)
  const [month, date] = monthAndDate(number)
  if (!months.has(month)) return false
  const inDays = days.has(date)
  const inWeekdays = weekdays.has((number + 4) % 7) // 1970 began on a Thursday
  return dayRule === "both" ? inDays && inWeekdays : inDays || inWeekdays
}

/** The month and the day of it, for a day since 1970, in years that begin with March (Hinnant's civil_from_days). */
const monthAndDate = (number: number): readonly [month: number, date: number] => {
  const ofEra = (number + 719_468) % 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  return [fromMarch < 10 ? fromMarch + 3 : fromMarch - 9, ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1]
}

/** The times of the wall clock in [from, to) that the expression names, day by day, hour by hour, minute by minute. */
export const walk = function*(written: Written, from: number, to: number): Generator<number, void> {
  const minutes = [...written.minutes].toSorted((a, b) => a - b)
  const hours = [...written.hours].toSorted((a, b) => a - b)
  for (let date = Math.floor(from / day) * day; date < to; date += day) {
    if (!daysMatch(written, date)) continue
    for (const inHour of hours) {
      for (const inMinute of minutes) {
        const wall = date + inHour * hour + inMinute * minute
        if (from <= wall && wall < to) yield wall
      }
    }
  }
}

/** A change of clocks: at this instant what they show jumps from `at + before` to `at + after`. */
export interface Jump {
  readonly at: number
  readonly before: number
  readonly after: number
}

export class Zone {
  readonly id: string
  readonly jumps: ReadonlyArray<Jump>
  readonly #format: Intl.DateTimeFormat

  constructor(id: string, from: number, to: number) {
    this.id = id
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: id,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric"
    })
    this.jumps = this.#jumpsIn(from, to)
  }

  /** What the clocks show less the instant, read from the text that Intl makes of it. */
  offset(instant: number): number {
    const [month = 0, date = 0, year = 0, hours = 0, minutes = 0, seconds = 0] = this.#format.format(instant)
      .split(/\D+/).map(Number)
    return Date.UTC(year, month - 1, date, hours, minutes, seconds) - instant
  }

  /** Every six hours Intl is asked, and every minute between two answers that differ. */
  #jumpsIn(from: number, to: number): ReadonlyArray<Jump> {
    const jumps: Array<Jump> = []
    let known = this.offset(from)
    for (let at = from; at < to; at += 6 * hour) {
      if (this.offset(at + 6 * hour) === known) continue
      for (let exact = at + minute; exact <= at + 6 * hour; exact += minute) {
        const after = this.offset(exact)
        if (after !== known) jumps.push({ at: exact, before: known, after })
        known = after
      }
    }
    return jumps
  }

  /** The instants at which the clocks show it: none, one, or two. */
  instantsOf(wall: number): ReadonlyArray<number> {
    const near = this.jumps.filter(({ at }) => Math.abs(at - wall) < 3 * day)
    const offsets = new Set(near.flatMap(({ after, before }) => [before, after]))
    if (offsets.size === 0) offsets.add(this.offsetFromJumps(wall))
    return [...offsets].map((offset) => wall - offset)
      .filter((instant) => instant + this.offsetFromJumps(instant) === wall)
      .toSorted((a, b) => a - b)
  }

  offsetFromJumps(instant: number): number {
    for (const { at, before } of this.jumps) if (at > instant) return before
    return this.jumps.at(-1)?.after ?? this.offset(instant)
  }

  /** The change that skips it. */
  gapOf(wall: number): Jump | undefined {
    return this.jumps.find(({ after, at, before }) => at + before <= wall && wall < at + after)
  }
}
