/** The music sync with agents in place of rules: a language model searches, compares and chooses with tools; what is done is bounded. */
import { Effect, Layer, Option, Schema, Struct } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { CurrentConfig } from "../Config.ts"
import { Decision, defaultThreshold } from "../music/Decision.ts"
import type { Score } from "../music/Score.ts"
import { Ai, patience } from "../services/Ai.ts"
import { ToolServers } from "../services/ToolServers.ts"
import { ActivityTimedOut } from "../workflow/ActivityTimeouts.ts"
import { AgentError } from "../workflow/AgentError.ts"
import * as AgentRun from "../workflow/AgentRun.ts"
import { patience as usual } from "../workflow/AgentTurn.ts"
import { body } from "../workflow/Body.ts"
import * as SearchAttributes from "../workflow/SearchAttributes.ts"
import { AgentDesk } from "./AgentDesk.ts"
import * as Tools from "./AgentTools.ts"
import * as MusicAgents from "./MusicAgents.ts"
import { NoMatch, NotApproved } from "./MusicErrors.ts"
import * as Steps from "./MusicSteps.ts"
import { MusicResult, MusicSync, reviewed, trackOf } from "./MusicSync.ts"
import * as Tries from "./MusicTries.ts"
import { offered, outside } from "./OutsideTools.ts"
import { RunFailed } from "./RunResult.ts"

/** What was done, by what the tools did: nothing that the model says makes a success. */
export const AgentResult = Schema.Struct({
  ...Struct.omit(MusicResult.fields, ["ai"]),
  match_method: Schema.Literals(["agent", "review"]),
  /** Who worked at it, one after the other. */
  agents: Schema.Array(Schema.String),
  /** How often the model was asked, and how many tools it called. */
  turns: Schema.Int,
  tool_calls: Schema.Int
})
export type AgentResult = typeof AgentResult.Type

const { album, artist, isrc, key, match_threshold, playlist_id, track_name, user_id } = MusicSync.payloadSchema.fields

export const AgentSync = Workflow.make("agent_sync", {
  payload: { key, track_name, artist, album, isrc, playlist_id, user_id, match_threshold },
  success: AgentResult,
  error: Schema.Union([NoMatch, NotApproved, Tries.StepFailed, RunFailed, ActivityTimedOut, AgentError]),
  idempotencyKey: ({ key }) => key
})
type Payload = (typeof AgentSync)["payloadSchema"]["Type"]

/** What holds for one run, as it was when the run began. */
const Settings = Schema.Struct({ multiAgent: Schema.Boolean, maxTurns: Schema.Int, useMcp: Schema.Boolean })

const unavailable = (message: string) =>
  new AgentError({ agent: "none", reason: "unavailable", message, retryable: false })

const settings = ({ agents }: CurrentConfig["Service"]) =>
  Activity.make({
    name: "settings",
    success: Settings,
    error: AgentError,
    execute: Effect.gen(function*() {
      if (!agents.enabled) {
        return yield* unavailable("agents are switched off; set agents.enabled = true in config.toml")
      }
      const { maxTurns, multiAgent, useMcp } = agents
      return { maxTurns, multiAgent, useMcp }
    })
  })

/** The model as `[agents]` wants it; looked up when it is asked. */
const modelOf = ({ agents }: CurrentConfig["Service"], ai: Ai["Service"]) =>
  Option.match(ai.model, {
    onNone: () => Effect.fail(unavailable("no language model is named; set ai.provider in config.toml")),
    onSome: ({ languageModel }) =>
      languageModel({
        temperature: agents.temperature,
        timeout: patience(ai, usual).timeout,
        ...Option.match(agents.model, { onNone: () => ({}), onSome: (model) => ({ model }) })
      })
  })

const world = Effect.all({ steps: Tries.world, config: CurrentConfig, ai: Ai, servers: ToolServers })

interface Put {
  readonly score: Score
  readonly outcome: "added" | "already_there"
  readonly verified: boolean
}

const run = ({ ai, config, servers, steps }: Effect.Success<typeof world>) =>
  Effect.fnUntraced(function*(payload: Payload, run: string) {
    const { match_threshold = defaultThreshold, playlist_id, user_id } = payload
    const desk = new AgentDesk(trackOf(payload), match_threshold)
    yield* SearchAttributes.set({
      playlist_id,
      track_name: desk.request.trackName,
      artist_name: desk.request.artist,
      ...user_id === undefined ? {} : { user_id }
    })
    const { maxTurns, multiAgent, useMcp } = yield* settings(config)
    const connection = yield* Steps.signIn(steps)
    let done: Put | undefined

    const put = Effect.fnUntraced(function*(score: Score) {
      const target = { run, connection, playlist: playlist_id, uri: score.candidate.uri }
      // before it is added: whoever is cancelled in the middle of that does not know whether it was
      yield* AgentSync.withCompensation(Effect.void, () => Effect.asVoid(Steps.remove(steps, target)))
      const isAdded = yield* Steps.add(steps, target)
      const verified = yield* Steps.verify(steps, target)
      yield* Steps.complete
      done = { score, outcome: isAdded ? "added" : "already_there", verified }
      return done.outcome
    })

    const tools = {
      search: Tools.search(steps, connection, desk),
      score: Tools.score(desk),
      add: Tools.add(desk, put, multiAgent),
      outside: useMcp ? outside(servers, yield* offered(servers)) : []
    }
    const { agents, answer, toolCalls, turns } = yield* AgentRun.run({
      agent: multiAgent ? MusicAgents.team(desk, tools) : MusicAgents.single(desk, tools),
      task: MusicAgents.taskOf(desk),
      model: modelOf(config, ai),
      patience: patience(ai, usual).startToClose,
      bounds: { turns: maxTurns }
    })
    const byAgent = done !== undefined
    if (done === undefined) yield* put(yield* reviewedScore(desk, answer))
    const { outcome, score, verified } = done ?? (yield* Effect.die("nothing was put into the playlist"))
    const match_method = byAgent ? "agent" as const : "review" as const
    yield* SearchAttributes.set({ match_method })
    return {
      outcome,
      candidate: score.candidate,
      confidence: score.confidence,
      match_method,
      verified,
      scores: desk.scores,
      agents,
      turns,
      tool_calls: toolCalls
    }
  })

/** Records about which track a person is asked, as the decision of the music sync does. */
const askPerson = ({ candidate, confidence }: Score, scores: ReadonlyArray<Score>) =>
  Activity.make({
    name: "ask",
    success: Decision,
    execute: Effect.as(
      Steps.reached("matching", `asks a person about ${candidate.name}`),
      Decision.cases.Review.make({ strategy: "ai_required", candidate, confidence, scores })
    )
  })

/** The track that a person has taken where the agents were not sure. */
const reviewedScore = Effect.fnUntraced(function*(desk: AgentDesk, answer: Option.Option<MusicAgents.Verdict>) {
  const { scores } = desk
  const asked = Option.flatMap(
    answer,
    ({ candidate, decision }) =>
      Option.fromNullishOr(decision === "review" && candidate !== null ? desk.scoreOf(candidate) : undefined)
  )
  if (Option.isNone(asked)) {
    const reason = desk.found.length === 0 ? "nothing_found" as const : "below_threshold" as const
    return yield* new NoMatch({ reason, scores })
  }
  yield* askPerson(asked.value, scores)
  const said = yield* reviewed
  return said === "approved" ? asked.value : yield* new NotApproved({ answer: said, scores })
})

/** Registers it. */
export const layer = Layer.unwrap(Effect.map(world, (world) => AgentSync.toLayer(body(run(world)))))
