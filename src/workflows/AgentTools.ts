/** The tools of the agents that put a song into a playlist: the steps of the music sync, within bounds that no model moves. */
import { Effect, Schema } from "effect"
import { Tool } from "effect/ai"
import type { ConnectionId } from "../domain/Connection.ts"
import { queriesOf, wordsOf } from "../music/Queries.ts"
import { ranked, Score } from "../music/Score.ts"
import * as AgentTool from "../workflow/AgentTool.ts"
import * as DurableActivity from "../workflow/DurableActivity.ts"
import { type AgentDesk, NotAllowed, ShownCandidate } from "./AgentDesk.ts"
import * as Steps from "./MusicSteps.ts"
import type { World } from "./MusicTries.ts"

const SearchTracks = Tool.make("search_tracks", {
  description:
    "Searches Spotify. An empty query asks for the track as the request stands: by ISRC, title, artist and album.",
  parameters: Schema.Struct({ query: Schema.String.check(Schema.isMaxLength(200)) }),
  success: Schema.Array(ShownCandidate),
  failure: NotAllowed
})

/** Searches, and keeps what was found for the other tools: nothing else can be added. */
export const search = (world: World, connection: ConnectionId, desk: AgentDesk) =>
  AgentTool.steps(SearchTracks, {
    run: Effect.fnUntraced(function*({ query }, place) {
      if (desk.isFull) return yield* new NotAllowed({ why: "so much was found that no more is looked for" })
      const words = wordsOf(query)
      const { request, threshold } = desk
      const found = yield* Steps.look(world, connection, request, { threshold, useAi: false }, {
        of: ` ${place}`,
        // who looks again after the comparison is no step back
        step: desk.scores.length === 0 ? "searching" : "matching",
        queries: words === "" ? queriesOf(request).map(({ text }) => text) : [words]
      })
      return desk.add(found)
    })
  })

const ScoreCandidates = Tool.make("score_candidates", {
  description: "Compares all that was found with the request. Confidence is from 0 to 1; lowered says why it is low.",
  success: Schema.Array(Schema.Struct({
    ...ShownCandidate.fields,
    confidence: Score.fields.confidence,
    lowered: Schema.Array(Schema.String)
  }))
})

/** So many scores are told, the best first. */
const mostScores = 20

/** Scores all that was found; what has no score cannot be added. */
export const score = (desk: AgentDesk) =>
  AgentTool.steps(ScoreCandidates, {
    run: Effect.fnUntraced(function*(_, place) {
      const { found, request } = desk
      const scores = yield* DurableActivity.make({
        name: `score ${place}`,
        success: Schema.Array(Score),
        error: Schema.Never,
        startToClose: "15 seconds",
        execute: Effect.as(
          Steps.reached("matching", `compares ${found.length} candidates`),
          ranked(request, found)
        )
      })
      desk.score(scores)
      return scores.slice(0, mostScores).flatMap(({ candidate, confidence, lowered }) => {
        const shown = desk.show(desk.idOf(candidate.uri) ?? "")
        return shown === undefined ? [] : [{ ...shown, confidence, lowered: lowered.map(({ reason }) => reason) }]
      })
    })
  })

const AddTrack = Tool.make("add_track", {
  description: "Adds a candidate to the playlist that was asked for. That ends the task.",
  parameters: Schema.Struct({ candidate: Schema.String.check(Schema.isMaxLength(20)) }),
  success: Schema.Struct({ outcome: Schema.Literals(["added", "already_there"]) }),
  failure: NotAllowed
})

/**
 * Adds one track, once: the task is over with it. Which playlist is not the model's to say, and which track only among what was found and
 * is good enough.
 */
export const add = <E, R>(
  desk: AgentDesk,
  put: (score: Score) => Effect.Effect<"added" | "already_there", E, R>,
  onlyHanded: boolean
) =>
  AgentTool.steps(AddTrack, {
    ends: true,
    run: Effect.fnUntraced(function*({ candidate }) {
      const why = desk.whyNotAdded(candidate)
        ?? (onlyHanded && desk.handed !== candidate ? "it is not the candidate that was handed over" : undefined)
      const score = desk.scoreOf(candidate)
      if (why !== undefined || score === undefined) return yield* new NotAllowed({ why: why ?? "it has no score" })
      return { outcome: yield* put(score) }
    })
  })
