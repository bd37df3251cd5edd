/** What a batch of songs gives, and what its journal tells of each of them. */
import { Option, Schema } from "effect"
import type { Run, RunStatus } from "../domain/Run.ts"
import type { Entry } from "../domain/RunEntry.ts"
import { type BatchTrack, TrackOutcome } from "../music/Batch.ts"
import { MusicResult } from "./MusicSync.ts"

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
