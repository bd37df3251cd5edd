/** The frame of the world: which year it is, where the person lives and travels. */
import { dayLength, dayOfDate, instantOfWall } from "./Instants.ts"
import { type Draw, draw } from "./Seeded.ts"

/** Where the person lives; the calendar's own zone. */
export const home = "Europe/Prague"

/** The first local day that has data. */
export const firstDay = dayOfDate(2025, 11, 20)

/** The last local day of the year; the world goes on after it when the clock does. */
export const lastDay = dayOfDate(2026, 11, 20)

/** Midnight before the first day. */
export const yearStart = instantOfWall(home, firstDay * dayLength)

/** A Friday evening, 22:00 in Prague. */
export const yearEnd = instantOfWall(home, lastDay * dayLength) + 22 * 3_600_000

const tripStart = dayOfDate(2026, 6, 8)
const tripEnd = dayOfDate(2026, 6, 17)

/** The zone of the person's wrist and clock on that local day: ten days of June are spent in New York. */
export const zoneOfDay = (day: number): string => day >= tripStart && day <= tripEnd ? "America/New_York" : home

/** What the parts of the world are grown from. */
export interface World {
  readonly seed: string
  /** The draws of this seed under these words. */
  readonly draw: (...words: ReadonlyArray<string | number>) => Draw
}

export const makeWorld = (seed: string): World => ({ seed, draw: (...words) => draw(seed, ...words) })
