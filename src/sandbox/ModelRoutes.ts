/** A language model that speaks OpenAI's chat completions and Anthropic's messages. */
import { Schema } from "effect"
import type { JsonObject } from "./Contract.ts"
import { type Call, ok, type Reply, type Route, sentObject } from "./Exchange.ts"
import { answerFor, sentence } from "./ModelChoice.ts"
import type { ModelAnswer, ModelScript } from "./ModelScript.ts"
import { modelError } from "./Refusals.ts"

const isObject = Schema.is(Schema.JsonObject)

/** What lies at a path of a body. */
const at = (value: Schema.Json | undefined, ...path: ReadonlyArray<string>): Schema.Json | undefined =>
  path.reduce<Schema.Json | undefined>((inner, step) => isObject(inner) ? inner[step] : undefined, value)

const rows = (value: Schema.Json | undefined): ReadonlyArray<JsonObject> =>
  Array.isArray(value) ? value.filter(isObject) : []

/** The text of the last message of the user. */
const lastWords = (body: JsonObject): string => {
  const content = rows(body["messages"]).findLast((message) => message["role"] === "user")?.["content"]
  if (typeof content === "string") return content
  return rows(content).flatMap(({ text }) => typeof text === "string" ? [text] : []).join("\n")
}

const count = (text: string): number => Math.ceil(text.length / 4)

/** What the model says, in neither form yet. */
type Saying = Pick<ModelAnswer, "text" | "toolCalls" | "object" | "stop">

interface Form {
  readonly api: "openai" | "anthropic"
  readonly path: `/${string}`
  /** The key that is shown. */
  readonly keyOf: (call: Call) => string | undefined
  /** What the vendor refuses in any case. */
  readonly refused: (call: Call, body: JsonObject) => Reply | undefined
  /** The JSON schema of the object that is asked for. */
  readonly schemaOf: (body: JsonObject) => JsonObject | undefined
  readonly reply: (saying: Saying, body: JsonObject, number: number) => JsonObject
}

const openai: Form = {
  api: "openai",
  path: "/model/openai/v1/chat/completions",
  keyOf: (call) => call.header("authorization")?.replace(/^Bearer /i, ""),
  refused: (_, body) =>
    rows(body["messages"]).length === 0
      ? modelError("openai", 400, "Invalid 'messages': empty array.", "messages")
      : typeof body["model"] === "string"
      ? undefined
      : modelError("openai", 400, "you must provide a model parameter"),
  schemaOf: (body) => {
    const schema = at(body, "response_format", "json_schema", "schema")
    return isObject(schema) ? schema : undefined
  },
  reply: ({ object, stop, text, toolCalls = [] }, body, number) => {
    const content = object === undefined ? text ?? null : JSON.stringify(object)
    return {
      id: `chatcmpl-${number}`,
      object: "chat.completion",
      created: 1_764_000_000 + number,
      model: body["model"] ?? null,
      choices: [{
        index: 0,
        message: {
          role: "assistant",
          content,
          refusal: null,
          ...toolCalls.length === 0 ? {} : {
            tool_calls: toolCalls.map(({ arguments: sent, name }, index) => ({
              id: `call_${number}_${index}`,
              type: "function",
              function: { name, arguments: typeof sent === "string" ? sent : JSON.stringify(sent) }
            }))
          }
        },
        logprobs: null,
        finish_reason: stop ?? (toolCalls.length > 0 ? "tool_calls" : "stop")
      }],
      usage: {
        prompt_tokens: count(JSON.stringify(body["messages"])),
        completion_tokens: count(content ?? ""),
        total_tokens: count(JSON.stringify(body["messages"])) + count(content ?? "")
      }
    }
  }
}

