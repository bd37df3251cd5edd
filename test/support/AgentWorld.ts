/** Agents on the real engine and store, with the stand-in for Spotify over real HTTP, and a model that says what a test wants. */
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Layer, Option } from "effect"
import { FetchHttpClient } from "effect/http"
import { CurrentConfig, type GliderConfig, type ToolServer } from "../../src/Config.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { ToolServers } from "../../src/services/ToolServers.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { PlaylistAdditions } from "../../src/store/PlaylistAdditions.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SyncRuns } from "../../src/store/SyncRuns.ts"
import * as AgentSync from "../../src/workflows/AgentSync.ts"
import * as MusicSync from "../../src/workflows/MusicSync.ts"
import { PlaylistTurns } from "../../src/workflows/PlaylistTurns.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import * as RunRecords from "../../src/workflows/RunRecords.ts"
import { playlistTokens } from "./PlaylistTokens.ts"
import * as ScriptedModel from "./ScriptedModel.ts"
import { signIn } from "./ScriptedSync.ts"
import { agentsDefaults } from "./ServerConfig.ts"
import { memoryStoreTest } from "./StoreTest.ts"

type Answer = Parameters<typeof ScriptedModel.make>[0]

/** The model of this world. */
export class Mind extends Context.Service<Mind, {
  /** Says how it answers from now on, and forgets what it was asked. */
  readonly use: (answer: Answer) => Effect.Effect<void>
  readonly asked: () => ReadonlyArray<ScriptedModel.Question>
}>()("glider/test/Mind") {}

export const mind = Layer.effectContext(Effect.gen(function*() {
  let answer: Answer = () => []
  let first = 0
  const { asked, model } = yield* ScriptedModel.make((question) =>
    answer({ ...question, number: question.number - first })
  )
  return Context.make(Mind, {
    use: (next) =>
      Effect.sync(() => {
        answer = next
        first = asked.length
      }),
    asked: () => asked.slice(first)
  }).pipe(Context.add(Ai, {
    model: Option.some({
      provider: "openai" as const,
      name: "scripted",
      timeout: Option.none(),
      languageModel: () => Effect.succeed(model),
      keyProblem: Effect.succeedNone
    })
  }))
}))

const engine = DurableEngine.layer().pipe(
  Layer.provide(RunRecords.layer({ storeRunStatus: false })),
  Layer.provide(RunNews.layer)
)

const tables = Layer.mergeAll(Connections.layer, DeadLetters.layer, PlaylistAdditions.layer, Runs.layer, SyncRuns.layer)

const configured = (agents: Partial<GliderConfig["agents"]>, servers: ReadonlyArray<ToolServer>) =>
  Layer.effect(
    CurrentConfig,
    Effect.map(CurrentConfig, (config) => ({
      ...config,
      agents: { ...agentsDefaults, enabled: true, ...agents },
      mcp: { ...config.mcp, servers }
    }))
  )

/** With a model of its own, as the sandbox's over HTTP. */
export const agentWorldWith = <E, R>(
  model: Layer.Layer<Ai, E, R>,
  agents: Partial<GliderConfig["agents"]> = {},
  servers: ReadonlyArray<ToolServer> = []
) =>
  Layer.mergeAll(AgentSync.layer, MusicSync.layer).pipe(
    Layer.provide(PlaylistTurns.layer),
    Layer.provideMerge(engine),
    Layer.provideMerge(Layer.effectDiscard(signIn)),
    Layer.provideMerge(tables),
    Layer.provideMerge(Spotify.layer),
    Layer.provide(ToolServers.layer),
    Layer.provide(configured(agents, servers)),
    Layer.provide([FetchHttpClient.layer, playlistTokens]),
    Layer.provide(model),
    Layer.provideMerge(Sandbox.layer()),
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(NodeServices.layer)
  )

export const agentWorld = (
  agents: Partial<GliderConfig["agents"]> = {},
  servers: ReadonlyArray<ToolServer> = []
) =>
  Layer.unwrap(
    Effect.map(Layer.build(mind), (context) =>
      Layer.provideMerge(agentWorldWith(Layer.succeedContext(context), agents, servers), Layer.succeedContext(context)))
  )
