/** What a batch of songs is asked for, and what is told of each of them. */
import { Schema } from "effect"
import { Addition, placeFields } from "./SongRun.ts"
import { TrackRequest } from "./Track.ts"

/** A song of a batch. */
export const BatchTrack = Schema.Struct({
  track_name: TrackRequest.fields.trackName,
  artist: TrackRequest.fields.artist,
  album: TrackRequest.fields.album,
  isrc: TrackRequest.fields.isrc
})
export type BatchTrack = typeof BatchTrack.Type

/** How many songs a batch may have. */
export const mostTracks = 500

const wholeNumber = (minimum: number, maximum: number) =>
  Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

/** What a batch is asked for, but for its key. */
export const batchFields = {
  tracks: Schema.Array(BatchTrack).check(Schema.isMinLength(1), Schema.isMaxLength(mostTracks)),
  ...placeFields,
  /** Whether a model may be asked where the scores do not decide, as for a song by itself. */
  use_ai_disambiguation: Schema.optionalKey(Schema.Boolean),
  /** How many songs are at work at once; 2 unless it is said. */
  concurrency: wholeNumber(1, 10),
  /** After so many songs there is a pause; 10 unless it is said. */
  group_size: wholeNumber(1, mostTracks),
  /** How long it is; 30 unless it is said. */
  group_pause_seconds: wholeNumber(0, 3600),
  /** All of them or none: with the first that fails, what the batch has added is taken out again. */
  atomic: Schema.optionalKey(Schema.Boolean)
}

/** What became of a song. */
export const TrackOutcome = Schema.Struct({
  /** Its place in the request, from 0. */
  index: Schema.Natural,
  run_id: Schema.String,
  status: Schema.Literals(["completed", "failed", "cancelled"]),
  track: BatchTrack,
  message: Schema.String,
  outcome: Schema.optionalKey(Addition),
  spotify_track_uri: Schema.optionalKey(Schema.String),
  match_method: Schema.optionalKey(Schema.String)
})
export type TrackOutcome = typeof TrackOutcome.Type
