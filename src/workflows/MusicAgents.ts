/** Who the agents are that put a song into a playlist: one that does all, or three with a part each. */
import { Schema } from "effect"
import { visible } from "../music/Question.ts"
import { Score } from "../music/Score.ts"
import * as Agent from "../workflow/Agent.ts"
import type { AgentTool } from "../workflow/AgentTool.ts"
import type { AgentDesk } from "./AgentDesk.ts"

/** How an agent says that it adds nothing. That something was added cannot be said: only the tool that adds does it. */
export const Verdict = Schema.Struct({
  decision: Schema.Literals(["no_match", "review"]),
  /** For a person to look at; null where nothing is. */
  candidate: Schema.NullOr(Schema.String.check(Schema.isMaxLength(20))),
  reason: Schema.String.check(Schema.isMaxLength(500))
})
export type Verdict = typeof Verdict.Type

/** A hand-off to the agent that adds has to be surer than this (contract 1D). */
const leastConfidence = 0.8

/** The tools for one run. */
export interface Tools<E, R> {
  readonly search: AgentTool<E, R>
  readonly score: AgentTool<E, R>
  readonly add: AgentTool<E, R>
  /** Of servers elsewhere: they read, for whoever searches. */
  readonly outside: ReadonlyArray<AgentTool<E, R>>
}

const task = "Somebody asks for a track, as another service calls it, and wants it in a playlist."
const finding =
  "Call search_tracks with an empty query first; search in other words only if the track is not among what was found."
const asking = ({ outside }: Pick<Tools<unknown, unknown>, "outside">): string =>
  outside.length === 0
    ? ""
    : " Tools with __ in their names are of outside servers: they may tell how the track is called. Only what "
      + "search_tracks finds can be taken."
const choosing =
  "Call score_candidates. The track is the same recording by the same artists: no cover, karaoke, other live "
  + "recording or remix than was asked for. Names may be written differently, translated or shortened."
const giving =
  "Where nothing is the track, answer with decision no_match; where you are not sure, answer with review and the candidate."

const answer = (desk: AgentDesk) => ({
  output: Verdict,
  check: ({ candidate, decision }: Verdict) =>
    decision === "no_match" ? undefined : candidate === null ? "which candidate?" : desk.whyNotReviewed(candidate)
})

const Ids = Schema.Array(Schema.String.check(Schema.isMaxLength(20))).check(
  Schema.isMinLength(1),
  Schema.isMaxLength(50)
)

/** What the first agent is told. */
export const taskOf = ({ request: { album, artist, isrc, trackName } }: AgentDesk): Schema.Json => ({
  track_name: visible(trackName),
  artist: visible(artist),
  album: album === undefined ? null : visible(album),
  isrc: isrc === undefined ? null : visible(isrc)
})

/** One agent with all tools. */
export const single = <E, R>(desk: AgentDesk, tools: Tools<E, R>): Agent.Agent<Verdict, E, R> =>
  Agent.make({
    name: "MusicAgent",
    instructions: `${task} ${finding}${asking(tools)} ${choosing} Add it with add_track. ${giving}`,
    tools: [tools.search, tools.score, tools.add, ...tools.outside],
    ...answer(desk)
  })

/** Three agents: one finds, one decides, one adds. Each can do its part and nothing else. Gives the first. */
export const team = <E, R>(desk: AgentDesk, tools: Tools<E, R>): Agent.Agent<Verdict, E, R> => {
  const shown = (ids: ReadonlyArray<string>) => ids.flatMap((id) => desk.show(id) ?? [])

  const playlistAgent: Agent.Agent<Verdict, E, R> = Agent.make({
    name: "PlaylistAgent",
    instructions: `${task} It was found: add it with add_track. Where that is refused, answer with decision review.`,
    tools: [tools.add],
    ...answer(desk)
  })

  const matchingAgent: Agent.Agent<Verdict, E, R> = Agent.make({
    name: "MatchingAgent",
    instructions:
      `${task} Candidates were found; decide which one it is. ${choosing} Hand over the one that it is, with how sure you `
      + `are from 0 to 1; above ${leastConfidence} it is added. ${giving}`,
    tools: [tools.score],
    handOffs: [
      Agent.handOff({
        name: playlistAgent.name,
        to: () => playlistAgent,
        description: `Has the candidate added. Only where you are surer than ${leastConfidence}.`,
        input: Schema.Struct({
          candidate: Schema.String.check(Schema.isMaxLength(20)),
          confidence: Score.fields.confidence
        }),
        check: ({ candidate, confidence }) =>
          desk.whyNotAdded(candidate)
            ?? (confidence > leastConfidence
              ? undefined
              : `only above ${leastConfidence}; answer with review or no_match`),
        task: ({ candidate }) => {
          desk.handed = candidate
          return { ...taskFields(desk), candidates: shown([candidate]) }
        }
      }),
      Agent.handOff({
        name: "SearchAgent",
        to: () => searchAgent,
        description: "Has other words searched for, where the track is not among the candidates.",
        input: Schema.Struct({ hint: Schema.String.check(Schema.isMaxLength(200)) }),
        task: ({ hint }) => ({ ...taskFields(desk), hint: visible(hint) })
      })
    ],
    ...answer(desk)
  })

  const searchAgent: Agent.Agent<Verdict, E, R> = Agent.make({
    name: "SearchAgent",
    instructions: `${task} Find it. ${finding}${
      asking(tools)
    } Hand over all that might be it. Where nothing is, answer with decision no_match.`,
    tools: [tools.search, ...tools.outside],
    handOffs: [Agent.handOff({
      name: matchingAgent.name,
      to: () => matchingAgent,
      description: "Has the candidates compared with the request.",
      input: Schema.Struct({ candidates: Ids }),
      check: ({ candidates }) => desk.unknownAmong(candidates),
      task: ({ candidates }) => ({ ...taskFields(desk), candidates: shown(candidates) })
    })],
    ...answer(desk)
  })
  return searchAgent
}

const taskFields = (desk: AgentDesk) => ({ request: taskOf(desk) })
