/** What a day holds of sessions, which the API tells whole though they begin before the day or go on after it. */
import { DateTime, Option } from "effect"
import { ListeningSession, type PlayedTrack } from "../../api/DataMessages.ts"
import { listened } from "../../domain/Listening.ts"

/** A session as far as it is of a day. */
export interface HeardPart {
  /** The plays that start on the day, as if they were all. */
  readonly part: ListeningSession
  readonly whole: ListeningSession
}

/** Instants, in milliseconds; the end exclusive. */
interface Bounds {
  readonly start: number
  readonly end: number
}

const timeOf = ({ duration_ms, played_at }: PlayedTrack) => ({
  at: played_at.epochMilliseconds,
  duration: Option.getOrElse(duration_ms, () => 0)
})

/**
 * The sessions with a play that starts within the bounds, and of each those plays alone: a play counts on the day on which it
 * starts, as in the sums of a month. A session of which only the last play still sounds after midnight is none of the new day.
 */
export const heardWithin = (
  sessions: ReadonlyArray<ListeningSession>,
  { end, start }: Bounds
): ReadonlyArray<HeardPart> =>
  sessions.flatMap((whole): ReadonlyArray<HeardPart> => {
    const isWithin = ({ played_at }: PlayedTrack) =>
      played_at.epochMilliseconds >= start && played_at.epochMilliseconds < end
    if (whole.plays.every(isWithin)) return whole.plays.length === 0 ? [] : [{ part: whole, whole }]
    const heard = whole.plays.flatMap((play, index) => {
      const next = whole.plays[index + 1]
      const length = listened(timeOf(play), next === undefined ? undefined : timeOf(next))
      return isWithin(play) ? [{ play, length }] : []
    })
    const first = heard[0]
    const last = heard.at(-1)
    if (first === undefined || last === undefined) return []
    const part = new ListeningSession({
      start: first.play.played_at,
      end: DateTime.add(last.play.played_at, { milliseconds: last.length }),
      listened_ms: heard.reduce((sum, { length }) => sum + length, 0),
      plays: heard.map(({ play }) => play)
    })
    return [{ part, whole }]
  })
