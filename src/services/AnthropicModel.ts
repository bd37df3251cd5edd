/** Anthropic's messages (`POST /messages`). An answer of a given form is asked for as the call of a tool of that form. */
import { Effect, Option, Redacted, Schema } from "effect"
import { AiError, AnthropicStructuredOutput, LanguageModel, type Prompt, type Response, Tool } from "effect/ai"
import { HttpClientRequest } from "effect/http"
import type { AiSettings } from "../config/AiSettings.ts"
import * as ModelHttp from "./ModelHttp.ts"
import { annotate, type AskedModel, cutShort, finished, readable, streamed, textOf, tokens } from "./ModelOptions.ts"

/** The version of the API that is spoken. */
const version = "2023-06-01"

/** The vendor wants a number where the caller names none. */
const usualMaxTokens = 4096

type Block = { readonly type: string; readonly [key: string]: unknown }

interface Message {
  readonly role: "user" | "assistant"
  readonly content: ReadonlyArray<Block>
}

const isRecord = Schema.is(Schema.Record(Schema.String, Schema.Unknown))

const text = (words: string): ReadonlyArray<Block> => words.trim() === "" ? [] : [{ type: "text", text: words }]

const messageOf = (message: Prompt.Message): Effect.Effect<Message, AiError.InvalidUserInputError> => {
  switch (message.role) {
    case "system":
      return Effect.succeed({ role: "user", content: [] })
    case "user":
      return Effect.map(textOf(message.content), (words) => ({ role: "user", content: text(words) }))
    case "assistant":
      return Effect.succeed({
        role: "assistant",
        content: message.content.flatMap((part) => {
          if (part.type === "text") return text(part.text)
          if (part.type !== "tool-call" || part.providerExecuted) return []
          return [{ type: "tool_use", id: part.id, name: part.name, input: isRecord(part.params) ? part.params : {} }]
        })
      })
    case "tool":
      return Effect.succeed({
        role: "user",
        content: message.content.flatMap((part) =>
          part.type === "tool-result"
            ? [{
              type: "tool_result",
              tool_use_id: part.id,
              content: readable(part.result),
              ...part.isFailure ? { is_error: true } : {}
            }]
            : []
        )
      })
  }
}

/** Neighbours of one role are one message. */
const joined = (messages: ReadonlyArray<Message>): ReadonlyArray<Message> => {
  const all: Array<Message> = []
  for (const message of messages) {
    const last = all.at(-1)
    if (message.content.length === 0) continue
    if (last?.role === message.role) all[all.length - 1] = { ...last, content: [...last.content, ...message.content] }
    else all.push(message)
  }
  return all
}

const toolOf = (tool: Tool.Any) => ({
  name: tool.name,
  description: Tool.getDescription(tool) ?? "",
  input_schema: Tool.getJsonSchema(tool)
})

const choiceOf = (choice: LanguageModel.ToolChoice<string>) => {
  if (choice === "required") return { type: "any" }
  if (typeof choice === "string") return { type: choice }
  if ("tool" in choice) return { type: "tool", name: choice.tool }
  return { type: choice.mode === "required" ? "any" : "auto" }
}

const toolsOf = ({ responseFormat, toolChoice, tools }: LanguageModel.ProviderOptions) => {
  if (responseFormat.type === "text") {
    return tools.length === 0 ? {} : { tools: tools.map(toolOf), tool_choice: choiceOf(toolChoice) }
  }
  const form = {
    name: responseFormat.objectName,
    description: "Gives the answer.",
    input_schema: AnthropicStructuredOutput.toCodecAnthropic(responseFormat.schema).jsonSchema
  }
  return {
    tools: [...tools.map(toolOf), form],
    tool_choice: tools.length === 0 ? { type: "tool", name: form.name } : { type: "any" }
  }
}

const Content = Schema.Struct({
  type: Schema.String,
  text: Schema.optional(Schema.String),
  id: Schema.optional(Schema.String),
  name: Schema.optional(Schema.String),
  input: Schema.optional(Schema.Unknown)
})

