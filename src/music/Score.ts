/** How well a candidate fits a request, as a number from 0 to 1 and as what it is made of. */
import { Schema } from "effect"
import { agreement } from "./Artists.ts"
import { fold, isOtherScript } from "./Fold.ts"
import { artistsOf, numbersOf, type Title, titleOf } from "./Normalise.ts"
import { ratio } from "./Ratio.ts"
import { differing, recordingOf } from "./Recording.ts"
import { Candidate, isrcOf, type TrackRequest } from "./Track.ts"

/** What each field counts for (contracts 1C). What one side does not have is spread over the others in proportion. */
export const weights = { title: 0.5, artist: 0.35, album: 0.15 } as const

/** What a score is multiplied with, for each reason that holds. */
const factors = {
  /** Live, remix, demo …: the same song, but not what was asked for. It remains for a person to take. */
  other_recording: 0.6,
  /** Karaoke, covers, tributes: somebody else's. */
  imitation: 0.5,
  /** `Pt. 1` and `Pt. 2`, `No. 5` and `No. 9`. */
  other_number: 0.6,
  /** Titles that agree less than `sameTitle`. */
  other_title: 0.6,
  /** An artist that was asked for is not there: nobody agrees as much as `sameArtist`. */
  other_artist: 0.5
} as const

/** A letter left out of a word of five is at .89; a word more (`Good Day`, `A Good Day`) may be at .80. */
const sameTitle = 0.85

/** Two letters of ten; `Michael Jackson` and `Michael Johnson` are at .80. */
const sameArtist = 0.85

/** What a title counts for that one side has with an addition, and the other without. */
const withAside = 0.95

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** The score of a candidate, with its parts; it is recorded as JSON. */
export class Score extends Schema.Class<Score>("glider/music/Score")({
  candidate: Candidate,
  /** The weighted sum of the fields, times the factors; 1 where the ISRC is the same. */
  confidence: Share,
  isSameIsrc: Schema.Boolean,
  title: Share,
  artist: Share,
  /** Left out where one side has no album. */
  album: Schema.optionalKey(Share),
  /** Why the sum was lowered, and by what. */
  lowered: Schema.Array(Schema.Struct({
    reason: Schema.Literals(["other_recording", "imitation", "other_number", "other_title", "other_artist"]),
    factor: Share
  }))
}) {}

type Reason = Score["lowered"][number]["reason"]

/** How much two titles agree. What only one of them has in brackets or after a dash may be missing from the other. */
const titleRatio = (one: Title, other: Title): number => {
  const whole = ratio(one.plain, other.plain)
  if ((one.asides.length > 0) === (other.asides.length > 0)) return whole
  const [longer, shorter] = one.asides.length > 0 ? [one, other] : [other, one]
  const translations = longer.asides.filter((aside) => isOtherScript(aside, longer.core))
  return Math.max(whole, ...[longer.core, ...translations].map((name) => withAside * ratio(name, shorter.plain)))
}

/** Whether each has a number that the other lacks, or only one has any. */
const isOtherNumber = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  (one.length === 0) !== (other.length === 0)
  || (one.some((number) => !other.includes(number)) && other.some((number) => !one.includes(number)))

/** What the request is compared by, taken apart once for all candidates. */
const askedOf = (request: TrackRequest) => {
  const artists = artistsOf([request.artist])
  const title = titleOf(request.trackName, artists)
  return {
    title,
    artists: artistsOf([request.artist, ...title.featured]),
    album: request.album === undefined ? undefined : titleOf(request.album),
    recording: recordingOf(title.qualifiers, request.album, [request.artist]),
    isrc: isrcOf(request.isrc),
    whole: fold(request.artist)
  }
}

const round = (value: number): number => Math.round(value * 1e9) / 1e9

interface Ranked {
  readonly score: Score
  /** How many editions only one of the two names: 0 prefers the plain recording, or the edition that was asked for. */
  readonly editions: number
  /** How many artists it has that nobody asked for. */
  readonly guests: number
  readonly sum: number
}

const scored = (asked: ReturnType<typeof askedOf>, candidate: Candidate): Ranked => {
  const title = titleOf(candidate.name, artistsOf(candidate.artists))
  const found = candidate.album === undefined || fold(candidate.album) === "" ? undefined : titleOf(candidate.album)
  const names = titleRatio(asked.title, title)
  const artists = artistsOf([...candidate.artists, ...title.featured])
  const artist = agreement(asked.artists, artists, [
    asked.whole,
    candidate.artists.map(fold)
  ])
  const album = asked.album === undefined || found === undefined ? undefined : titleRatio(asked.album, found)
  const kinds = differing(asked.recording, recordingOf(title.qualifiers, candidate.album, candidate.artists))
  const isImitation = kinds.some((kind) => kind === "karaoke" || kind === "cover")
  const reasons: ReadonlyArray<Reason> = [
    ...(isImitation ? ["imitation" as const] : kinds.length > 0 ? ["other_recording" as const] : []),
    ...(isOtherNumber(numbersOf(asked.title.plain), numbersOf(title.plain)) ? ["other_number" as const] : []),
    ...(names < sameTitle ? ["other_title" as const] : []),
    ...(artist.least < sameArtist ? ["other_artist" as const] : [])
  ]
  const sum = (weights.title * names + weights.artist * artist.mean + weights.album * (album ?? 0))
    / (weights.title + weights.artist + (album === undefined ? 0 : weights.album))
  const isSameIsrc = asked.isrc !== undefined && asked.isrc === isrcOf(candidate.isrc)
  return {
    score: new Score({
      candidate,
      confidence: isSameIsrc ? 1 : round(reasons.reduce((value, reason) => value * factors[reason], sum)),
      isSameIsrc,
      title: round(names),
      artist: round(artist.mean),
      ...(album === undefined ? {} : { album: round(album) }),
      lowered: reasons.map((reason) => ({ reason, factor: factors[reason] }))
    }),
    editions: title.editions.filter((edition) => !asked.title.editions.includes(edition)).length
      + asked.title.editions.filter((edition) => !title.editions.includes(edition)).length,
    guests: Math.max(0, artists.length - asked.artists.length),
    sum
  }
}

/**
 * The scores of the candidates that can be played, the best first. Equal ones: the same ISRC, then the plain recording (or
 * the edition that was asked for), then the fewest guests, then what agrees better before it was lowered, then the
 * provider's order.
 */
export const ranked = (request: TrackRequest, candidates: ReadonlyArray<Candidate>): ReadonlyArray<Score> => {
  const asked = askedOf(request)
  return candidates.filter(({ isPlayable }) => isPlayable).map((candidate) => scored(asked, candidate))
    .toSorted((one, other) =>
      other.score.confidence - one.score.confidence
      || Number(other.score.isSameIsrc) - Number(one.score.isSameIsrc)
      || one.editions - other.editions
      || one.guests - other.guests
      || other.sum - one.sum
    )
    .map(({ score }) => score)
}
