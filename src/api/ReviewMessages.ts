/** What goes in and out of the API about songs that wait for a person. */
import { Schema } from "effect"
import { Score } from "../music/Score.ts"
import { Candidate } from "../music/Track.ts"

/** A song that nobody could decide about. */
export class ReviewInfo extends Schema.Class<ReviewInfo>("glider/api/ReviewInfo")({
  /** The run that waits. */
  id: Schema.String,
  track_name: Schema.String,
  artist: Schema.String,
  album: Schema.OptionFromNullOr(Schema.String),
  isrc: Schema.OptionFromNullOr(Schema.String),
  playlist_id: Schema.String,
  user_id: Schema.OptionFromNullOr(Schema.String),
  /** What would be added. */
  candidate: Candidate,
  confidence: Schema.Finite,
  /** Of all candidates, the best first, field by field. */
  scores: Schema.Array(Score),
  since: Schema.DateTimeUtcFromString,
  /** After that nobody is asked any more, and nothing is added. */
  until: Schema.DateTimeUtcFromString
}) {}

/** What was said, and of which run. */
export class Reviewed extends Schema.Class<Reviewed>("glider/api/Reviewed")({
  id: Schema.String,
  verdict: Schema.Literals(["approved", "rejected"])
}) {}