const anthropic: Form = {
  api: "anthropic",
  path: "/model/anthropic/v1/messages",
  keyOf: (call) => call.header("x-api-key"),
  refused: (call, body) => {
    if (call.header("anthropic-version") === undefined) {
      return modelError("anthropic", 400, "anthropic-version: header is required")
    }
    if (typeof body["max_tokens"] !== "number") return modelError("anthropic", 400, "max_tokens: Field required")
    const messages = rows(body["messages"])
    const repeats = messages.some((message, index) => message["role"] === messages[index - 1]?.["role"])
    if (messages.length === 0) return modelError("anthropic", 400, "messages: at least one message is required")
    return repeats
      ? modelError("anthropic", 400, "messages: roles must alternate between \"user\" and \"assistant\"")
      : undefined
  },
  schemaOf: (body) => {
    const forced = at(body, "tool_choice", "type") === "tool" ? at(body, "tool_choice", "name") : undefined
    const schema = rows(body["tools"]).find(({ name }) => forced !== undefined && name === forced)?.["input_schema"]
    return isObject(schema) ? schema : undefined
  },
  reply: ({ object, stop, text, toolCalls = [] }, body, number) => {
    const form = at(body, "tool_choice", "name") ?? rows(body["tools"]).at(-1)?.["name"] ?? "answer"
    const calls = [...toolCalls, ...object === undefined ? [] : [{ name: String(form), arguments: object }]]
    return {
      id: `msg_${number}`,
      type: "message",
      role: "assistant",
      model: body["model"] ?? null,
      content: [
        ...text === undefined ? [] : [{ type: "text", text }],
        ...calls.map(({ arguments: input, name }, index) => ({
          type: "tool_use",
          id: `toolu_${number}_${index}`,
          name,
          input
        }))
      ],
      stop_reason: stop ?? (calls.length > 0 ? "tool_use" : "end_turn"),
      stop_sequence: null,
      usage: {
        input_tokens: count(JSON.stringify(body["messages"])),
        output_tokens: count(JSON.stringify([text, calls]))
      }
    }
  }
}

const shown = new Set(["anthropic-version", "content-type", "user-agent", "traceparent", "b3"])

export const modelRoutes = ({ at: now, key, script }: {
  readonly key: string
  readonly script: ModelScript
  readonly at: () => string
}): ReadonlyArray<Route> => {
  let number = 0

  const answer = (form: Form) => (call: Call): Reply => {
    const body = sentObject(call)
    if (body === undefined) return modelError(form.api, 400, "We could not parse the JSON body of your request.")
    const given = form.keyOf(call)
    script.note({
      at: now(),
      api: form.api,
      hasKey: given !== undefined,
      headers: Object.fromEntries([...shown].flatMap((name) => {
        const value = call.header(name)
        return value === undefined ? [] : [[name, value]]
      })),
      body
    })
    if (given !== undefined && given !== key) {
      return modelError(
        form.api,
        401,
        form.api === "openai" ? `Incorrect API key provided: ${given}.` : "invalid x-api-key"
      )
    }
    const refused = form.refused(call, body)
    if (refused !== undefined) return refused
    const scripted = script.next(call.json)
    const { delaySeconds, headers } = scripted ?? {}
    const around = {
      ...headers === undefined ? {} : { headers },
      ...delaySeconds === undefined ? {} : { delaySeconds }
    }
    if (scripted?.body !== undefined) {
      return {
        status: scripted.status ?? 200,
        body: scripted.body,
        ...around,
        headers: { "content-type": "application/json", ...headers }
      }
    }
    if (scripted?.status !== undefined && scripted.status >= 400) {
      return { ...modelError(form.api, scripted.status, scripted.text ?? "scripted"), ...around }
    }
    const schema = form.schemaOf(body)
    const own: Saying = schema === undefined ? { text: sentence } : { object: answerFor(schema, lastWords(body)) }
    return { ...ok(form.reply(scripted ?? own, body, ++number)), ...around }
  }

  return [openai, anthropic].map((form): Route => ({
    method: "POST",
    path: form.path,
    provider: "model",
    endpoint: "api",
    answer: answer(form)
  }))
}
