/** Batches of songs over HTTP, by the names of contract 1C. */
import { Schema } from "effect"
import { batchFields, TrackOutcome } from "../music/Batch.ts"

/** Songs for a playlist. */
export class BatchRequest extends Schema.Class<BatchRequest>("glider/api/BatchRequest")(batchFields) {}

/** A batch that is under way. */
export class BatchAccepted extends Schema.Class<BatchAccepted>("glider/api/BatchAccepted")({
  /** The id of its run; its songs are the runs `{workflow_id}-track-0` and so on. */
  workflow_id: Schema.String,
  track_count: Schema.Natural,
  status: Schema.Literal("accepted"),
  message: Schema.String,
  /** Where to ask how it goes. */
  status_url: Schema.String
}) {}

/** A song of a batch as it stands: also before it has begun, and while it is at work. */
export const TrackState = Schema.Struct({
  ...TrackOutcome.fields,
  /** `waiting`: for its next try, or for a person. */
  status: Schema.Literals(["pending", "running", "waiting", "completed", "failed", "cancelled"])
})

/** How a batch goes. */
export class BatchState extends Schema.Class<BatchState>("glider/api/BatchState")({
  workflow_id: Schema.String,
  /** `completed` also when some songs were not added: `failed_syncs` counts them. */
  status: Schema.Literals(["running", "completed", "failed", "cancelled"]),
  started_at: Schema.DateTimeUtcFromString,
  finished_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** How many songs are over. */
  completed_tracks: Schema.Natural,
  total_tracks: Schema.Natural,
  successful_syncs: Schema.Natural,
  failed_syncs: Schema.Natural,
  message: Schema.String,
  individual_results: Schema.Array(TrackState)
}) {}
