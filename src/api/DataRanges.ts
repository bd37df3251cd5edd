/** Which days may be asked for at once. */
import { Effect } from "effect"
import { dayCount, type DayRange } from "../domain/DayRange.ts"
import { LocalDay } from "../domain/LocalDay.ts"
import { InvalidRequest } from "./Problems.ts"

/** Before and after these there are no records. */
const first = LocalDay.make("1970-01-01")
const last = LocalDay.make("2200-12-31")

const refused = (pointer: string, message: string, fix: string): InvalidRequest =>
  new InvalidRequest({ detail: message, details: [{ pointer, message }], fix })

/** The days, when they are in order, between 1970 and 2200, and not more than so many. */
export const daysWithin = ({ from, to }: DayRange, most: number): Effect.Effect<DayRange, InvalidRequest> => {
  const days = dayCount({ from, to })
  const outside = "the years from 1970 to 2200 can be asked for"
  if (from < first) return Effect.fail(refused("/query/from", `${from} is too early: ${outside}`, `from=${first}`))
  if (to > last) return Effect.fail(refused("/query/to", `${to} is too late: ${outside}`, `to=${last}`))
  if (days < 1) {
    return Effect.fail(
      refused("/query/to", `the days end at ${to}, before they begin at ${from}`, "exchange from and to")
    )
  }
  if (days > most) {
    return Effect.fail(
      refused("/query/to", `these are ${days} days, and at most ${most} can be asked for at once`, "ask in parts")
    )
  }
  return Effect.succeed({ from, to })
}

/** How many days of what may be asked for at once. */
export const mostDays = {
  /** Single records. */
  detail: 42,
  /** Single samples of the heart rate. */
  samples: 2,
  /** What is known of each day. */
  sums: 3_700,
  any: Infinity
} as const

/** Seconds of a stretch; every sample by itself is 0. */
export const resolutionWithin = (seconds: number): Effect.Effect<number, InvalidRequest> =>
  seconds === 0 || seconds >= 60
    ? Effect.succeed(seconds)
    : Effect.fail(refused(
      "/query/resolution",
      `a stretch of ${seconds} seconds is too short`,
      "resolution=0 for every sample, or 60 to 86400"
    ))
