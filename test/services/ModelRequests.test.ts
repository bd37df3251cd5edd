import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric, Schema, Tracer } from "effect"
import { Prompt, Tool, Toolkit } from "effect/ai"
import type { ModelAnswer } from "../../src/sandbox/ModelScript.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { asked, modelWorld } from "../support/ModelWorld.ts"

const Search = Tool.make("search_track", {
  description: "Finds songs.",
  parameters: Schema.Struct({ query: Schema.String }),
  success: Schema.Array(Schema.String)
})
const tools = Toolkit.make(Search)
const handled = tools.toLayer({ search_track: () => Effect.succeed(["Teardrop"]) })

const parameters = {
  type: "object",
  properties: { query: { type: "string" } },
  required: ["query"],
  additionalProperties: true
}

const talk = Prompt.make([
  { role: "system", content: "Be brief." },
  { role: "user", content: "Find Teardrop." },
  {
    role: "assistant",
    content: [
      { type: "text", text: "I look." },
      { type: "tool-call", id: "call_1", name: "search_track", params: { query: "teardrop" } },
      { type: "tool-call", id: "call_2", name: "search_track", params: { query: "tear drop" } }
    ]
  },
  {
    role: "tool",
    content: [
      { type: "tool-result", id: "call_1", name: "search_track", isFailure: false, result: ["Teardrop"] },
      { type: "tool-result", id: "call_2", name: "search_track", isFailure: true, result: "nothing found" }
    ]
  }
])

const Verdict = Schema.Struct({ choice: Schema.Literals(["c1", "none"]), confidence: Schema.Finite })

const judge = Effect.flatMap(
  asked({ temperature: 0, maxTokens: 64 }),
  (model) => model.generateObject({ objectName: "verdict", schema: Verdict, prompt: "Which?" })
)

const bodies = Effect.map(Effect.flatMap(Sandbox, ({ model }) => model.requests), (all) => all.map(({ body }) => body))

const scripted = (...answers: ReadonlyArray<ModelAnswer>) =>
  Effect.flatMap(Sandbox, ({ model }) => model.script(...answers))

describe("a request to OpenAI's chat completions", () => {
  const world = modelWorld({ provider: "openai" })

  it.effect("holds the talk so far, the tools and which of them may be called", () =>
    Effect.gen(function*() {
      const model = yield* asked({ model: "gpt-4o-mini", temperature: 0.7 })
      yield* model.generateText({ prompt: talk, toolkit: tools, toolChoice: { tool: "search_track" } })
      assert.deepStrictEqual(yield* bodies, [{
        model: "gpt-4o-mini",
        temperature: 0.7,
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Find Teardrop." },
          {
            role: "assistant",
            content: "I look.",
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "search_track", arguments: "{\"query\":\"teardrop\"}" }
              },
              {
                id: "call_2",
                type: "function",
                function: { name: "search_track", arguments: "{\"query\":\"tear drop\"}" }
              }
            ]
          },
          { role: "tool", tool_call_id: "call_1", content: "[\"Teardrop\"]" },
          { role: "tool", tool_call_id: "call_2", content: "nothing found" }
        ],
        tools: [{ type: "function", function: { name: "search_track", description: "Finds songs.", parameters } }],
        tool_choice: { type: "function", function: { name: "search_track" } }
      }])
    }).pipe(Effect.provide(handled), Effect.provide(world)))

  it.effect("names the form of the answer as a strict JSON schema", () =>
    Effect.gen(function*() {
      yield* scripted({ object: { choice: "c1", confidence: 1 } })
      yield* judge
      assert.deepStrictEqual(yield* bodies, [{
        model: "gpt-4o",
        temperature: 0,
        max_tokens: 64,
        messages: [{ role: "user", content: "Which?" }],
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "verdict",
            strict: true,
            schema: {
              type: "object",
              properties: { choice: { type: "string", enum: ["c1", "none"] }, confidence: { type: "number" } },
              required: ["choice", "confidence"],
              additionalProperties: false
            }
          }
        }
      }])
    }).pipe(Effect.provide(world)))

  it.effect("is sent again without what the server refuses, and the answer is held to its form all the same", () =>
    Effect.gen(function*() {
      const refusals = [
        "'response_format' of type 'json_schema' is not supported with this model.",
        "Unsupported value: 'temperature' does not support 0 with this model.",
        "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
      ].map((text) => ({ status: 400, text }))
      yield* scripted(...refusals, { object: { choice: "c1", confidence: 1 } })
      assert.strictEqual((yield* judge).value.choice, "c1")
      const [first, ...others] = yield* bodies
      assert.isDefined(first?.["temperature"])
      assert.lengthOf(others, 3)
      const last = others.at(-1)
      assert.deepStrictEqual(last?.["response_format"], { type: "json_object" })
      assert.deepStrictEqual([last?.["temperature"], last?.["max_tokens"]], [undefined, undefined])
      assert.include(JSON.stringify(last?.["messages"]), "JSON schema")
      yield* scripted(...refusals.slice(0, 1), { object: { choice: "c7", confidence: 1 } })
      assert.strictEqual((yield* Effect.flip(judge)).reason._tag, "StructuredOutputError")
      yield* scripted({ status: 400, text: "no such thing" }, { status: 400, text: "not asked for" })
      assert.strictEqual((yield* Effect.flip(judge)).reason._tag, "InvalidRequestError")
      assert.lengthOf(yield* bodies, 7)
    }).pipe(Effect.provide(world)))
})

