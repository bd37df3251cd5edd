import { Context, Duration, Effect, Layer, Option } from "effect"
import type { LanguageModel } from "effect/ai"
import { CurrentConfig } from "../Config.ts"
import type { AiSettings } from "../config/AiSettings.ts"
import type { AiProvider } from "../domain/AiProvider.ts"
import * as AnthropicModel from "./AnthropicModel.ts"
import { type KeyProblem, keyProblem } from "./ModelKey.ts"
import type { ModelOptions } from "./ModelOptions.ts"
import * as OpenAiModel from "./OpenAiModel.ts"
import { Secrets } from "./Secrets.ts"

/** A language model that can be asked. */
export interface AiModel {
  readonly provider: AiProvider
  /** The model that is asked where nobody names another. */
  readonly name: string
  /**
   * The service that Effect's `LanguageModel` asks through. Each call is one request without repetitions: the caller says
   * when to ask again, by `AiError.isRetryable` and `retryAfter`.
   */
  readonly languageModel: (options?: ModelOptions) => Effect.Effect<LanguageModel.LanguageModel>
  /** The longest time for an answer, where `[ai]` says it: it holds for whoever asks. */
  readonly timeout: Option.Option<Duration.Duration>
  /** What keeps its key from being used; none where all is well. Looked up anew each time, as the key itself is. */
  readonly keyProblem: Effect.Effect<Option.Option<KeyProblem>>
}

/** The language model that `[ai]` names. */
export class Ai extends Context.Service<Ai, {
  /** None where `[ai]` names no provider. */
  readonly model: Option.Option<AiModel>
}>()("glider/services/Ai") {
  /** No model. */
  static readonly layerNone = Layer.succeed(Ai, { model: Option.none() })

  /** That model. */
  static readonly layerFor = (ai: AiSettings) =>
    Layer.effect(
      Ai,
      Effect.gen(function*() {
        const secrets = yield* Secrets
        const make = yield* ai.provider === "openai" ? OpenAiModel.make(ai) : AnthropicModel.make(ai)
        const model: AiModel = {
          provider: ai.provider,
          name: ai.model,
          timeout: ai.timeout,
          languageModel: (options = {}) => make({ ...options, model: options.model ?? ai.model }),
          keyProblem: Effect.provideService(keyProblem(ai), Secrets, secrets)
        }
        return Ai.of({ model: Option.some(model) })
      })
    )

  /** As the config says. */
  static readonly layer = Layer.unwrap(
    Effect.map(CurrentConfig, ({ ai }) => ai === undefined ? Ai.layerNone : Ai.layerFor(ai))
  )
}

/** Beside the request itself: the request is given up first, and its circuit breaker hears of it. */
const around = Duration.seconds(5)

/** The longest time for an answer, as `[ai]` says or else as is usual, and for the step that asks for it. */
export const patience = ({ model }: Ai["Service"], usual: Duration.Input) => {
  const said = Option.flatMap(model, ({ timeout }) => timeout)
  const timeout = Option.getOrElse(said, () => Duration.fromInputUnsafe(usual))
  return { timeout, startToClose: Duration.sum(timeout, around) }
}
