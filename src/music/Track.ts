/** What is asked for, and what a search gives: the two sides of a match. */
import { Schema } from "effect"

/** A name that somebody typed or shared: trimmed, not blank, at most 200 characters (contracts 1C). */
const Name = Schema.Trim.check(Schema.isMinLength(1), Schema.isMaxLength(200))

/** An ISRC (ISO 3901): country, registrant, year and number, in capitals or not, with or without hyphens. */
const Isrc = Schema.Trim.check(Schema.isPattern(/^[A-Za-z]{2}-?[A-Za-z0-9]{3}-?[0-9]{2}-?[0-9]{5}$/))

/** A track that somebody asks for. Fields that are not known are left out, not blank. */
export class TrackRequest extends Schema.Class<TrackRequest>("glider/music/TrackRequest")({
  trackName: Name,
  /** One artist or several, as the other service writes them: `Simon & Garfunkel`, `A feat. B`. */
  artist: Name,
  album: Schema.optionalKey(Name),
  isrc: Schema.optionalKey(Isrc)
}) {}

/** A track that the provider found. */
export class Candidate extends Schema.Class<Candidate>("glider/music/Candidate")({
  /** What is added to a playlist: `spotify:track:…`. */
  uri: Schema.NonEmptyString,
  name: Schema.String,
  artists: Schema.Array(Schema.String),
  album: Schema.optionalKey(Schema.String),
  isrc: Schema.optionalKey(Schema.String),
  durationMs: Schema.optionalKey(Schema.Finite),
  /** Whether it can be played where the account is; where the provider says nothing, it can. */
  isPlayable: Schema.Boolean
}) {}

/** An ISRC as it is compared: capitals without hyphens and spaces; none where the text is none. */
export const isrcOf = (text: string | undefined): string | undefined => {
  const bare = text?.replaceAll(/[\s-]/g, "").toUpperCase() ?? ""
  return /^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$/.test(bare) ? bare : undefined
}
