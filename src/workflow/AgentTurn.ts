/** One question to the model, as an activity: its answer is recorded, so a replay asks no model. */
import { Clock, Duration, Effect, Option, Schema } from "effect"
import { type AiError, type LanguageModel, type Prompt, Response, Toolkit } from "effect/ai"
import type { ActivityRetry } from "./ActivityRetry.ts"
import type { ActivityTimedOut } from "./ActivityTimeouts.ts"
import { AgentError } from "./AgentError.ts"
import type { PlainTool } from "./AgentTool.ts"
import * as DurableActivity from "./DurableActivity.ts"

/** A call of any tool, also of one that there is not, with arguments that nobody has read. */
const Call = Response.ToolCallPart("", Schema.Json).mapFields((fields) => ({ ...fields, name: Schema.String }))

/** The parts of an answer that go into the next question; the others say nothing that an agent needs. */
const Part = Schema.Union([Response.TextPart, Response.ReasoningPart, Call])

/** What the model said. */
const Answer = Schema.Struct({
  parts: Schema.Array(Part),
  /** When it was asked, and when it had answered. */
  from: Schema.Finite,
  to: Schema.Finite
})

/** The longest time of one attempt, unless said otherwise (contract 1D). */
export const patience = Duration.minutes(5)

/** A pause that a provider asks for is not longer. */
const longestPause = Duration.minutes(5)

const retry: ActivityRetry<AgentError | ActivityTimedOut> = {
  initialInterval: "2 seconds",
  maximumInterval: "30 seconds",
  maximumAttempts: 3,
  nonRetryable: (error) => error._tag === "AgentError" && !error.retryable,
  retryAfter: (error) =>
    error._tag === "AgentError" && error.retryAfterMillis !== undefined
      ? Option.some(Duration.min(Duration.millis(error.retryAfterMillis), longestPause))
      : Option.none()
}

/** So much of what a provider says of its failure is kept. */
const mostToldCharacters = 500

const failed = (agent: string) => (error: AiError.AiError) =>
  new AgentError({
    agent,
    reason: "model",
    message: error.message.slice(0, mostToldCharacters),
    retryable: error.isRetryable,
    ...error.retryAfter === undefined ? {} : { retryAfterMillis: Duration.toMillis(error.retryAfter) }
  })

const isJson = Schema.is(Schema.Json)

/** Arguments as they are recorded; what is none of JSON is wrong, and is told to be. */
const argumentsOf = (params: unknown): Schema.Json =>
  isJson(params) ? params : params === undefined ? {} : String(params)

const partsOf = (content: ReadonlyArray<Response.AnyPart>) =>
  content.flatMap((part): ReadonlyArray<typeof Part.Type> => {
    switch (part.type) {
      case "text":
      case "reasoning":
        return [part]
      case "tool-call":
        return part.providerExecuted ? [] : [{ ...part, params: argumentsOf(part.params) }]
      default:
        return []
    }
  })

const textOf = Schema.encodeEffect(Schema.fromJsonString(Schema.toCodecJson(Schema.Array(Part))))

/** Asks the model, which has to call one of the tools. What it calls is not carried out, and not even looked at. */
export const ask = (options: {
  readonly agent: string
  /** The name of the step. */
  readonly name: string
  /** The model; asked for anew with each attempt. */
  readonly model: Effect.Effect<LanguageModel.LanguageModel, AgentError>
  readonly prompt: Prompt.Prompt
  readonly tools: ReadonlyArray<PlainTool>
  /** How long the answer may be as JSON, in characters: it is recorded, and told again with every further question. */
  readonly mostCharacters: number
  /** The longest time of one attempt. */
  readonly startToClose: Duration.Input
}) => {
  const { agent, model, mostCharacters, name, prompt, startToClose, tools } = options
  return DurableActivity.make({
    name,
    success: Answer,
    error: AgentError,
    startToClose,
    retry,
    execute: Effect.gen(function*() {
      const from = yield* Clock.currentTimeMillis
      const { content } = yield* (yield* model).generateText({
        prompt,
        toolkit: Toolkit.make(...tools),
        toolChoice: "required",
        disableToolCallResolution: true,
        toolCallValidation: "deferred"
      }).pipe(Effect.mapError(failed(agent)))
      const parts = partsOf(content)
      const { length } = yield* Effect.orDie(textOf(parts))
      if (length > mostCharacters) {
        const message = `the model's answer is ${length} characters long, and ${mostCharacters} are taken`
        return yield* new AgentError({ agent, reason: "answer_size", message, retryable: false })
      }
      return { parts, from, to: yield* Clock.currentTimeMillis }
    })
  })
}
