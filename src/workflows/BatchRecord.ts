/** What a batch of songs is asked for, and what it tells of each of them. */
import { Option, Schema } from "effect"
import type { Run, RunStatus } from "../domain/Run.ts"
import type { Entry } from "../domain/RunEntry.ts"
import { TrackRequest } from "../music/Track.ts"
import { MusicResult, MusicSync } from "./MusicSync.ts"

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

const { match_threshold, playlist_id, user_id } = MusicSync.payloadSchema.fields

const wholeNumber = (minimum: number, maximum: number) =>
  Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

/** What a batch is asked for, but for its key. */
export const batchFields = {
  tracks: Schema.Array(BatchTrack).check(Schema.isMinLength(1), Schema.isMaxLength(mostTracks)),
  playlist_id,
  user_id,
  match_threshold,
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
  outcome: Schema.optionalKey(MusicResult.fields.outcome),
  spotify_track_uri: Schema.optionalKey(Schema.String),
  match_method: Schema.optionalKey(Schema.String)
})
export type TrackOutcome = typeof TrackOutcome.Type

/** What a batch gives. */
export const BatchResult = Schema.Struct({
  total_tracks: Schema.Natural,
  successful_syncs: Schema.Natural,
  failed_syncs: Schema.Natural,
  /** In the order of the request. */
  individual_results: Schema.Array(TrackOutcome)
})

/** The result of so many songs, by what became of those that are over. */
export const resultOf = (total: number, outcomes: ReadonlyArray<TrackOutcome>): typeof BatchResult.Type => {
  const successful = outcomes.filter(({ status }) => status === "completed").length
  return {
    total_tracks: total,
    successful_syncs: successful,
    failed_syncs: outcomes.length - successful,
    individual_results: outcomes.toSorted((one, other) => one.index - other.index)
  }
}

/** A song of a batch that is all or nothing has failed; what the others had added is taken out again. */
export class BatchFailed extends Schema.TaggedError<BatchFailed>()("BatchFailed", {
  total_tracks: Schema.Natural,
  /** The first that failed, five at most. */
  failed: Schema.Array(TrackOutcome)
}) {
  override get message(): string {
    const each = this.failed.map(({ index, message, track }) =>
      `${index} (${track.track_name} by ${track.artist}): ${message}`
    )
    return `none of the ${this.total_tracks} tracks stays, for not all could be added; ${each.join("; ")}`
  }
}

/** The run of a song. */
export const trackRun = (batch: string, index: number): string => `${batch}-track-${index}`

const decodeResult = Schema.decodeUnknownOption(Schema.toCodecJson(MusicResult))

const statusOf = (status: RunStatus): TrackOutcome["status"] =>
  status === "completed" || status === "cancelled" ? status : "failed"

/** What became of a song whose run is over. */
export const outcomeOf = (
  index: number,
  track: BatchTrack,
  { error, id, status }: Run,
  entries: ReadonlyArray<Entry>
): TrackOutcome => {
  const end = entries.find((entry) => entry._tag === "Ended")
  const result = end !== undefined && "ok" in end.exit ? decodeResult(end.exit.ok) : Option.none()
  const ended = { index, run_id: id, status: statusOf(status), track }
  return Option.match(result, {
    onNone: () => ({
      ...ended,
      message: Option.match(error, { onNone: () => statusOf(status), onSome: ({ message }) => message })
    }),
    onSome: ({ candidate, match_method, outcome }) => ({
      ...ended,
      message: `${candidate.name} by ${candidate.artists.join(", ")} ${
        outcome === "added" ? "is added" : "was there already"
      }`,
      outcome,
      spotify_track_uri: candidate.uri,
      match_method
    })
  })
}
