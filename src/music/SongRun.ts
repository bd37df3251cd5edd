/** What a run that puts a song into a playlist is asked for, and where it is, by the names of contract 1C. */
import { Schema } from "effect"

/** Where the song is to go, for whom, and how sure one must be of it. */
export const placeFields = {
  /** Spotify's id of the playlist. */
  playlist_id: Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9]{22}$/)),
  /** Who asks, for searches. */
  user_id: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(200))),
  /** From 0 to 1, .85 unless said otherwise: what is as good as it is added. */
  match_threshold: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })))
}

/** `already_there` when the playlist had the track before: then the run has added nothing. */
export const Addition = Schema.Literals(["added", "already_there"])

/** Where a run is, by the names of the contract. */
export const MusicStep = Schema.Literals([
  "initializing",
  "searching",
  "matching",
  "ai_disambiguation",
  "adding",
  "verifying",
  "completed"
])
export type MusicStep = typeof MusicStep.Type

/** How many of four steps are done. */
export const stepsTotal = 4
