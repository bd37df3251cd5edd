import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Schema, Stream } from "effect"
import { type AiError, Prompt, Tool, Toolkit } from "effect/ai"
import type { AiProvider } from "../../src/domain/AiProvider.ts"
import type { Fault } from "../../src/sandbox/FaultRules.ts"
import type { ModelAnswer } from "../../src/sandbox/ModelScript.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { asked, modelOf, modelWorld, theModel } from "../support/ModelWorld.ts"

const both = ["openai", "anthropic"] as const satisfies ReadonlyArray<AiProvider>

const say = (prompt: string) => Effect.flatMap(asked({ temperature: 0 }), (model) => model.generateText({ prompt }))

const Verdict = Schema.Struct({ choice: Schema.Literals(["c1", "c2", "none"]), confidence: Schema.Finite })

const judge = Effect.flatMap(asked({ temperature: 0, maxTokens: 64 }), (model) =>
  model.generateObject({
    objectName: "verdict",
    schema: Verdict,
    prompt: JSON.stringify({
      request: { title: "Teardrop" },
      candidates: [{ id: "c1", title: "Angel" }, { id: "c2", title: "Teardrop" }]
    })
  }))

const scripted = (...answers: ReadonlyArray<ModelAnswer>) =>
  Effect.flatMap(Sandbox, ({ model }) => model.script(...answers))

const Search = Tool.make("search_track", {
  description: "Finds songs.",
  parameters: Schema.Struct({ query: Schema.String }),
  success: Schema.Array(Schema.String)
})
const tools = Toolkit.make(Search)
const handled = tools.toLayer({ search_track: ({ query }) => Effect.succeed([`${query}!`]) })

const failing = <A, R>(call: Effect.Effect<A, AiError.AiError, R>) =>
  Effect.map(Effect.flip(call), (error) => ({
    tag: error.reason._tag,
    again: error.isRetryable,
    message: error.message,
    after: error.retryAfter
  }))

