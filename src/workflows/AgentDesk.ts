/** What agents have in hand for one song, and what the tools let them do with it. */
import { Schema } from "effect"
import { visible } from "../music/Question.ts"
import { ranked, type Score } from "../music/Score.ts"
import { Candidate, type TrackRequest } from "../music/Track.ts"

/** Why a tool was not carried out; the model is told. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()("NotAllowed", { why: Schema.String }) {
  override get message(): string {
    return this.why
  }
}

/**
 * What is as good as this or less is never added because a model says so: it is what another recording, another title, an imitation or
 * another artist can reach at most (`docs/music.md`). Such a track is for a person.
 */
const floor = 0.6

/** What a person may be asked about. */
const leastForReview = 0.4

/** So many candidates are kept; a search gives ten at a time. */
const mostCandidates = 50

/** So many of what one search gave are told, the best first. */
const mostTold = 20

/** So many artists of a track are told of. */
const mostArtists = 3

/**
 * The longest text of a track, as JSON: what a tool tells of twenty tracks stays below the bound of a run
 * (`resultCharacters` of `AgentRun`), whatever strangers have called them.
 */
const mostCharacters = 100

/** A text of a stranger as a model reads it. */
const told = (text: string): string => {
  let cut = ""
  let length = 0
  for (const letter of visible(text)) {
    // a quotation mark is two there
    length += JSON.stringify(letter).length - 2
    if (length > mostCharacters) break
    cut += letter
  }
  return cut
}

/** As it is compared in the body of a workflow, where it may take no time, however long names are. */
const brief = (candidate: Candidate): Candidate =>
  new Candidate({
    ...candidate,
    name: visible(candidate.name),
    artists: candidate.artists.slice(0, mostArtists).map(visible),
    ...candidate.album === undefined ? {} : { album: visible(candidate.album) }
  })

/** A candidate as a model sees it. */
export const ShownCandidate = Schema.Struct({
  candidate: Schema.String,
  name: Schema.String,
  artists: Schema.Array(Schema.String),
  album: Schema.NullOr(Schema.String)
})

/** Of one run: made anew in each pass of its body, and filled by what the journal knows. */
export class AgentDesk {
  readonly request: TrackRequest
  readonly threshold: number
  readonly #found = new Map<string, Candidate>()
  #scores: ReadonlyArray<Score> = []
  /** What was handed to the agent that adds; where agents share the task, nothing else may be added. */
  handed: string | undefined

  constructor(request: TrackRequest, threshold: number) {
    this.request = request
    this.threshold = threshold
  }

  get found(): ReadonlyArray<Candidate> {
    return [...this.#found.values()]
  }

  /** The best first. */
  get scores(): ReadonlyArray<Score> {
    return this.#scores
  }

  get isFull(): boolean {
    return this.#found.size >= mostCandidates
  }

  /** Takes what a search gave, and tells of the best. */
  add(candidates: ReadonlyArray<Candidate>): ReadonlyArray<typeof ShownCandidate.Type> {
    for (const candidate of candidates) {
      const isKnown = this.found.some(({ uri }) => uri === candidate.uri)
      if (!isKnown && !this.isFull) this.#found.set(`c${this.#found.size + 1}`, candidate)
    }
    const kept = candidates.filter(({ uri }) => this.idOf(uri) !== undefined)
    return ranked(this.request, kept.map(brief)).slice(0, mostTold).flatMap(({ candidate }) =>
      this.show(this.idOf(candidate.uri) ?? "") ?? []
    )
  }

  score(scores: ReadonlyArray<Score>): void {
    this.#scores = scores
  }

  idOf(uri: string): string | undefined {
    for (const [id, candidate] of this.#found) if (candidate.uri === uri) return id
    return undefined
  }

  show(id: string): typeof ShownCandidate.Type | undefined {
    const found = this.#found.get(id)
    return found === undefined ? undefined : {
      candidate: id,
      name: told(found.name),
      artists: found.artists.slice(0, mostArtists).map(told),
      album: found.album === undefined ? null : told(found.album)
    }
  }

  scoreOf(id: string): Score | undefined {
    const found = this.#found.get(id)
    return this.#scores.find(({ candidate }) => candidate.uri === found?.uri)
  }

  /** What is wrong with these ids, where they are to be among what was found. */
  unknownAmong(ids: ReadonlyArray<string>): string | undefined {
    const unknown = ids.some((id) => !this.#found.has(id))
    return unknown ? "there is no such candidate: name candidates as search_tracks does, such as c1" : undefined
  }

  /** Why the candidate may not be added, whatever is said of it. */
  whyNotAdded(id: string): string | undefined {
    const score = this.scoreOf(id)
    if (score === undefined) return this.unknownAmong([id]) ?? "it has no score: call score_candidates first"
    if (score.confidence >= this.threshold || score.confidence > floor) return undefined
    return `its confidence is ${score.confidence.toFixed(2)}, which is too low; choose another, or leave it to a person`
  }

  /** Why a person is not asked about the candidate. */
  whyNotReviewed(id: string): string | undefined {
    const score = this.scoreOf(id)
    if (score === undefined) return this.unknownAmong([id]) ?? "it has no score: call score_candidates first"
    return score.confidence >= leastForReview ? undefined : "it is too far from what was asked for; answer no_match"
  }
}
