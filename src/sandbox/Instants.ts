/**
 * Instants as epoch milliseconds, days as days since 1970-01-01, zones by IANA name, and the texts the providers write
 * for them. A world of a hundred thousand rows is written through these functions, so they stay on plain numbers.
 */
import { DateTime, Option } from "effect"

export const minute = 60_000
export const hour = 60 * minute
export const dayLength = 24 * hour

const pad = (value: number, width = 2): string => String(value).padStart(width, "0")

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
export const dayOfDate = (year: number, month: number, date: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}

/** `YYYY-MM-DD`. */
export const dayText = (day: number): string => {
  const z = day + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${pad(year, 4)}-${pad(month)}-${pad(dayOfYear - Math.floor((153 * mp + 2) / 5) + 1)}`
}

/** 0 is Sunday. */
export const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7

/** Whether this is the IANA name of a zone. */
export const zoneExists = (zone: string): boolean => Option.isSome(DateTime.zoneMakeNamed(zone))

const offsets = new Map<string, number>()

/** Milliseconds that the zone's wall clock is ahead of UTC at that instant. */
const offsetAt = (zone: string, instant: number): number => {
  if (zone === "UTC") {
    return 0
  }
  const key = `${zone}${Math.floor(instant / hour)}` // every change of offset falls on a full UTC hour in our zones
  const known = offsets.get(key)
  if (known !== undefined) {
    return known
  }
  const found = DateTime.zonedOffset(DateTime.makeZonedUnsafe(instant, { timeZone: zone }))
  if (offsets.size > 20_000) {
    offsets.clear()
  }
  offsets.set(key, found)
  return found
}

/** The wall clock as if it were UTC. */
export const wallAt = (zone: string, instant: number): number => instant + offsetAt(zone, instant)

/** The instant at which the zone's wall clock shows `wall`; in a spring gap, one hour later. */
export const instantOfWall = (zone: string, wall: number): number => {
  const guess = wall - offsetAt(zone, wall)
  return wall - offsetAt(zone, guess)
}

/** The local day of an instant. */
export const dayAt = (zone: string, instant: number): number => Math.floor(wallAt(zone, instant) / dayLength)

/** The instant of so many minutes after local midnight by the wall clock. */
export const atLocal = (zone: string, day: number, minutes: number): number =>
  instantOfWall(zone, day * dayLength + Math.round(minutes * minute))

const secondsText = (wall: number): string => {
  const second = Math.floor(wall / 1000)
  const ofDay = ((second % 86_400) + 86_400) % 86_400
  const day = Math.floor(second / 86_400)
  return `${dayText(day)}T${pad(Math.floor(ofDay / 3600))}:${pad(Math.floor(ofDay / 60) % 60)}:${pad(ofDay % 60)}`
}

const fraction = (instant: number): string => `.${pad(((instant % 1000) + 1000) % 1000, 3)}`

/** `2026-11-08T00:43:42.942Z`. */
export const utcText = (instant: number): string => `${secondsText(instant)}${fraction(instant)}Z`

/** `2026-11-08T00:43:42.942Z`, or `2026-11-08T00:43:42Z` on a full second, as Spotify writes it. */
export const shortUtcText = (instant: number): string =>
  `${secondsText(instant)}${instant % 1000 === 0 ? "" : fraction(instant)}Z`

/** `20260921T133000Z`, as in the id of an instance. */
export const stampText = (instant: number): string => `${secondsText(instant).replaceAll(/[-:]/g, "")}Z`

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** `Sun, 08 Nov 2026 00:43:42 GMT` (RFC 9110). */
export const httpDate = (instant: number): string => {
  const day = Math.floor(instant / dayLength)
  const [year, month, date] = dayText(day).split("-")
  return `${weekdays[weekday(day)]}, ${date} ${months[Number(month) - 1]} ${year} ${secondsText(instant).slice(11)} GMT`
}

const offsetText = (offset: number): string => {
  const minutes = Math.abs(Math.round(offset / minute))
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/** `2026-09-21T09:30:00-04:00`, with milliseconds when asked. */
export const zonedText = (zone: string, instant: number, millis = false): string => {
  const offset = offsetAt(zone, instant)
  return `${secondsText(instant + offset)}${millis ? fraction(instant) : ""}${offsetText(offset)}`
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/
const dateTimeForm = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|z|[+-]\d\d:?\d\d)?$/

/** The day of a `YYYY-MM-DD` that exists in the calendar. */
export const parseDay = (text: string): number | undefined => {
  const [, year, month, date] = dateForm.exec(text) ?? []
  if (year === undefined) {
    return undefined
  }
  const day = dayOfDate(Number(year), Number(month), Number(date))
  return dayText(day) === text ? day : undefined
}

/** A date with a time: its wall clock as if UTC, and its offset where it has one. */
export const parseWall = (text: string): { readonly wall: number; readonly offset: number | undefined } | undefined => {
  const [, year, month, date, hours, minutes, seconds = "0", part = "0", zone] = dateTimeForm.exec(text) ?? []
  const day = year === undefined ? undefined : parseDay(`${year}-${month}-${date}`)
  if (day === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return undefined
  }
  const wall = day * dayLength + Number(hours) * hour + Number(minutes) * minute +
    Math.floor((Number(seconds) + Number(part)) * 1000 + 1e-6)
  if (zone === undefined) {
    return { wall, offset: undefined }
  }
  const [, sign, ahead, more] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  return {
    wall,
    offset: sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(ahead) * hour + Number(more) * minute)
  }
}

/** The instant of an RFC 3339 text with offset. */
export const parseInstant = (text: string): number | undefined => {
  const parsed = parseWall(text)
  return parsed?.offset === undefined ? undefined : parsed.wall - parsed.offset
}

/** The instant of whatever a caller may give. */
export const toInstant = (input: DateTime.DateTime.Input): number | undefined =>
  typeof input === "string"
    ? parseInstant(input)
    : Option.getOrUndefined(Option.map(DateTime.make(input), DateTime.toEpochMillis))
