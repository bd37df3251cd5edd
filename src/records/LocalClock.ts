/** What the clocks of a zone show, for very many instants at once. All in milliseconds. */
import { DateTime } from "effect"
import { spanAt } from "../timing/WallClock.ts"

/** What is added to an instant to read the local time of it as if it were UTC. */
export type OffsetAt = (instant: number) => number

export const offsetsOf = (zone: DateTime.TimeZone): OffsetAt => {
  if (zone._tag === "Offset") return () => zone.offset
  const id = DateTime.zoneToString(zone)
  return (instant) => spanAt(id, instant).offset
}

const day = 86_400_000

/** The local day of an instant, as so many days since 1970-01-01. */
export const dayNumber = (offsetAt: OffsetAt, instant: number): number =>
  Math.floor((instant + offsetAt(instant)) / day)

/** The day of the wall calendar as so many days since 1970-01-01. */
export const numberOfDay = (text: string): number => DateTime.makeUnsafe(`${text}T00:00:00Z`).epochMilliseconds / day

/** The local hour of the week: 0 is the first of Monday. */
export const hourOfWeek = (offsetAt: OffsetAt, instant: number): number => {
  const hours = Math.floor((instant + offsetAt(instant)) / 3_600_000)
  return (hours + 72) % 168 // 1970 began on a Thursday
}
