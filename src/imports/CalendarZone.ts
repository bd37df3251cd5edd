/** What the clock times of a calendar mean: by the zones that the world knows, or by rules that the file has itself. */
import { DateTime, Option, Result } from "effect"
import { civilOf, dayMillis } from "./Civil.ts"
import { all, type Component, first, textOf } from "./ContentLines.ts"
import { daysOfRule } from "./Recurrence.ts"
import { ruleOf } from "./RecurrenceRule.ts"

export interface CalendarZone {
  /** As IANA calls it, where it is one of these. */
  readonly name: string | undefined
  /**
   * The instant at which its clocks show the time, in milliseconds. Of two the first is taken; what clocks leave out is as long after the
   * change as it is written to be.
   */
  readonly instant: (wall: number) => number
  /** What its clocks show at the instant. */
  readonly wall: (instant: number) => number
}

const utc: CalendarZone = { name: "UTC", instant: (wall) => wall, wall: (instant) => instant }

/** The zone of the world. */
export const zoneOf = (zone: DateTime.TimeZone): CalendarZone => {
  const name = DateTime.zoneToString(zone)
  if (name === "UTC" || name === "Etc/UTC") return utc
  const offset = (instant: number): number => DateTime.zonedOffset(DateTime.setZone(DateTime.makeUnsafe(instant), zone))
  return {
    name,
    wall: (instant) => instant + offset(instant),
    instant: (wall) => {
      // within a day of a change both offsets are tried, the one before it first
      const before = offset(wall - dayMillis)
      const after = offset(wall + dayMillis)
      if (before === after || offset(wall - before) === before) return wall - before
      return offset(wall - after) === after ? wall - after : wall - before
    }
  }
}

/** A zone of the world by its name, also where a program has put its own before it: `/example.org/20210101/Europe/Berlin`. */
const known = (tzid: string): CalendarZone | undefined => {
  const bare = tzid.trim().replace(/^\//, "")
  const names = [bare, ...Array.from(bare.matchAll(/\//g), ({ index }) => bare.slice(index + 1))]
  for (const name of names.slice(0, 8)) {
    // three letters such as EST mean other things to other programs
    if (!/^(?:[A-Z][A-Za-z]+\/[A-Za-z0-9_+/-]+|UTC|GMT|Z)$/.test(name)) continue
    const zone = DateTime.zoneMakeNamed(name === "Z" ? "UTC" : name)
    if (Option.isSome(zone)) return zoneOf(zone.value)
  }
  return undefined
}

/** `+0130` or `-013000`, in milliseconds. */
const offsetOf = (text: string | undefined): number | undefined => {
  const found = /^([+-])(\d{2})(\d{2})(\d{2})?$/.exec(text?.trim() ?? "")
  if (found === null) return undefined
  const [, sign, hours, minutes, seconds = "0"] = found
  return (sign === "-" ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
}

/** `20261024T083000` or `20261024`, as a clock shows it; whether it is one of UTC, or a day. */
export const wallOf = (
  text: string
): { readonly wall: number; readonly isUtc: boolean; readonly isDay: boolean } | undefined => {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(text.trim())
  if (found === null) return undefined
  const [, year = "", month = "", day = "", hour, minute = "0", second = "0", z] = found
  const midnight = DateTime.make(`${year}-${month}-${day}T00:00:00Z`)
  if (Option.isNone(midnight)) return undefined
  const number = Math.round(midnight.value.epochMilliseconds / dayMillis)
  if (civilOf(number).day !== Number(day) || Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return undefined
  }
  const seconds = Number(hour ?? 0) * 3600 + Number(minute) * 60 + Number(second)
  return { wall: number * dayMillis + seconds * 1000, isUtc: z !== undefined, isDay: hour === undefined }
}

/** A change of the clocks: when they showed what before it, and how far they are from UTC before and after. */
interface Change {
  readonly wall: number
  readonly from: number
  readonly to: number
}

/** More than a zone has by a rule of each year in a thousand years. */
const mostChanges = 2000

/** The changes that a `STANDARD` or `DAYLIGHT` tells of, up to a day. */
const changesOf = (component: Component, lastDay: number): ReadonlyArray<Change> => {
  const start = wallOf(first(component, "DTSTART")?.value ?? "")
  const from = offsetOf(first(component, "TZOFFSETFROM")?.value)
  const to = offsetOf(first(component, "TZOFFSETTO")?.value)
  if (start === undefined || from === undefined || to === undefined) return []
  const walls = new Set([start.wall])
  for (const { value } of all(component, "RDATE")) {
    for (const one of value.split(",")) {
      const wall = wallOf(one)
      if (wall !== undefined) walls.add(wall.wall)
    }
  }
  for (const { value } of all(component, "RRULE")) {
    const rule = ruleOf(value)
    if (Result.isFailure(rule)) continue
    const { count = mostChanges, until } = rule.success
    const end = wallOf(until ?? "")
    const last = end === undefined ? Infinity : end.isUtc ? end.wall + from : end.wall
    const day = Math.floor(start.wall / dayMillis)
    let number = 0
    for (const found of daysOfRule(rule.success, day, lastDay)) {
      const wall = start.wall + (found - day) * dayMillis
      if (wall > last || ++number > count) break
      walls.add(wall)
    }
  }
  return [...walls].map((wall) => ({ wall, from, to }))
}

/** The zone that a `VTIMEZONE` tells of, up to a day; none where it does not say how far it is from UTC. */
const told = (component: Component, lastDay: number): CalendarZone | undefined => {
  const changes = component.children.flatMap((child) => changesOf(child, lastDay)).slice(0, 2 * mostChanges).toSorted((
    one,
    other
  ) => one.wall - other.wall)
  const [earliest] = changes
  if (earliest === undefined) return undefined
  const lastBefore = (isBefore: (change: Change) => boolean): number => changes.findLast(isBefore)?.to ?? earliest.from
  return {
    name: undefined,
    instant: (wall) => {
      const offset = lastBefore((change) => change.wall <= wall)
      const at = changes.findLast((change) => change.wall <= wall)
      // what the clocks leave out
      return at !== undefined && at.to > at.from && wall < at.wall + at.to - at.from ? wall - at.from : wall - offset
    },
    wall: (instant) => instant + lastBefore((change) => change.wall - change.from <= instant)
  }
}

/** The zones of a calendar by the names that it gives them. A name that the world knows means what the world says. */
export class CalendarZones {
  readonly #told = new Map<string, Component>()
  readonly #made = new Map<string, CalendarZone | undefined>()
  readonly #lastDay: number

  constructor(lastDay: number) {
    this.#lastDay = lastDay
  }

  /** Takes note of a `VTIMEZONE`. */
  add(component: Component): void {
    const tzid = textOf(component, "TZID")
    if (tzid !== undefined) this.#told.set(tzid, component)
  }

  /** The zone of that name; none where neither the world nor the file knows it. */
  of(tzid: string): CalendarZone | undefined {
    if (!this.#made.has(tzid)) {
      const component = this.#told.get(tzid)
      this.#made.set(tzid, known(tzid) ?? (component === undefined ? undefined : told(component, this.#lastDay)))
    }
    return this.#made.get(tzid)
  }
}

export { utc as utcZone }
