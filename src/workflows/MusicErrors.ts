/** Why a track did not get into a playlist. */
import { Schema } from "effect"
import { Decision } from "../music/Decision.ts"
import { Opinion } from "../music/Opinion.ts"

/** What a model said, where one was asked. */
const ai = Schema.optionalKey(Opinion)

/** Nothing that was found is the track: try another spelling, or a lower threshold. */
export class NoMatch extends Schema.TaggedError<NoMatch>()("NoMatch", {
  reason: Decision.cases.NoMatch.fields.reason,
  scores: Decision.cases.NoMatch.fields.scores,
  ai,
  /** `ai_failed`: a model was to decide and could not. */
  match_method: Schema.optionalKey(Schema.Literals(["none", "ai_failed"]))
}) {
  override get message(): string {
    const failed = this.ai?.answer === "failed" ? `; no model could be asked: ${this.ai.reason}` : ""
    return `${this.why}${failed}`
  }
  private get why(): string {
    const [best] = this.scores
    switch (this.reason) {
      case "nothing_found":
        return "Spotify finds nothing by that name"
      case "nothing_playable":
        return "what Spotify finds cannot be played by this account"
      case "model_found_none":
        return `a model looked at what was found, and none of it is the track: ${this.ai?.reason ?? ""}`
      case "below_threshold":
        return best === undefined
          ? "nothing that was found is the track"
          : `the best of what was found is ${best.candidate.name} by ${best.candidate.artists.join(", ")}, ` +
            `with a confidence of ${best.confidence.toFixed(2)}`
    }
  }
}

/** A person has looked at it, and it was not the track; or nobody looked in time. */
export class NotApproved extends Schema.TaggedError<NotApproved>()("NotApproved", {
  answer: Schema.Literals(["rejected", "nobody answered"]),
  scores: Decision.cases.Review.fields.scores,
  ai
}) {
  override get message(): string {
    return this.answer === "rejected" ? "it was looked at, and is not the track" : "nobody has looked at it in time"
  }
}

/** There is no such playlist: it was deleted, or its id is wrong. */
export class PlaylistNotFound extends Schema.TaggedError<PlaylistNotFound>()("PlaylistNotFound", {
  playlist: Schema.String
}) {
  override get message(): string {
    return `there is no playlist ${this.playlist}`
  }
}

/** The sign-in does not allow it, or the playlist is somebody else's. */
export class InsufficientScope extends Schema.TaggedError<InsufficientScope>()("InsufficientScope", {
  message: Schema.String
}) {}

/**
 * Spotify asked for patience, or is left alone by its circuit breaker, for so many milliseconds; five seconds more than it said,
 * and 65 where it did not say.
 */
export class SpotifyBusy extends Schema.TaggedError<SpotifyBusy>()("SpotifyBusy", {
  message: Schema.String,
  waitMillis: Schema.Finite
}) {}

/** The track is not seen in the playlist: it was taken out again, or Spotify's copy lags. */
export class NotThere extends Schema.TaggedError<NotThere>()("NotThere", {}) {}
