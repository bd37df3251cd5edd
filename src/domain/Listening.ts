/**
 * What a listening history says of time. Spotify does not tell whether `played_at` is the start of a play or its end: it is
 * taken as the start. A play ends with its track, or earlier, where the next one begins: then it was skipped.
 */

/** What is asked of a play; instants and lengths in milliseconds. */
export interface Heard {
  readonly at: number
  /** The track's; a play of unknown length takes no time. */
  readonly duration: number
}

/** Plays without a pause between them that is longer than a gap. */
export interface Session<P extends Heard> {
  readonly start: number
  readonly end: number
  /** Milliseconds; pauses do not count. */
  readonly listened: number
  readonly plays: ReadonlyArray<P>
}

/** How long a play was listened to: its track's length, but never beyond the start of the play after it. */
export const listened = ({ at, duration }: Heard, next: Heard | undefined): number =>
  Math.max(0, Math.min(duration, next === undefined ? Infinity : next.at - at))

/** The sessions of plays that are in order of time. A pause of exactly the gap ends none. */
export const sessionsOf = <P extends Heard>(plays: ReadonlyArray<P>, gap: number): ReadonlyArray<Session<P>> => {
  const sessions: Array<Session<P> & { plays: Array<P>; end: number; listened: number }> = []
  for (const [index, play] of plays.entries()) {
    const length = listened(play, plays[index + 1])
    const last = sessions.at(-1)
    if (last !== undefined && play.at - last.end <= gap) {
      last.plays.push(play)
      last.end = Math.max(last.end, play.at + length)
      last.listened += length
    } else sessions.push({ start: play.at, end: play.at + length, listened: length, plays: [play] })
  }
  return sessions
}