describe("a request to Anthropic's messages", () => {
  const world = modelWorld({ provider: "anthropic" })

  it.effect("holds the talk so far with roles that take turns, and the tools", () =>
    Effect.gen(function*() {
      const model = yield* asked()
      const prompt = Prompt.concat(talk, "Which one?")
      yield* model.generateText({ prompt, toolkit: tools, toolChoice: "required" })
      assert.deepStrictEqual(yield* bodies, [{
        model: "claude-sonnet-4-5",
        max_tokens: 4096,
        system: "Be brief.",
        messages: [
          { role: "user", content: [{ type: "text", text: "Find Teardrop." }] },
          {
            role: "assistant",
            content: [
              { type: "text", text: "I look." },
              { type: "tool_use", id: "call_1", name: "search_track", input: { query: "teardrop" } },
              { type: "tool_use", id: "call_2", name: "search_track", input: { query: "tear drop" } }
            ]
          },
          {
            role: "user",
            content: [
              { type: "tool_result", tool_use_id: "call_1", content: "[\"Teardrop\"]" },
              { type: "tool_result", tool_use_id: "call_2", content: "nothing found", is_error: true },
              { type: "text", text: "Which one?" }
            ]
          }
        ],
        tools: [{ name: "search_track", description: "Finds songs.", input_schema: parameters }],
        tool_choice: { type: "any" }
      }])
      const [request] = yield* (yield* Sandbox).model.requests
      assert.strictEqual(request?.headers["anthropic-version"], "2023-06-01")
    }).pipe(Effect.provide(handled), Effect.provide(world)))

  it.effect("asks for an answer of a form by a tool that has to be called", () =>
    Effect.gen(function*() {
      yield* scripted({ object: { choice: "c1", confidence: 1 } })
      yield* judge
      assert.deepStrictEqual(yield* bodies, [{
        model: "claude-sonnet-4-5",
        max_tokens: 64,
        temperature: 0,
        messages: [{ role: "user", content: [{ type: "text", text: "Which?" }] }],
        tools: [{
          name: "verdict",
          description: "Gives the answer.",
          input_schema: {
            type: "object",
            properties: { choice: { type: "string", enum: ["c1", "none"] }, confidence: { type: "number" } },
            required: ["choice", "confidence"],
            additionalProperties: false
          }
        }],
        tool_choice: { type: "tool", name: "verdict" }
      }])
    }).pipe(Effect.provide(world)))

  it.effect("is sent again without a temperature that the model refuses", () =>
    Effect.gen(function*() {
      yield* scripted(
        { status: 400, text: "`temperature` is not supported by this model." },
        { object: { choice: "none", confidence: 0 } }
      )
      assert.strictEqual((yield* judge).value.choice, "none")
      assert.deepStrictEqual((yield* bodies).map(({ temperature }) => temperature), [0, undefined])
    }).pipe(Effect.provide(world)))
})

describe("what is told of requests to a model", () => {
  it.effect("is counted by model and by what became of them, and our traces stay here", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const spans: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      const call = Effect.withTracer(
        Effect.flatMap(asked(), (model) => model.generateText({ prompt: "a secret question" })),
        tracer
      )
      yield* call
      yield* faults.script({ fault: { _tag: "Status", status: 503 }, provider: "model" })
      yield* Effect.flip(call)
      const counted = (yield* Metric.snapshot)
        .flatMap((metric) =>
          metric.id === "openai_model_invocations_total" && metric.type === "Counter"
            ? [[metric.attributes?.["model"], metric.attributes?.["status"], Number(metric.state.count)]]
            : []
        )
      assert.sameDeepMembers(counted, [["gpt-4o", "ok", 1], ["gpt-4o", "unavailable", 1]])
      const [request] = yield* (yield* Sandbox).model.requests
      assert.deepStrictEqual([request?.headers["traceparent"], request?.headers["b3"]], [undefined, undefined])
      const span = spans.find(({ name }) => name === "LanguageModel.generateText")
      assert.deepStrictEqual(
        ["provider.name", "request.model", "operation.name"].map((name) => span?.attributes.get(`gen_ai.${name}`)),
        ["openai", "gpt-4o", "chat"]
      )
      const told = JSON.stringify(spans.map(({ attributes }) => [...attributes]))
      assert.notInclude(told, "a secret question")
      assert.notInclude(told, "sandbox-model-key")
    }).pipe(
      Effect.provide(modelWorld({ provider: "openai" })),
      Effect.provideService(Metric.MetricRegistry, new Map())
    ))
})
