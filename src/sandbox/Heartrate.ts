/** Heart rate every five minutes, with gaps while the ring charges, and blocks of two hours that arrive days late. */
import type { JsonObject } from "./Contract.ts"
import { atLocal, dayAt, dayLength, hour, minute, utcText } from "./Instants.ts"
import type { RingDay, RingDays, Span } from "./RingDay.ts"
import { firstDay, home, type World, yearStart } from "./World.ts"

/** One row: its instant, and what is served. */
export interface HeartRow {
  readonly at: number
  readonly json: JsonObject
}

const within = (span: Span | undefined, at: number): boolean => span !== undefined && at >= span.from && at < span.to

const block = 2 * hour

interface Reading {
  readonly source: "awake" | "rest" | "sleep" | "session" | "workout"
  readonly bpm: number
}

/** What the ring would read, before noise; nothing while it is not on the finger. */
const reading = (days: ReadonlyArray<RingDay>, at: number, evening: boolean): Reading | undefined => {
  if (days.some((day) => within(day.charging, at))) {
    return undefined
  }
  for (const day of days) {
    const hard = day.workouts.find((workout) => within(workout, at))
    if (hard !== undefined) {
      return { source: "workout", bpm: { easy: 108, moderate: 132, hard: 154 }[hard.intensity] }
    }
    if (within(day.session, at)) {
      return { source: "session", bpm: 60 }
    }
    if (within(day.night, at) || day.naps.some((nap) => within(nap, at))) {
      return { source: "sleep", bpm: 51 - day.form * 4 }
    }
  }
  return evening ? { source: "rest", bpm: 62 } : { source: "awake", bpm: 78 }
}

export interface HeartRates {
  /** The rows visible at `now` with `from <= timestamp <= to`, oldest first. */
  readonly between: (now: number, from: number, to: number) => ReadonlyArray<HeartRow>
}

export const makeHeartRates = (world: World, days: RingDays): HeartRates => {
  const rowsOf = (utcDay: number): ReadonlyArray<HeartRow> => {
    const from = world.draw("heart", utcDay)
    const begin = utcDay * dayLength
    const second = from.int(0, 59) * 1000
    const local = dayAt(home, begin)
    const around = [local - 1, local, local + 1, local + 2].map(days.of)
    const evening = { from: atLocal(home, local, 21 * 60), to: atLocal(home, local, 24 * 60) }
    const rows: Array<HeartRow> = []
    for (let slot = 0; slot < 288; slot++) {
      const at = begin + slot * 5 * minute + second
      const noise = from.around(0, 7)
      const found = reading(around, at, within(evening, at))
      if (found === undefined || at < yearStart || from.chance(0.01)) {
        continue
      }
      const bpm = Math.max(40, Math.round(found.bpm + noise * (found.source === "sleep" ? 0.5 : 1.2)))
      rows.push({ at, json: { timestamp: utcText(at), timestamp_unix: at, bpm, source: found.source } })
    }
    return rows
  }

  const made = new Map<number, ReadonlyArray<HeartRow>>()
  const ofDay = (utcDay: number): ReadonlyArray<HeartRow> => {
    const known = made.get(utcDay)
    if (known !== undefined) {
      return known
    }
    if (made.size > 45) {
      made.clear()
    }
    const rows = rowsOf(utcDay)
    made.set(utcDay, rows)
    return rows
  }

  /** When a block that is late arrives; `undefined` for one that comes with the next fetch. */
  const lateUntil = (index: number): number | undefined => {
    const from = world.draw("late block", index)
    return from.chance(0.05) ? days.fetchedFrom((index + 1) * block + from.int(3, 60) * hour) : undefined
  }

  const between: HeartRates["between"] = (now, from, to) => {
    const fetched = days.lastFetch(now)
    const rows: Array<HeartRow> = []
    const last = Math.floor(Math.min(to, fetched) / dayLength)
    let current = -1
    let late: number | undefined
    for (let day = Math.max(firstDay - 1, Math.floor(from / dayLength)); day <= last; day++) {
      for (const row of ofDay(day)) {
        if (row.at < from || row.at > to || row.at > fetched) {
          continue
        }
        const index = Math.floor(row.at / block)
        if (index !== current) {
          current = index
          late = lateUntil(index)
        }
        if (late === undefined || late <= now) {
          rows.push(row)
        }
      }
    }
    return rows
  }

  return { between }
}
