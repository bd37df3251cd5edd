/** Whether a stream of an import and a play of the feed may be the same listening: what was heard, and when. */
import { Option, Result, Schema } from "effect"
import { ranked } from "../music/Score.ts"
import { Candidate as Found, TrackRequest } from "../music/Track.ts"
import type { Candidate, PolledPlay } from "../store/StreamedPlays.ts"

/** From here on two may be the same, and a person is asked. */
export const alike = 0.7

/** From here on they are. */
export const certain = 0.9

/** How far the instants of the two may differ, in milliseconds: an export has whole seconds, and devices are not exact. */
export const near = 10_000

/** A pause before or within a stream, which an export does not tell of, up to this long is nothing strange. */
const usualPause = 3_600_000

/** What nobody calls one listening, however long a device was paused or out of reach. */
export const farthest = 86_400_000

/** Where in a listening the instant of a play lies; the feed has given both, and does not say which. */
export type Stamp = "start" | "end" | "within"

/** A stream and a play that may be the same listening. */
export interface Pair {
  readonly candidate: Candidate
  readonly play: PolledPlay
  /** Of what was heard, from 0 to 1. */
  readonly similarity: number
  /** Of both, from 0 to 1. */
  readonly confidence: number
  /** How far the play's instant is from the start of the stream, and from its end. */
  readonly toStart: number
  readonly toEnd: number
}

const request = Schema.decodeUnknownResult(TrackRequest)

/** How much the names agree, where the addresses do not: a track has another address in another country. */
const ofNames = (candidate: Candidate, play: PolledPlay): number => {
  if (candidate.kind === "episode" || Option.isNone(candidate.name) || Option.isNone(play.name)) return 0
  const asked = request({
    trackName: candidate.name.value.slice(0, 200),
    artist: Option.getOrElse(candidate.artist, () => "").slice(0, 200),
    ...Option.match(candidate.album, { onNone: () => ({}), onSome: (album) => ({ album: album.slice(0, 200) }) })
  })
  if (Result.isFailure(asked)) return 0
  const found = new Found({
    uri: play.uri,
    name: play.name.value,
    artists: play.artists,
    ...Option.match(play.album, { onNone: () => ({}), onSome: (album) => ({ album }) }),
    isPlayable: true
  })
  return ranked(asked.success, [found])[0]?.confidence ?? 0
}

export const similarityOf = (candidate: Candidate, play: PolledPlay): number =>
  candidate.uri === play.uri ? 1 : ofNames(candidate, play)

const isSame = (one: Option.Option<string>, other: Option.Option<string>): boolean =>
  Option.isSome(one) && Option.contains(other, one.value)

/** The stretch in which the stream was heard; a second one where it was heard offline and may have been told of late. */
const windowsOf = ({ end, millisPlayed, offlineAt, start }: Candidate) => [
  { start, end },
  ...Option.toArray(Option.map(offlineAt, (at) => ({ start: at, end: at + millisPlayed })))
]

/** How well the times agree: 1 at one of the ends, less after a pause, 0 where the two do not touch. */
const fitOf = (candidate: Candidate, play: PolledPlay, freeFrom: number): number => {
  const { at } = play
  const windows = windowsOf(candidate)
  if (windows.some(({ end, start }) => Math.min(Math.abs(at - start), Math.abs(at - end)) <= near)) return 1
  const { end, start } = candidate
  const paused = Math.max(freeFrom, start - usualPause)
  if (at >= Math.min(paused, start) - near && at <= start) return 0.95
  const length = Option.getOrElse(play.duration, () => 0)
  const touches = windows.some((one) => at - length < one.end && at + length > one.start)
  const isLongPaused = at >= Math.max(freeFrom, start - farthest) && at <= end
  return touches || isLongPaused ? 0.8 : 0
}

/**
 * The two as a pair, where they are alike enough. `freeFrom` is the end of the stream before: from there on this one may
 * have been waiting, paused.
 */
export const pairOf = (
  candidate: Candidate,
  play: PolledPlay,
  freeFrom: number,
  similarity: (candidate: Candidate, play: PolledPlay) => number
): Pair | undefined => {
  const fit = fitOf(candidate, play, freeFrom)
  if (fit === 0) return undefined
  const same = similarity(candidate, play)
  if (same < alike) return undefined
  const isWhole = Option.exists(play.duration, (length) => Math.abs(length - candidate.millisPlayed) <= 2_000)
  const confidence = Math.min(
    1,
    same * fit + (isWhole ? 0.05 : 0) + (isSame(candidate.album, play.album) ? 0.03 : 0)
  )
  if (confidence < alike) return undefined
  const windows = windowsOf(candidate)
  return {
    candidate,
    play,
    similarity: same,
    confidence,
    toStart: Math.min(...windows.map(({ start }) => Math.abs(play.at - start))),
    toEnd: Math.min(...windows.map(({ end }) => Math.abs(play.at - end)))
  }
}
