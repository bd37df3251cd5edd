import { DateTime, Schema } from "effect"

/** A day of the wall calendar, `YYYY-MM-DD`: no instant, and no zone of its own. */
export const LocalDay = Schema.String.check(
  Schema.makeFilter((text) => isDay(text) || "expected a day such as 2026-10-24")
).pipe(Schema.brand("glider/LocalDay"))
export type LocalDay = typeof LocalDay.Type

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const parsed = DateTime.make(`${text}T00:00:00Z`)
  return parsed._tag === "Some" && DateTime.formatIsoDateUtc(parsed.value) === text
}

/** The day that the clocks of the zone show at the instant. */
export const dayOf = (instant: DateTime.Utc, zone: DateTime.TimeZone): LocalDay =>
  LocalDay.make(DateTime.formatIsoDate(DateTime.setZone(instant, zone)))

/** The day so many days later, or earlier when negative. */
export const plusDays = (day: LocalDay, days: number): LocalDay =>
  LocalDay.make(DateTime.formatIsoDateUtc(DateTime.add(noon(day), { days })))

/** How many days after `from` the day `to` is; negative when it comes before. */
export const daysBetween = (from: LocalDay, to: LocalDay): number =>
  Math.round((noon(to).epochMilliseconds - noon(from).epochMilliseconds) / 86_400_000)

/** The earlier of the two. */
export const earlierDay = (one: LocalDay, other: LocalDay): LocalDay => one < other ? one : other

/** The first instant of the day in the zone: 00:00, or the end of the gap where clocks skip midnight. */
export const startOfDay = (day: LocalDay, zone: DateTime.TimeZone): DateTime.Utc => {
  const { day: dayOfMonth, month, year } = DateTime.toPartsUtc(noon(day))
  return DateTime.toUtc(
    DateTime.makeZonedUnsafe({ year, month, day: dayOfMonth }, { timeZone: zone, adjustForTimeZone: true })
  )
}

/** The first instant after the day in the zone: 23, 24 or 25 hours after its start. */
export const endOfDay = (day: LocalDay, zone: DateTime.TimeZone): DateTime.Utc => startOfDay(plusDays(day, 1), zone)

const noon = (day: LocalDay): DateTime.Utc => DateTime.makeUnsafe(`${day}T12:00:00Z`)
