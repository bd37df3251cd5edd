/** How the owner reads times and numbers. */
import { DateTime } from "effect"
import { dayOf, type LocalDay } from "../../domain/LocalDay.ts"

/** What pages know of the person and the moment. */
export interface Owner {
  readonly zone: DateTime.TimeZone
  readonly zoneName: string
  readonly locale: string
  /** 1 is Monday, 7 Sunday. */
  readonly weekStartsOn: number
  /** The server's clock. */
  readonly now: DateTime.Utc
  readonly today: LocalDay
}

type Style = Intl.DateTimeFormatOptions

const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats cost a tenth of a millisecond each to make, and a page needs the same few hundreds of times. */
const formatOf = (locale: string, timeZone: string, style: Style): Intl.DateTimeFormat => {
  const key = `${locale} ${timeZone} ${Object.entries(style).join()}`
  const known = formats.get(key)
  if (known !== undefined) return known
  if (formats.size >= 200) formats.clear()
  const made = new Intl.DateTimeFormat(locale, { timeZone, ...style })
  formats.set(key, made)
  return made
}

/** An instant on the owner's clock. */
export const at = ({ locale, zoneName }: Owner, instant: DateTime.Utc, style: Style): string =>
  formatOf(locale, zoneName, style).format(instant.epochMilliseconds)

/** `09:05` */
export const clock = (owner: Owner, instant: DateTime.Utc): string =>
  at(owner, instant, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })

/** `Tue, 24 Nov, 09:05` */
export const moment = (owner: Owner, instant: DateTime.Utc): string =>
  `${at(owner, instant, { weekday: "short", day: "numeric", month: "short" })}, ${clock(owner, instant)}`

/** Whether a stretch of time ends on the day on which it begins, or with it. */
export const isWithinDay = ({ zone }: Owner, start: DateTime.Utc, end: DateTime.Utc): boolean =>
  end.epochMilliseconds <= start.epochMilliseconds ||
  dayOf(start, zone) === dayOf(DateTime.subtract(end, { milliseconds: 1 }), zone)

/** `09:05–10:00`; with the days where it ends on another one. */
export const clocks = (owner: Owner, start: DateTime.Utc, end: DateTime.Utc): string =>
  isWithinDay(owner, start, end)
    ? `${clock(owner, start)}–${clock(owner, end)}`
    : `${moment(owner, start)} – ${moment(owner, end)}`

/** `Tue, 24 Nov, 09:05 – 10:00`; with both days where it ends on another one. */
export const moments = (owner: Owner, start: DateTime.Utc, end: DateTime.Utc): string =>
  `${moment(owner, start)} – ${isWithinDay(owner, start, end) ? clock(owner, end) : moment(owner, end)}`

/** A day of the wall calendar, which has no zone. */
export const dayText = ({ locale }: Owner, day: LocalDay, style: Style): string =>
  formatOf(locale, "UTC", style).format(DateTime.makeUnsafe(`${day}T12:00:00Z`).epochMilliseconds)

/** `Tuesday, 24 November 2026` */
export const longDay = (owner: Owner, day: LocalDay): string =>
  dayText(owner, day, { weekday: "long", day: "numeric", month: "long", year: "numeric" })

export const number = ({ locale }: Owner, value: number, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)

/** `3 min ago`, `in 2 h`, `just now`. */
export const ago = ({ now }: Owner, instant: DateTime.Utc): string => {
  const seconds = Math.round((now.epochMilliseconds - instant.epochMilliseconds) / 1000)
  if (Math.abs(seconds) < 5) return "just now"
  const text = span(Math.abs(seconds))
  return seconds > 0 ? `${text} ago` : `in ${text}`
}

/** The largest unit alone: `45 s`, `12 min`, `3 h`, `5 days`. */
const span = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/** `7 h 12 min`, `48 min`, `9 s`. */
export const length = (seconds: number): string => {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}
