/** Chat completions (`POST /chat/completions`), as OpenAI and most servers of local models speak them. */
import { Effect, Option, Schema } from "effect"
import { AiError, LanguageModel, OpenAiStructuredOutput, type Prompt, type Response, Tool } from "effect/ai"
import { HttpClientRequest } from "effect/http"
import type { AiSettings } from "../config/AiSettings.ts"
import * as ModelHttp from "./ModelHttp.ts"
import { isVendors } from "./ModelKey.ts"
import {
  annotate,
  type AskedModel,
  cutShort,
  finished,
  readable,
  streamed,
  textOf,
  tokens,
  written
} from "./ModelOptions.ts"

type Message = { readonly role: string; readonly [key: string]: unknown }

/** What is sent, as far as a server may refuse it. */
interface Body {
  readonly messages: ReadonlyArray<Message>
  readonly temperature?: number
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly response_format?: { readonly type: "json_object" } | {
    readonly type: "json_schema"
    readonly json_schema: { readonly name: string; readonly strict: true; readonly schema: object }
  }
  readonly [key: string]: unknown
}

const messagesOf = (message: Prompt.Message): Effect.Effect<ReadonlyArray<Message>, AiError.InvalidUserInputError> => {
  switch (message.role) {
    case "system":
      return Effect.succeed([{ role: "system", content: message.content }])
    case "user":
      return Effect.map(textOf(message.content), (content) => [{ role: "user", content }])
    case "assistant": {
      const text = message.content.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n\n")
      const calls = message.content.flatMap((part) =>
        part.type === "tool-call" && !part.providerExecuted
          ? [{ id: part.id, type: "function", function: { name: part.name, arguments: readable(part.params) } }]
          : []
      )
      if (text === "" && calls.length === 0) return Effect.succeed([])
      return Effect.succeed([{
        role: "assistant",
        content: text === "" ? null : text,
        ...calls.length === 0 ? {} : { tool_calls: calls }
      }])
    }
    case "tool":
      return Effect.succeed(message.content.flatMap((part) =>
        part.type === "tool-result"
          ? [{ role: "tool", tool_call_id: part.id, content: readable(part.result) }]
          : []
      ))
  }
}

const toolOf = (tool: Tool.Any) => ({
  type: "function",
  function: {
    name: tool.name,
    description: Tool.getDescription(tool) ?? "",
    parameters: Tool.getJsonSchema(tool)
  }
})

const choiceOf = (choice: LanguageModel.ToolChoice<string>) => {
  if (typeof choice === "string") return choice
  return "tool" in choice ? { type: "function", function: { name: choice.tool } } : choice.mode ?? "auto"
}

const Words = Schema.optional(Schema.NullOr(Schema.String))

const Completion = Schema.Struct({
  id: Words,
  model: Words,
  choices: Schema.NonEmptyArray(Schema.Struct({
    finish_reason: Words,
    message: Schema.Struct({
      content: Words,
      refusal: Words,
      tool_calls: Schema.optional(Schema.NullOr(Schema.Array(Schema.Struct({
        id: Words,
        function: Schema.Struct({ name: Schema.String, arguments: Words })
      }))))
    })
  })),
  usage: Schema.optional(Schema.NullOr(Schema.Struct({
    prompt_tokens: Schema.optional(Schema.Unknown),
    completion_tokens: Schema.optional(Schema.Unknown)
  })))
})

const reasons: { readonly [word: string]: Response.FinishReason } = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter"
}

/** What is sent in place of what the server refuses, where the answer can still be held to its form afterwards. */
const eased = (body: Body, refused: string | undefined): Option.Option<Body> => {
  switch (refused) {
    case "temperature": {
      const { temperature, ...rest } = body
      return temperature === undefined ? Option.none() : Option.some(rest)
    }
    case "max_tokens": {
      const { max_tokens, ...rest } = body
      return max_tokens === undefined ? Option.none() : Option.some({ ...rest, max_completion_tokens: max_tokens })
    }
    case "max_completion_tokens": {
      const { max_completion_tokens, ...rest } = body
      return max_completion_tokens === undefined
        ? Option.none()
        : Option.some({ ...rest, max_tokens: max_completion_tokens })
    }
    case "response_format": {
      if (body.response_format?.type !== "json_schema") return Option.none()
      const schema = JSON.stringify(body.response_format.json_schema.schema)
      const told = {
        role: "system",
        content: `Answer with one JSON object of this JSON schema and nothing else: ${schema}`
      }
      return Option.some({ ...body, messages: [told, ...body.messages], response_format: { type: "json_object" } })
    }
    default:
      return Option.none()
  }
}

