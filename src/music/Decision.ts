/** What becomes of a request, by the scores of what was found. */
import { Schema } from "effect"
import { fold } from "./Fold.ts"
import { artistsOf, titleOf } from "./Normalise.ts"
import { ranked, Score } from "./Score.ts"
import type { Candidate, TrackRequest } from "./Track.ts"

/** What kind of case it is, and so who is to have a say. */
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

/** Above the first the score is plain, and below the second it says little (contracts, E3.2). */
const plain = { above: 0.9, below: 0.5 }

/**
 * The kind of case that candidates with these confidences are, the best first (contracts, E3.2). It is a name, and decides nothing:
 * that is for the threshold, and for what stands beside the best.
 *
 * - `single_match`: there is one, and it is this one or none;
 * - `fuzzy_only`: the best is above .90, which the score can say alone;
 * - `ai_required`: the best is below .50, of which only a model can make something;
 * - `hybrid`: between them, where the score offers and a model may choose.
 */
export const strategyOf = (confidences: ReadonlyArray<number>): Strategy => {
  const [best = 0] = confidences
  if (confidences.length === 1) return "single_match"
  return best > plain.above ? "fuzzy_only" : best < plain.below ? "ai_required" : "hybrid"
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
  const kind = strategyOf(confidences)
  // without a model nobody but the score has a say
  const strategy = options.useAi || kind === "single_match" ? kind : "fuzzy_only"
  const [best] = scores
  if (best === undefined) {
    const reason = candidates.length === 0 ? "nothing_found" : "nothing_playable"
    return Decision.cases.NoMatch.make({ strategy, reason, scores })
  }
  const { candidate, confidence } = best
  if (best.isSameIsrc || confidence >= options.threshold) {
    const level = scores.slice(0, beside(confidences, options.threshold))
    const isOpen = options.useAi && level.length > 1 && !best.isSameIsrc && options.threshold > 0
    if (isOpen && !isOneSong(level.map((score) => score.candidate))) {
      // however good they are: the score offers them, and a model chooses
      return Decision.cases.NeedsAi.make({ strategy: "hybrid", choices: level.slice(0, mostChoices), scores })
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
