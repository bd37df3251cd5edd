/** The answers of the API as tools tell them: flat, in parts, and without what only a page draws. */
import { DateTime, Option } from "effect"
import { BodyDays, type CalendarDays, type HeartRateDays, type ListeningDays, Night } from "../api/DataMessages.ts"
import { cut, part } from "./ToolMaking.ts"

/** Of a description, so many characters are told in a list. */
const longestDescription = 500

/** The plays that begin on the days: sessions are told whole, with what comes before and after. */
export const playsOf = ({ days, sessions, time_zone }: ListeningDays, limit: number, offset?: number) => {
  const from = days.at(0)?.start.epochMilliseconds ?? 0
  const to = days.at(-1)?.end.epochMilliseconds ?? 0
  const plays = sessions.flatMap((session) => session.plays).filter(({ played_at }) =>
    played_at.epochMilliseconds >= from && played_at.epochMilliseconds < to
  )
  const { items, ...rest } = part(plays, limit, offset)
  return { time_zone, plays: items, ...rest }
}

/** Both kinds of events, by start; those of whole days before those with a clock of the same day. */
export const eventsOf = ({ time_zone, timed, whole_days }: CalendarDays, limit: number, offset?: number) => {
  const shared = (
    { calendar_id, description, id, location, status, title }: CalendarDays["timed" | "whole_days"][0]
  ) => ({
    id,
    calendar_id,
    title: Option.getOrNull(title),
    location: Option.getOrNull(location),
    description: Option.getOrNull(Option.map(description, (text) => cut(text, longestDescription))),
    status
  })
  const all = [
    ...whole_days.map((event) => ({
      ...shared(event),
      whole_days: true,
      start: String(event.first_day),
      end: String(event.last_day)
    })),
    ...timed.map((event) => ({
      ...shared(event),
      whole_days: false,
      start: DateTime.formatIso(event.start),
      end: DateTime.formatIso(event.end)
    }))
  ].toSorted((one, other) => one.start < other.start ? -1 : one.start > other.start ? 1 : 0)
  const { items, ...rest } = part(all, limit, offset)
  return { time_zone, events: items, ...rest }
}

/** Without the phases of every five minutes, of which the sums are told. */
export const bodyOf = ({ days, nights, time_zone }: BodyDays): BodyDays =>
  new BodyDays({ time_zone, days, nights: nights.map((night) => new Night({ ...night, phases_5_min: Option.none() })) })

export const heartRatesOf = (
  { points, resolution_seconds, time_zone }: HeartRateDays,
  limit: number,
  offset?: number
) => {
  const { items, ...rest } = part(points, limit, offset)
  return { time_zone, resolution_seconds, points: items, ...rest }
}