describe.each(both)("the language model of %s", (provider) => {
  const world = modelWorld({ provider })

  it.effect("answers in words, and says what it cost", () =>
    Effect.gen(function*() {
      yield* scripted({ text: "Bristol." })
      const { finishReason, text, usage } = yield* say("Where is Massive Attack from?")
      assert.deepStrictEqual([text, finishReason], ["Bristol.", "stop"])
      assert.isAbove(usage.inputTokens.total ?? 0, 0)
      yield* scripted({ text: "Bristol." })
      const model = yield* asked()
      const parts = yield* Stream.runCollect(model.streamText({ prompt: "Where?" }))
      assert.deepStrictEqual(
        parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []),
        ["Bristol."]
      )
    }).pipe(Effect.provide(world)))

  it.effect("gives an object of the form that was asked for", () =>
    Effect.gen(function*() {
      const { value } = yield* judge
      assert.deepStrictEqual(value, { choice: "c2", confidence: 1 })
    }).pipe(Effect.provide(world)))

  it.effect("calls tools, and hears what came of it", () =>
    Effect.gen(function*() {
      yield* scripted(
        { text: "I look.", toolCalls: [{ name: "search_track", arguments: { query: "teardrop" } }] },
        { text: "Found." }
      )
      const model = yield* asked()
      const first = yield* model.generateText({ prompt: "Find Teardrop", toolkit: tools })
      assert.deepStrictEqual(first.toolResults.map(({ result }) => result), [["teardrop!"]])
      assert.strictEqual(first.finishReason, "tool-calls")
      const prompt = Prompt.concat(Prompt.make("Find Teardrop"), Prompt.fromResponseParts(first.content))
      const second = yield* model.generateText({ prompt, toolkit: tools, toolChoice: "required" })
      assert.strictEqual(second.text, "Found.")
    }).pipe(Effect.provide(handled), Effect.provide(world)))

  it.effect("that calls tools with nonsense fails in words that name the tool", () =>
    Effect.gen(function*() {
      const model = yield* asked()
      for (const bad of [{ query: 7 }, ...provider === "openai" ? ["{\"query\": \"tear"] : []]) {
        yield* scripted({ toolCalls: [{ name: "search_track", arguments: bad }] })
        const { message } = yield* failing(model.generateText({ prompt: "Find", toolkit: tools }))
        assert.include(message, "search_track")
      }
      yield* scripted({ toolCalls: [{ name: "delete_everything", arguments: {} }] })
      const unknown = yield* failing(model.generateText({ prompt: "Find", toolkit: tools }))
      assert.match(unknown.message, /delete_everything|tool/)
    }).pipe(Effect.provide(handled), Effect.provide(world)))

  it.effect("that refuses the key is not asked again, and the key is in no error", () =>
    Effect.gen(function*() {
      const refused = yield* failing(say("Hello"))
      assert.deepStrictEqual([refused.tag, refused.again], ["AuthenticationError", false])
      assert.include(refused.message, "GLIDER_AI_API_KEY")
      assert.notInclude(JSON.stringify(refused), "a-wrong-key")
    }).pipe(Effect.provide(modelWorld({ provider, key: "a-wrong-key" }))))

  it.effect("that has no key is asked where its server is somebody's own, and not at the vendor's", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* say("Hello")).finishReason, "stop")
      assert.isTrue(Option.isNone(yield* (yield* theModel).keyProblem))
      const [request] = yield* (yield* Sandbox).model.requests
      assert.strictEqual(request?.hasKey, false)
      const vendor = provider === "openai" ? "https://api.openai.com/v1" : "https://api.anthropic.com/v1"
      yield* Effect.gen(function*() {
        const missing = yield* failing(say("Hello"))
        assert.deepStrictEqual([missing.tag, missing.again], ["AuthenticationError", false])
        const problem = Option.getOrThrow(yield* (yield* theModel).keyProblem)
        assert.include(problem.message, "GLIDER_AI_API_KEY is not set")
        assert.strictEqual(problem.fix, "export GLIDER_AI_API_KEY=…")
      }).pipe(Effect.provide(modelWorld({ provider, key: "", baseUrl: vendor })))
    }).pipe(Effect.provide(modelWorld({ provider, key: "" }))))

  it.effect("that is busy, broken or away can be asked again, and says when", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const met = (fault: Fault) => Effect.andThen(faults.script({ fault, provider: "model" }), failing(say("Hello")))
      const busy = yield* met({ _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 7 } })
      assert.deepStrictEqual([busy.tag, busy.again, busy.after], ["RateLimitError", true, Duration.seconds(7)])
      const broken = yield* met({ _tag: "Status", status: 500 })
      assert.deepStrictEqual([broken.tag, broken.again], ["InternalProviderError", true])
      const reset = yield* met({ _tag: "Reset" })
      assert.deepStrictEqual([reset.tag, reset.again], ["NetworkError", true])
      const cut = yield* met({ _tag: "Truncated" })
      assert.deepStrictEqual([cut.tag, cut.again], ["NetworkError", true])
      const torn = yield* met({ _tag: "MalformedJson" })
      assert.deepStrictEqual([torn.tag, torn.again], ["InvalidOutputError", true])
      const page = yield* met({ _tag: "Html" })
      assert.deepStrictEqual([page.tag, page.again], ["InvalidOutputError", true])
      assert.strictEqual((yield* say("Hello")).finishReason, "stop")
    }).pipe(Effect.provide(world)))

  it.live("that says nothing is given up in time", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      yield* faults.script({ fault: { _tag: "Hang" }, provider: "model" })
      const { again, message, tag } = yield* failing(say("Hello"))
      assert.deepStrictEqual([tag, again], ["NetworkError", true])
      assert.include(message, "no whole answer within 50ms")
    }).pipe(Effect.provide(modelWorld({ provider, timeout: "50 millis" }))))

  it.live("has as long as whoever asks it says, unless its owner does", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const hanging = Effect.fnUntraced(function*(timeout: Duration.Duration) {
        yield* faults.script({ fault: { _tag: "Hang" }, provider: "model" })
        const model = yield* asked({ timeout })
        return (yield* failing(model.generateText({ prompt: "Hello" }))).message
      })
      assert.include(yield* hanging(Duration.millis(40)), "no whole answer within 40ms")
      const owned = Effect.provide(hanging(Duration.hours(1)), modelOf({ provider, timeout: "60 millis" }))
      assert.include(yield* owned, "no whole answer within 60ms")
    }).pipe(Effect.provide(world)))

  it.effect("that is cut off in a form or a call is told to be, and at temperature 0 not asked again", () =>
    Effect.gen(function*() {
      const stop = provider === "openai" ? "length" : "max_tokens"
      yield* scripted({ text: "{\"choice\": \"c", stop })
      const form = yield* failing(judge)
      assert.deepStrictEqual([form.tag, form.again], ["InvalidResponseError", false])
      assert.include(form.message, "the answer was cut at 64 tokens: is it a model that thinks first?")
      yield* scripted({ toolCalls: [{ name: "search_track", arguments: { query: "tear" } }], stop })
      const warm = yield* asked({ temperature: 0.7, maxTokens: 99 })
      const called = yield* failing(warm.generateText({ prompt: "Find", toolkit: tools }))
      assert.deepStrictEqual([called.tag, called.again], ["InvalidOutputError", true])
      assert.include(called.message, "cut at 99 tokens")
      yield* scripted({ text: "Once upon a", stop })
      const { finishReason, text } = yield* say("Tell a story")
      assert.deepStrictEqual([text, finishReason], ["Once upon a", "length"])
    }).pipe(Effect.provide(handled), Effect.provide(world)))

  it.effect("that never stops talking is cut off, and not asked again", () =>
    Effect.gen(function*() {
      yield* scripted({ text: "la ".repeat(2 * 1024 * 1024) })
      const { again, message, tag } = yield* failing(say("Sing"))
      assert.deepStrictEqual([tag, again], ["InvalidResponseError", false])
      assert.include(message, "more than 4 MB")
    }).pipe(Effect.provide(world)))

  it.effect("that answers in another form fails, and what it said is not used", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          { object: { choice: "c9", confidence: 1 } },
          { object: { choice: "c1" } },
          { text: "I have successfully added the song." }
        ]
      ) {
        yield* scripted(answer)
        const { again, tag } = yield* failing(judge)
        assert.deepStrictEqual([tag, again], ["StructuredOutputError", true])
      }
      yield* scripted({ body: "{\"unexpected\": true}" })
      assert.strictEqual((yield* failing(judge)).tag, "InvalidOutputError")
    }).pipe(Effect.provide(world)))
})
