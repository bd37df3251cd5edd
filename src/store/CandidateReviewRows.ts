/** The table `candidate_review`: pairs of a stream and a play that wait for a person, and what the person has said. */
import { type DateTime, Schema } from "effect"
import { ReviewState } from "../domain/ImportResult.ts"
import type { Statement } from "../services/Surreal.ts"
import { Instant, recordId } from "../services/SurrealValue.ts"
import { RowKey } from "./StreamedPlays.ts"
import type { Key } from "./Write.ts"

export const reviewTable = "candidate_review"

/** A stream and a play that may be the same listening, which nobody but a person can say. */
export const CandidateReview = Schema.Struct({
  /** The candidate's. */
  key: RowKey,
  state: ReviewState,
  play: RowKey,
  similarity: Schema.Finite,
  confidence: Schema.Finite,
  stamp: Schema.Literals(["start", "end", "within"]),
  found_at: Instant
})
export type CandidateReview = typeof CandidateReview.Type

/** The columns of a review, as it is read. */
export const reviewColumns =
  "key: record::id(id), state: state, play: play, similarity: similarity, confidence: confidence, " +
  "stamp: stamp, found_at: found_at"

/** A review that begins, or that begins anew. */
export const opened = (review: Omit<CandidateReview, "found_at" | "state">, at: DateTime.Utc): Statement => ({
  sql: `INSERT INTO ${reviewTable} $row ON DUPLICATE KEY UPDATE state = 'open', play = $input.play, ` +
    "similarity = $input.similarity, confidence = $input.confidence, stamp = $input.stamp RETURN NONE",
  vars: {
    row: {
      id: recordId(reviewTable, review.key),
      state: "open",
      play: review.play,
      similarity: review.similarity,
      confidence: review.confidence,
      stamp: review.stamp,
      found_at: at
    }
  }
})

/** A person has answered; fails as a whole when somebody else was faster. */
export const answered = (key: Key, state: ReviewState, at: DateTime.Utc): Statement => ({
  sql: "IF array::len((UPDATE $id SET state = $state, answered_at = $at WHERE state = 'open' RETURN VALUE true)) = 0 " +
    "{ THROW 'an answer already exists' }",
  vars: { id: recordId(reviewTable, key), state, at }
})
