/** What becomes of a request, by the scores of what was found. */
import { Schema } from "effect"
import { fold } from "./Fold.ts"
import { artistsOf, titleOf } from "./Normalise.ts"
import { ranked, Score } from "./Score.ts"
import type { Candidate, TrackRequest } from "./Track.ts"

/** Who decides. */
export const Strategy = Schema.Literals(["single_match", "fuzzy_only", "ai_required", "hybrid"])
export type Strategy = typeof Strategy.Type

const Scores = Schema.Array(Score)
const Confidence = Score.fields.confidence

export const Decision = Schema.TaggedUnion({
  /** The candidate is the track. */
  Matched: {
    strategy: Strategy,
    /** `ai` and `ai_claude`: a model of OpenAI's kind or Anthropic's has chosen it, and the score bears that out. */
    method: Schema.Literals(["isrc", "fuzzy", "ai", "ai_claude"]),
    candidate: Score.fields.candidate,
    confidence: Confidence,
    scores: Scores
  },
  /** A model is to choose among these, or none of them. */
  NeedsAi: { strategy: Strategy, choices: Scores, scores: Scores },
  /** A person is to say whether it is the candidate. */
  Review: { strategy: Strategy, candidate: Score.fields.candidate, confidence: Confidence, scores: Scores },
  NoMatch: {
    strategy: Strategy,
    /** `model_found_none`: a model was asked, and it is none of the choices. */
    reason: Schema.Literals(["nothing_found", "nothing_playable", "below_threshold", "model_found_none"]),
    scores: Scores
  }
})
export type Decision = typeof Decision.Type

export interface Options {
  /** From 0 to 1; what is as good as it matches. 0 takes the best, whatever it is. */
  readonly threshold: number
  /** Whether a model may be asked. Off also where one was asked and could not decide. */
  readonly useAi: boolean
}

/** The threshold where nobody says another (contracts 1C). */
export const defaultThreshold = 0.85

/** Confidences that wait for a person when no model decides, both included (checklist H17). */
export const review = { from: 0.4, to: 0.6 }

/** A model is asked about at most so many (contracts 1C). */
const mostChoices = 5

/** Scores that are no further apart stand side by side: less than one letter of a title. */
const margin = 0.02

const beside = (confidences: ReadonlyArray<number>, threshold: number): number => {
  const [best = 0] = confidences
  return confidences.filter((confidence) => confidence >= threshold && best - confidence <= margin).length
}

/**
 * Who decides about candidates with these confidences, the best first (checklist H19):
 *
 * - `fuzzy_only`: no model may be asked, the score decides;
 * - `ai_required`: none is as good as the threshold;
 * - `hybrid`: several are, and stand side by side: the score offers them, and a model is asked where they are not one song;
 * - `single_match`: one is, or one stands out: the score decides.
 */
export const strategyOf = (confidences: ReadonlyArray<number>, { threshold, useAi }: Options): Strategy => {
  if (!useAi) return "fuzzy_only"
  const atTop = beside(confidences, threshold)
  return atTop === 0 ? "ai_required" : atTop === 1 ? "single_match" : "hybrid"
}

/** Whether the tracks have one name and one act: any of them is as good, and nobody needs to be asked. */
const isOneSong = (candidates: ReadonlyArray<Candidate>): boolean =>
  new Set(candidates.map(({ artists, name }) =>
    // of several artists the first is the act; the others are as complete as the label was
    JSON.stringify([titleOf(name, artistsOf(artists)).core, fold(artists[0] ?? "")])
  )).size <= 1

/** Decides by the scores alone. The same request and candidates give the same decision. */
export const decide = (request: TrackRequest, candidates: ReadonlyArray<Candidate>, options: Options): Decision => {
  const scores = ranked(request, candidates)
  const confidences = scores.map(({ confidence }) => confidence)
  const strategy = strategyOf(confidences, options)
  const [best] = scores
  if (best === undefined) {
    const reason = candidates.length === 0 ? "nothing_found" : "nothing_playable"
    return Decision.cases.NoMatch.make({ strategy, reason, scores })
  }
  const { candidate, confidence } = best
  if (best.isSameIsrc || confidence >= options.threshold) {
    const level = scores.slice(0, beside(confidences, options.threshold))
    const isOpen = strategy === "hybrid" && !best.isSameIsrc && options.threshold > 0
    if (isOpen && !isOneSong(level.map((score) => score.candidate))) {
      return Decision.cases.NeedsAi.make({ strategy, choices: level.slice(0, mostChoices), scores })
    }
    return Decision.cases.Matched.make({
      strategy,
      method: best.isSameIsrc ? "isrc" : "fuzzy",
      candidate,
      confidence,
      scores
    })
  }
  if (options.useAi) return Decision.cases.NeedsAi.make({ strategy, choices: scores.slice(0, mostChoices), scores })
  return confidence >= review.from && confidence <= review.to
    ? Decision.cases.Review.make({ strategy, candidate, confidence, scores })
    : Decision.cases.NoMatch.make({ strategy, reason: "below_threshold", scores })
}
