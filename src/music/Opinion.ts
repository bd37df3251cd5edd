/** What a model said of the choices, and what that comes to beside their scores. */
import { Schema } from "effect"
import { AiProvider } from "../domain/AiProvider.ts"
import { decide, Decision, type Options, review } from "./Decision.ts"
import { Score } from "./Score.ts"
import type { Candidate, TrackRequest } from "./Track.ts"

/** What came of asking a model. */
export class Opinion extends Schema.Class<Opinion>("glider/music/Opinion")({
  /** `failed`: it could not be asked, or gave no answer that could be used. */
  answer: Schema.Literals(["chosen", "none", "failed"]),
  provider: Schema.optionalKey(AiProvider),
  model: Schema.optionalKey(Schema.String),
  /** The track that it chose. */
  uri: Schema.optionalKey(Schema.String),
  /** How sure it says that it is. */
  confidence: Schema.optionalKey(Score.fields.confidence),
  /** Its words, or why there are none: for people alone. */
  reason: Schema.String
}) {}

/**
 * Reasons that no model outweighs by itself: what is known of the candidate contradicts the request. A title that merely
 * differs is what it is asked about.
 */
const contradicts = ({ lowered }: Score): boolean => lowered.some(({ reason }) => reason !== "other_title")

const round = (value: number): number => Math.round(value * 1e9) / 1e9

/**
 * The decision, once a model was asked.
 *
 * - It failed: what the scores say without it, but never a match: several songs are as good, and a person has to say.
 * - It chose none: no match.
 * - It chose one: the confidence is the mean of the candidate's score and of the one that it states. Above .60 it is the track;
 *   from .40 to .60 a person decides; below that it is no match. A person decides as well where the score alone is below .40,
 *   or what is known of the candidate contradicts the request: so no answer, whatever led to it, adds such a track.
 */
export const weigh = (
  request: TrackRequest,
  candidates: ReadonlyArray<Candidate>,
  { choices, scores, strategy }: typeof Decision.cases.NeedsAi.Type,
  opinion: Opinion,
  options: Options
): Decision => {
  if (opinion.answer === "failed") {
    const alone = decide(request, candidates, { ...options, useAi: false })
    return alone._tag === "Matched"
      ? Decision.cases.Review.make({ strategy, candidate: alone.candidate, confidence: alone.confidence, scores })
      : alone
  }
  const chosen = choices.find(({ candidate }) => opinion.answer === "chosen" && candidate.uri === opinion.uri)
  if (chosen === undefined) return Decision.cases.NoMatch.make({ strategy, reason: "model_found_none", scores })
  const { candidate } = chosen
  const confidence = round((chosen.confidence + (opinion.confidence ?? 0)) / 2)
  if (confidence < review.from) return Decision.cases.NoMatch.make({ strategy, reason: "below_threshold", scores })
  if (confidence <= review.to || chosen.confidence < review.from || contradicts(chosen)) {
    return Decision.cases.Review.make({ strategy, candidate, confidence, scores })
  }
  const method = opinion.provider === "anthropic" ? "ai_claude" : "ai"
  return Decision.cases.Matched.make({ strategy, method, candidate, confidence, scores })
}
