/** Days and clock times without a zone, as numbers: what a calendar writes down before it is said where it is meant. */

/** Milliseconds of a day. */
export const dayMillis = 86_400_000

/** A day of the Gregorian calendar. */
export interface Civil {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

/** How many days after 1 January 1970 it is. */
export const dayNumber = ({ day, month, year }: Civil): number => {
  const from = month <= 2 ? year - 1 : year
  const era = Math.floor(from / 400)
  const ofEra = from - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** The day of that number. */
export const civilOf = (number: number): Civil => {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  }
}

export const firstOfYear = (year: number): number => dayNumber({ year, month: 1, day: 1 })

export const firstOfMonth = (year: number, month: number): number => dayNumber({ year, month, day: 1 })

/** How many days the month has. */
export const monthLength = (year: number, month: number): number =>
  (month === 12 ? firstOfYear(year + 1) : firstOfMonth(year, month + 1)) - firstOfMonth(year, month)

/** 0 is Monday. */
export const weekdayOf = (number: number): number => (((number + 3) % 7) + 7) % 7

const pad = (number: number, length: number): string => String(number).padStart(length, "0")

/** `2026-10-24`. */
export const dayText = (number: number): string => {
  const { day, month, year } = civilOf(number)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** `20261024`, or with a time of day `20261024T083000`. */
export const compactText = (millis: number, withTime: boolean): string => {
  const number = Math.floor(millis / dayMillis)
  const day = dayText(number).replaceAll("-", "")
  if (!withTime) return day
  const seconds = Math.floor((millis - number * dayMillis) / 1000)
  return `${day}T${pad(Math.floor(seconds / 3600), 2)}${pad(Math.floor(seconds / 60) % 60, 2)}${pad(seconds % 60, 2)}`
}
