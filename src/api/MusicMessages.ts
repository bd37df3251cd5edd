/** What goes in and out of `/api/v1`, by the names of contract 1C. */
import { Option, Schema, SchemaTransformation, Struct } from "effect"
import { Score } from "../music/Score.ts"
import { MusicStep } from "../music/SongRun.ts"
import { isrcOf, TrackRequest } from "../music/Track.ts"

/** Apps of other people share addresses: of these the id is taken. */
const bareId = (text: string): string =>
  /^(?:https?:\/\/open\.spotify\.com\/(?:intl-[a-z-]+\/)?playlist\/|spotify:playlist:)([a-zA-Z0-9]{22})(?:[/?#].*)?$/
    .exec(text.trim())?.[1] ?? text.trim()

const PlaylistId = Schema.String.annotate({
  description: "The 22 letters and digits of the playlist, or its address as Spotify shares it."
}).pipe(
  Schema.decodeTo(
    Schema.String.check(
      Schema.isPattern(/^[a-zA-Z0-9]{22}$/, {
        expected: "the 22 letters and digits of a playlist, or its address on open.spotify.com"
      })
    ),
    SchemaTransformation.transform({ decode: bareId, encode: (id) => id })
  )
)

/** What may be left out, `null` or blank: all three say that it is not known. */
const known = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const Text = Schema.Trim.check(Schema.isMaxLength(200))

const Isrc = Schema.Trim.check(
  Schema.makeFilter((text: string) => text === "" || isrcOf(text) !== undefined, {
    expected: "an ISRC such as GBAAA9800322"
  })
)

/** A song for a playlist. Texts are trimmed. */
export class SyncRequest extends Schema.Class<SyncRequest>("glider/api/SyncRequest")({
  track_name: TrackRequest.fields.trackName,
  /** One or several, as the other service writes them. */
  artist: TrackRequest.fields.artist,
  album: known(Text),
  /** Finds the recording whatever it is called. */
  isrc: known(Isrc),
  playlist_id: PlaylistId,
  /** Who asks, for searches. */
  user_id: known(Text),
  /** What is as good as it is added, from 0 to 1; .85 unless it is said. */
  match_threshold: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  /** Whether a model may be asked where the scores do not decide; it may unless it is said. */
  use_ai_disambiguation: Schema.optionalKey(Schema.Boolean)
}) {}

/** The same for agents, who are a model: whether one may be asked is no question. */
export class AgentSyncRequest extends Schema.Class<AgentSyncRequest>("glider/api/AgentSyncRequest")(
  Struct.omit(SyncRequest.fields, ["use_ai_disambiguation"])
) {}

/** The text, unless it is not known. */
export const knownText = (text: string | null | undefined): Option.Option<string> =>
  Option.filter(Option.fromNullishOr(text), (text) => text !== "")

/** A request that is under way. */
export class SyncAccepted extends Schema.Class<SyncAccepted>("glider/api/SyncAccepted")({
  /** The id of its run. */
  workflow_id: Schema.String,
  status: Schema.Literal("accepted"),
  message: Schema.String,
  /** Where to ask how it goes. */
  status_url: Schema.String
}) {}

export const SyncStatus = Schema.Literals(["running", "completed", "failed", "cancelled"])
export type SyncStatus = typeof SyncStatus.Type

const SyncProgress = Schema.Struct({
  current_step: MusicStep,
  steps_completed: Schema.Natural,
  steps_total: Schema.Natural,
  candidates_found: Schema.Natural,
  elapsed_seconds: Schema.Finite,
  /** Which try of the step is under way. */
  attempt: Schema.Natural,
  /** Of the last attempt that failed, also when a later one did not. */
  last_error: Schema.OptionFromNullOr(Schema.String)
})

const SyncResult = Schema.Struct({
  success: Schema.Boolean,
  message: Schema.String,
  spotify_track_id: Schema.OptionFromNullOr(Schema.String),
  spotify_track_uri: Schema.OptionFromNullOr(Schema.String),
  confidence_score: Schema.OptionFromNullOr(Schema.Finite),
  execution_time_seconds: Schema.Finite,
  /** Attempts of steps after their first, and calls that were repeated within one. */
  retry_count: Schema.Natural,
  match_method: Schema.String,
  /** Whether the track was seen in the playlist afterwards. */
  verified: Schema.Boolean,
  /** `already_there` when the playlist had the track before; none unless it has succeeded. */
  outcome: Schema.OptionFromNullOr(Schema.Literals(["added", "already_there"])),
  /** Of all candidates, the best first, field by field. */
  all_scores: Schema.Array(Score)
})

/** Who has worked at a song, and how much, where agents do in place of rules. */
const Agents = Schema.Struct({
  /** One after the other. */
  names: Schema.Array(Schema.String),
  /** How often the model was asked. */
  turns: Schema.Natural,
  /** How many tools it called. */
  tool_calls: Schema.Natural
})

/** What a run that is not over waits for. */
export const WaitingFor = Schema.Literals(["review", "retry", "repair", "restart"])

/** How a request goes. */
export class SyncState extends Schema.Class<SyncState>("glider/api/SyncState")({
  workflow_id: Schema.String,
  status: SyncStatus,
  /** A person's review, the next try, a repair of the code, the next start of Glider; none while it is at work. */
  waiting_for: Schema.OptionFromNullOr(WaitingFor),
  started_at: Schema.DateTimeUtcFromString,
  finished_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  progress: SyncProgress,
  /** None where rules do it. */
  agents: Schema.OptionFromNullOr(Agents),
  /** None until it is over. */
  result: Schema.OptionFromNullOr(SyncResult),
  error: Schema.OptionFromNullOr(Schema.Struct({ error_type: Schema.String, message: Schema.String })),
  /** Whether what the run had added was taken out again. */
  compensated: Schema.Boolean
}) {}

/** What became of a cancellation. */
export class SyncCancelled extends Schema.Class<SyncCancelled>("glider/api/SyncCancelled")({
  workflow_id: Schema.String,
  /** `running` while what it is at comes to its end; ask again then. */
  status: SyncStatus,
  compensated: Schema.Boolean,
  message: Schema.String
}) {}

export class Cancellable extends Schema.Class<Cancellable>("glider/api/Cancellable")({
  can_cancel: Schema.Boolean,
  /** Whether the track would be taken out again. */
  will_compensate: Schema.Boolean,
  current_step: MusicStep
}) {}

/** A song that failed for good. */
const SyncLetter = Schema.Struct({
  original_workflow_id: Schema.String,
  /** The run that failed last. */
  run_id: Schema.String,
  workflow_type: Schema.String,
  /** None when it is no longer kept. */
  input_data: Schema.NullOr(Schema.Json),
  error_type: Schema.String,
  error_message: Schema.String,
  failed_at: Schema.DateTimeUtcFromString
})
export type SyncLetter = typeof SyncLetter.Type

/** Songs that failed for good, the newest first. */
export class SyncLetters extends Schema.Class<SyncLetters>("glider/api/SyncLetters")({
  total: Schema.Natural,
  entries: Schema.Array(SyncLetter),
  /** The `after` of the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

const retried = { original_workflow_id: Schema.String, new_workflow_id: Schema.String }

export class LetterRetried extends Schema.Class<LetterRetried>("glider/api/LetterRetried")({
  status: Schema.Literal("retried"),
  ...retried
}) {}

export class LettersRetried extends Schema.Class<LettersRetried>("glider/api/LettersRetried")({
  status: Schema.Literal("retried"),
  /** How many there were. */
  total: Schema.Natural,
  retried: Schema.Array(Schema.Struct(retried)),
  failed: Schema.Array(Schema.Struct({ original_workflow_id: Schema.String, message: Schema.String }))
}) {}

/** How the parts stand, under the names of contract 1C. */
export class SyncHealth extends Schema.Class<SyncHealth>("glider/api/SyncHealth")({
  status: Schema.Literals(["healthy", "degraded"]),
  timestamp: Schema.DateTimeUtcFromString,
  version: Schema.String,
  store_connected: Schema.Boolean,
  /** The same as `store_connected`: there is no other server. */
  temporal_connected: Schema.Boolean
}) {}
