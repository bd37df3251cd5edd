/** What a caller may ask of a model besides the prompt, and what both ways of asking share. */
import { type Duration, Effect, Option, Schema, Stream } from "effect"
import { AiError, type LanguageModel, type Prompt, type Response, Telemetry } from "effect/ai"
import type { AiProvider } from "../domain/AiProvider.ts"

/** How a model is asked. */
export interface ModelOptions {
  /** Another model of the same provider. */
  readonly model?: string
  readonly temperature?: number
  /** The most tokens of an answer. */
  readonly maxTokens?: number
  /** The longest time for the whole answer, where `[ai]` does not say. */
  readonly timeout?: Duration.Duration
}

/** The same with the model's name. */
export type AskedModel = ModelOptions & { readonly model: string }

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/** What a model writes as JSON; as it stands where it is none, for whoever checks it to say so. */
export const written = (text: string): unknown =>
  text.trim() === "" ? {} : Option.getOrElse(decodeJson(text), () => text)

/** A result as the model reads it. */
export const readable = (result: unknown): string =>
  typeof result === "string" ? result : JSON.stringify(result) ?? "null"

/** The text of a message; a file in it is refused. */
export const textOf = (
  parts: ReadonlyArray<Prompt.UserMessagePart>
): Effect.Effect<string, AiError.InvalidUserInputError> =>
  parts.some(({ type }) => type === "file")
    ? Effect.fail(new AiError.InvalidUserInputError({ description: "files are not sent to the model" }))
    : Effect.succeed(parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n\n"))

/** A whole number of tokens; a server that counts otherwise counts as one that does not. */
export const tokens = (count: unknown): number | undefined =>
  typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined

/** What is told of an answer, by the convention for spans of generative models. */
export const annotate = (
  { responseFormat, span }: LanguageModel.ProviderOptions,
  provider: AiProvider,
  { maxTokens, model, temperature }: AskedModel,
  answer: {
    readonly id: string | undefined
    readonly model: string | undefined
    readonly finishReason: string
    readonly inputTokens: number | undefined
    readonly outputTokens: number | undefined
  }
): void =>
  Telemetry.addGenAIAnnotations(span, {
    provider: { name: provider },
    operation: { name: "chat" },
    output: { type: responseFormat.type },
    request: { model, temperature, maxTokens },
    response: { id: answer.id, model: answer.model, finishReasons: [answer.finishReason] },
    usage: { inputTokens: answer.inputTokens, outputTokens: answer.outputTokens }
  })

/**
 * What is wrong with an answer that came to the most of its tokens: a form or a call that has no end, or thoughts and nothing else. A
 * text is shorter for it, and its end says so.
 */
export const cutShort = (
  { responseFormat, tools }: LanguageModel.ProviderOptions,
  { maxTokens, temperature }: AskedModel,
  { outputTokens, reason }: {
    readonly outputTokens: number | undefined
    readonly reason: Response.FinishReason
  }
): Option.Option<AiError.AiErrorReason> => {
  if (reason !== "length" || (responseFormat.type === "text" && tools.length === 0)) return Option.none()
  const most = maxTokens ?? outputTokens
  const description = `the answer was cut at ${most === undefined ? "its most" : most} tokens: `
    + "is it a model that thinks first? name one that answers at once"
  // at temperature 0 it would say the same again
  return Option.some(
    temperature === 0
      ? new AiError.InvalidResponseError({ description })
      : new AiError.InvalidOutputError({ description })
  )
}

/** The parts before an answer's end, and its end. */
export const finished = (
  content: ReadonlyArray<Response.PartEncoded>,
  answer: {
    readonly id: string | undefined
    readonly model: string | undefined
    readonly reason: Response.FinishReason
    readonly inputTokens: number | undefined
    readonly outputTokens: number | undefined
  }
): Array<Response.PartEncoded> => [
  { type: "response-metadata", id: answer.id, modelId: answer.model },
  ...content,
  {
    type: "finish",
    reason: answer.reason,
    usage: {
      inputTokens: { total: answer.inputTokens },
      outputTokens: { total: answer.outputTokens }
    }
  }
]

/** A whole answer in the form of one that streams. */
export const streamed = <E, R>(
  answer: Effect.Effect<ReadonlyArray<Response.PartEncoded>, E, R>
): Stream.Stream<Response.StreamPartEncoded, E, R> =>
  Stream.unwrap(Effect.map(answer, (parts) => Stream.fromIterable(parts.flatMap(inPieces))))

const inPieces = (part: Response.PartEncoded, index: number): ReadonlyArray<Response.StreamPartEncoded> => {
  if (part.type === "text") {
    const id = String(index)
    return [{ type: "text-start", id }, { type: "text-delta", id, delta: part.text }, { type: "text-end", id }]
  }
  if (part.type === "reasoning") {
    const id = String(index)
    return [
      { type: "reasoning-start", id },
      { type: "reasoning-delta", id, delta: part.text },
      { type: "reasoning-end", id }
    ]
  }
  return [part]
}
