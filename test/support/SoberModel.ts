/** A model that does what agents are told to: it searches, compares, and takes the best where that is good enough. */
import { Schema } from "effect"
import { call, type Question, type Said } from "./ScriptedModel.ts"

const Found = Schema.Struct({ candidate: Schema.String })
const Scored = Schema.Struct({ candidate: Schema.String, confidence: Schema.Finite })

const readFound = Schema.decodeUnknownOption(Schema.Array(Found))
const readScored = Schema.decodeUnknownOption(Schema.Array(Scored))
const readTask = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ candidates: Schema.Array(Found) })))

const nothing = call("answer", { decision: "no_match", candidate: null, reason: "nothing is the track" })

/** As sure as `sure` of any candidate whose score is above .6, and not at all of the others. */
export const sober = (sure = 0.95) => ({ results, task, tools }: Question): Said => {
  const last = results.at(-1)
  const can = (tool: string) => tools.includes(tool)
  if (last?.isFailure === true) return [nothing]
  if (last === undefined && can("search_tracks")) return [call("search_tracks", { query: "" })]
  if (last?.name === "search_tracks") {
    const found = readFound(last.result)
    const candidates = found._tag === "Some" ? found.value.map(({ candidate }) => candidate) : []
    if (candidates.length === 0) return [nothing]
    return [can("score_candidates") ? call("score_candidates") : call("hand_off_to_MatchingAgent", { candidates })]
  }
  if (last === undefined && can("score_candidates")) return [call("score_candidates")]
  if (last?.name === "score_candidates") {
    const scores = readScored(last.result)
    const [best] = scores._tag === "Some" ? scores.value : []
    if (best === undefined || best.confidence < 0.4) return [nothing]
    const { candidate, confidence } = best
    if (confidence <= 0.6) return [call("answer", { decision: "review", candidate, reason: "another recording" })]
    return [
      can("add_track")
        ? call("add_track", { candidate })
        : call("hand_off_to_PlaylistAgent", { candidate, confidence: sure })
    ]
  }
  const given = readTask(task)
  const [only] = given._tag === "Some" ? given.value.candidates : []
  return only === undefined ? [nothing] : [call("add_track", { candidate: only.candidate })]
}
