/** The keys of `[calendar.*]`: calendars at an address that are read again by themselves. */
import { Duration, Option, Predicate, Schema } from "effect"
import { CalendarName } from "../domain/CalendarName.ts"
import { durationMillis, durationText } from "../domain/DurationText.ts"
import type { Complaint } from "./Complaints.ts"
import { checked, Flag, key } from "./Keys.ts"
import { valueAt } from "./Positions.ts"

/** A `[calendar.*]` table. Its address may be a secret, and is given from outside. */
export interface CalendarSource {
  readonly name: string
  readonly enabled: boolean
  /** How often it is read. */
  readonly every: Duration.Duration
}

/** How long it may go unread before somebody should look, in milliseconds. */
export const lateAfter = ({ every }: CalendarSource): number => 3 * Duration.toMillis(every)

/** More often no server of calendars has something new, in milliseconds; nor more seldom than what any of them keeps. */
const [least, most] = [15 * 60_000, 366 * 86_400_000]

const Every = checked((text) => {
  const millis = Option.getOrUndefined(durationMillis(text))
  if (millis === undefined) return "a duration such as \"30m\", \"6h\" or \"1 day\""
  if (millis < least) return "at least 15 minutes"
  return millis > most ? "at most a year" : undefined
})

const table = Schema.Struct({
  enabled: key(Flag, "Whether it is read by itself.", true),
  every: key(Every, "How often it is asked whether something has changed; at least every 15 minutes.", "6h")
})

export const calendar = Schema.Record(Schema.String, table)

/** The variable under which the address of a calendar is known. */
export const calendarVariable = (name: string): string =>
  `GLIDER_CALENDAR_${name.toUpperCase().replaceAll("-", "_")}_URL`

const isNamed = Schema.is(CalendarName)

/** A name that can stand in that of a variable, too. */
const isName = (name: string): boolean => isNamed(name) && /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/.test(name)

const tablesOf = (file: unknown): { readonly [name: string]: unknown } => {
  const found = Option.getOrElse(valueAt(file, ["calendar"]), () => ({}))
  return Predicate.isObject(found) ? { ...found } : {}
}

/** Keys under which people look for a place for the address. */
const addressKeys: ReadonlySet<string> = new Set(["url", "url_file", "address", "ics"])

/** What is said of an unknown key of these tables where it would be the address; what stands there is not told. */
export const addressKey = (path: ReadonlyArray<string | number>): string | undefined => {
  const [first, name, key] = path
  return first === "calendar" && path.length === 3 && addressKeys.has(String(key))
    ? `the address is not kept in this file, since it may be a secret: set ${calendarVariable(String(name))}, or ` +
      `${calendarVariable(String(name))}_FILE to a file with it`
    : undefined
}

/** What is wrong with names whose tables are each right. */
export const calendarComplaints = (file: unknown): ReadonlyArray<Complaint> => {
  const names = Object.keys(tablesOf(file))
  const wrong = (name: string, message: string): Complaint => ({ path: ["calendar", name], at: "key", message })
  return names.flatMap((name, index) => {
    if (!isName(name)) {
      return [wrong(name, "expected a name of at most 64 small letters and digits, with single _ or - between them")]
    }
    const same = names.slice(0, index).find((other) => calendarVariable(other) === calendarVariable(name))
    return same === undefined
      ? []
      : [
        wrong(name, `its address would be that of [calendar.${same}], ${calendarVariable(name)}: give it another name`)
      ]
  })
}

export const calendarsOf = (tables: typeof calendar.Type): ReadonlyArray<CalendarSource> =>
  Object.entries(tables).map(([name, { enabled, every }]) => ({
    name,
    enabled,
    every: Duration.millis(Option.getOrElse(durationMillis(every), () => least))
  }))

/** As it stands in the file. */
export const shownCalendars = (
  calendars: ReadonlyArray<CalendarSource> = []
): { readonly calendar?: { readonly [name: string]: { readonly [key: string]: unknown } } } =>
  calendars.length === 0 ? {} : {
    calendar: Object.fromEntries(
      calendars.map(({ enabled, every, name }) => [name, { enabled, every: durationText(Duration.toMillis(every)) }])
    )
  }