const Answer = Schema.Struct({
  id: Schema.optional(Schema.String),
  model: Schema.optional(Schema.String),
  content: Schema.Array(Content),
  stop_reason: Schema.optional(Schema.NullOr(Schema.String)),
  usage: Schema.optional(Schema.Struct({
    input_tokens: Schema.optional(Schema.Unknown),
    output_tokens: Schema.optional(Schema.Unknown)
  }))
})

const reasons: { readonly [word: string]: Response.FinishReason } = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool-calls",
  pause_turn: "pause",
  refusal: "content-filter"
}

/** The answer's form is a text to whoever asked for it; every other tool is theirs to call. */
const partsOf = ({ responseFormat }: LanguageModel.ProviderOptions) =>
(
  { id, input, name = "", text: words = "", type }: typeof Content.Type,
  index: number
): ReadonlyArray<Response.PartEncoded> => {
  switch (type) {
    case "text":
      // beside the form, words are only about it
      return responseFormat.type === "json" || words === "" ? [] : [{ type: "text", text: words }]
    case "tool_use":
      return responseFormat.type === "json" && name === responseFormat.objectName
        ? [{ type: "text", text: readable(input) }]
        : [{ type: "tool-call", id: id ?? `toolu_${index}`, name, params: input ?? {} }]
    default:
      return []
  }
}

/** The way to the model of `[ai]`; each value of the options gives a service. */
export const make = Effect.fnUntraced(function*(ai: AiSettings) {
  const http = yield* ModelHttp.make({
    module: "AnthropicModel",
    ai,
    path: "/messages",
    signed: (request, key) =>
      HttpClientRequest.setHeaders(request, {
        "anthropic-version": version,
        ...Option.match(key, { onNone: () => ({}), onSome: (secret) => ({ "x-api-key": Redacted.value(secret) }) })
      })
  })

  /** Some of the newer models take no temperature; they are asked again without. */
  const ask = (asked: AskedModel, body: { readonly [key: string]: unknown }) =>
    Effect.catchReason(http.ask(asked, body, Answer), "AiError", "InvalidRequestError", ({ parameter }, error) => {
      const { temperature, ...rest } = body
      return parameter === "temperature" && temperature !== undefined
        ? http.ask(asked, rest, Answer)
        : Effect.fail(error)
    })

  const bodyOf = Effect.fnUntraced(function*(
    options: LanguageModel.ProviderOptions,
    { maxTokens = usualMaxTokens, model, temperature }: AskedModel
  ) {
    const { content } = options.prompt
    const system = content.flatMap((message) => message.role === "system" ? [message.content] : []).join("\n\n")
    return {
      model,
      max_tokens: maxTokens,
      ...temperature === undefined ? {} : { temperature },
      ...system === "" ? {} : { system },
      messages: joined(yield* Effect.forEach(content, messageOf)),
      ...toolsOf(options)
    }
  }, Effect.mapError(http.error))

  const answer = (asked: AskedModel) =>
    Effect.fnUntraced(function*(options: LanguageModel.ProviderOptions) {
      const { content, id, model, stop_reason, usage } = yield* ask(asked, yield* bodyOf(options, asked))
      if (stop_reason === "refusal") {
        return yield* http.error(new AiError.ContentPolicyError({ description: "the model refuses to answer" }))
      }
      const end = {
        id,
        model,
        reason: reasons[stop_reason ?? ""] ?? "unknown",
        inputTokens: tokens(usage?.input_tokens),
        outputTokens: tokens(usage?.output_tokens)
      }
      annotate(options, "anthropic", asked, { ...end, finishReason: stop_reason ?? "unknown" })
      const cut = cutShort(options, { maxTokens: usualMaxTokens, ...asked }, end)
      if (Option.isSome(cut)) return yield* http.error(cut.value)
      return finished(content.flatMap(partsOf(options)), end)
    })

  return (asked: AskedModel): Effect.Effect<LanguageModel.LanguageModel> =>
    LanguageModel.make({
      codecTransformer: AnthropicStructuredOutput.toCodecAnthropic,
      generateText: answer(asked),
      streamText: (options) => streamed(answer(asked)(options))
    })
})
