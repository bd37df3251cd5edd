/** What goes in and out of `/api/v1/agent-sync`. */
import { Schema } from "effect"
import { Score } from "../music/Score.ts"
import { AgentResult, AgentSync } from "../workflows/AgentSync.ts"

const { album, artist, isrc, match_threshold, playlist_id, track_name, user_id } = AgentSync.payloadSchema.fields

/** A song for a playlist, which agents are to find. Texts are trimmed. */
export class AgentSyncRequest extends Schema.Class<AgentSyncRequest>("glider/api/AgentSyncRequest")({
  track_name,
  artist,
  album,
  isrc,
  playlist_id,
  user_id,
  match_threshold
}) {}

/** A request that is under way. */
export class AgentSyncAccepted extends Schema.Class<AgentSyncAccepted>("glider/api/AgentSyncAccepted")({
  /** The id of its run. */
  workflow_id: Schema.String,
  status: Schema.Literal("accepted"),
  message: Schema.String,
  /** Where to ask how it goes. */
  status_url: Schema.String
}) {}

const Outcome = Schema.Struct({
  /** Whether the song is in the playlist by this run or was there: by what was done, never by what a model says. */
  success: Schema.Boolean,
  message: Schema.String,
  outcome: Schema.OptionFromNullOr(AgentResult.fields.outcome),
  spotify_track_id: Schema.OptionFromNullOr(Schema.String),
  spotify_track_uri: Schema.OptionFromNullOr(Schema.String),
  confidence_score: Schema.OptionFromNullOr(Schema.Finite),
  match_method: Schema.Literals(["agent", "review", "none"]),
  /** Whether the track was seen in the playlist afterwards. */
  verified: Schema.Boolean,
  execution_time_seconds: Schema.Finite,
  /** Who worked at it, one after the other. */
  agents: Schema.Array(Schema.String),
  /** How often the model was asked, and how many tools it called. */
  turns: Schema.Natural,
  tool_calls: Schema.Natural,
  /** Of all candidates that were compared, the best first. */
  all_scores: Schema.Array(Score)
})

/** How a request goes. */
export class AgentSyncState extends Schema.Class<AgentSyncState>("glider/api/AgentSyncState")({
  workflow_id: Schema.String,
  status: Schema.Literals(["running", "completed", "failed", "cancelled"]),
  /** Whether it waits for a person: `glider workflow signal <run> review --value '"approved"'`. */
  waits_for_review: Schema.Boolean,
  started_at: Schema.DateTimeUtcFromString,
  finished_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  progress: Schema.Struct({
    current_step: Schema.String,
    steps_completed: Schema.Natural,
    steps_total: Schema.Natural,
    elapsed_seconds: Schema.Finite
  }),
  /** None until it is over. */
  result: Schema.OptionFromNullOr(Outcome),
  error: Schema.OptionFromNullOr(Schema.Struct({ error_type: Schema.String, message: Schema.String }))
}) {}