/** No more than one of each kind is eased. */
const mostEased = 3

/** The way to the model of `[ai]`; each value of the options gives a service. */
export const make = Effect.fnUntraced(function*(ai: AiSettings) {
  const http = yield* ModelHttp.make({
    module: "OpenAiModel",
    ai,
    path: "/chat/completions",
    signed: (request, key) =>
      Option.match(key, {
        onNone: () => request,
        onSome: (secret) => HttpClientRequest.bearerToken(request, secret)
      })
  })

  const ask = (
    asked: AskedModel,
    body: Body,
    times: number
  ): Effect.Effect<typeof Completion.Type, AiError.AiError> =>
    Effect.catchReason(
      http.ask(asked, body, Completion),
      "AiError",
      "InvalidRequestError",
      ({ parameter }, error) =>
        Option.match(times === 0 ? Option.none() : eased(body, parameter), {
          onNone: () => Effect.fail(error),
          onSome: (next) =>
            Effect.andThen(
              Effect.annotateLogs(Effect.logDebug("asking the model without what its server refuses"), { parameter }),
              ask(asked, next, times - 1)
            )
        })
    )

  const bodyOf = Effect.fnUntraced(function*(
    { prompt, responseFormat, toolChoice, tools }: LanguageModel.ProviderOptions,
    { maxTokens, model, temperature }: AskedModel
  ) {
    const messages = yield* Effect.forEach(prompt.content, messagesOf)
    const body: Body = {
      model,
      messages: messages.flat(),
      ...temperature === undefined ? {} : { temperature },
      // the vendor's newer models refuse the older name, other servers do not know the newer one
      ...maxTokens === undefined
        ? {}
        : isVendors(ai)
        ? { max_completion_tokens: maxTokens }
        : { max_tokens: maxTokens },
      ...tools.length === 0 ? {} : { tools: tools.map(toolOf), tool_choice: choiceOf(toolChoice) },
      ...responseFormat.type === "text" ? {} : {
        response_format: {
          type: "json_schema",
          json_schema: {
            name: responseFormat.objectName,
            strict: true,
            schema: OpenAiStructuredOutput.toCodecOpenAI(responseFormat.schema).jsonSchema
          }
        }
      }
    }
    return body
  }, Effect.mapError(http.error))

  const answer = (asked: AskedModel) =>
    Effect.fnUntraced(function*(options: LanguageModel.ProviderOptions) {
      const completion = yield* ask(asked, yield* bodyOf(options, asked), mostEased)
      const [{ finish_reason, message }] = completion.choices
      if (typeof message.refusal === "string" && message.refusal !== "") {
        return yield* http.error(new AiError.ContentPolicyError({ description: message.refusal.slice(0, 300) }))
      }
      const calls = (message.tool_calls ?? []).map((call, index): Response.PartEncoded => ({
        type: "tool-call",
        id: call.id ?? `call_${index}`,
        name: call.function.name,
        params: written(call.function.arguments ?? "")
      }))
      const text = message.content ?? ""
      const end = {
        id: completion.id ?? undefined,
        model: completion.model ?? undefined,
        reason: reasons[finish_reason ?? ""] ?? "unknown",
        inputTokens: tokens(completion.usage?.prompt_tokens),
        outputTokens: tokens(completion.usage?.completion_tokens)
      }
      annotate(options, "openai", asked, { ...end, finishReason: finish_reason ?? "unknown" })
      const cut = cutShort(options, asked, end)
      if (Option.isSome(cut)) return yield* http.error(cut.value)
      return finished([...text === "" ? [] : [{ type: "text" as const, text }], ...calls], end)
    })

  return (asked: AskedModel): Effect.Effect<LanguageModel.LanguageModel> =>
    LanguageModel.make({
      codecTransformer: OpenAiStructuredOutput.toCodecOpenAI,
      generateText: answer(asked),
      streamText: (options) => streamed(answer(asked)(options))
    })
})
