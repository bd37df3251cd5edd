/** The language model of the sandbox over real HTTP, as `[ai]` would name it. */
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Duration, Effect, Layer, Option } from "effect"
import { FetchHttpClient } from "effect/http"
import { aiDefaults, type AiSettings } from "../../src/config/AiSettings.ts"
import type { AiProvider } from "../../src/domain/AiProvider.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai, type AiModel } from "../../src/services/Ai.ts"
import type { ModelOptions } from "../../src/services/ModelOptions.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { gates } from "./ProviderTest.ts"

/** Whose model, and what differs from the usual. */
export interface ModelSetup {
  readonly provider: AiProvider
  /** The key that is shown; the sandbox's otherwise, none for an empty one. */
  readonly key?: string
  /** What `[ai]` says; nothing otherwise. */
  readonly timeout?: Duration.Input
  readonly baseUrl?: string
}

/** Needs the sandbox. */
export const modelOf = ({ baseUrl, key, provider, timeout }: ModelSetup) =>
  Layer.unwrap(Effect.map(Sandbox, ({ model }) => {
    const shown = key ?? model.key
    const settings: AiSettings = {
      provider,
      baseUrl: baseUrl ?? model.baseUrl[provider],
      model: aiDefaults[provider].model,
      timeout: Option.map(Option.fromUndefinedOr(timeout), Duration.fromInputUnsafe)
    }
    const environment = ConfigProvider.fromEnv({ env: shown === "" ? {} : { GLIDER_AI_API_KEY: shown } })
    return Ai.layerFor(settings).pipe(
      Layer.provide([FetchHttpClient.layer, Secrets.layer, gates]),
      Layer.provide(ConfigProvider.layer(environment))
    )
  }))

export const modelWorld = (setup: ModelSetup) =>
  modelOf(setup).pipe(
    Layer.provideMerge(Sandbox.layer()),
    Layer.provideMerge(NodeServices.layer)
  )

/** The model that the world has. */
export const theModel: Effect.Effect<AiModel, never, Ai> = Effect.map(Ai, ({ model }) => Option.getOrThrow(model))

export const asked = (options?: ModelOptions) => Effect.flatMap(theModel, ({ languageModel }) => languageModel(options))
