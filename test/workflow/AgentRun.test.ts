import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Metric, Option, Schema } from "effect"
import { AiError, Tool } from "effect/ai"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { ActivityTimedOut } from "../../src/workflow/ActivityTimeouts.ts"
import * as Agent from "../../src/workflow/Agent.ts"
import { AgentError } from "../../src/workflow/AgentError.ts"
import * as AgentRun from "../../src/workflow/AgentRun.ts"
import * as AgentTool from "../../src/workflow/AgentTool.ts"
import { begin, Pulse } from "../support/EngineLives.ts"
import * as ScriptedModel from "../support/ScriptedModel.ts"

const { call, text } = ScriptedModel

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { item: Schema.String }) {}
class ShopClosed extends Schema.TaggedError<ShopClosed>()("ShopClosed", {}) {}

const Buy = Tool.make("buy", {
  description: "Buys an item",
  parameters: Schema.Struct({ item: Schema.String }),
  success: Schema.Struct({ receipt: Schema.String }),
  failure: SoldOut
})

const Shopping = Workflow.make("shopping", {
  payload: { id: Schema.String },
  success: Schema.Struct({
    said: Schema.NullOr(Schema.String),
    agents: Schema.Array(Schema.String),
    turns: Schema.Int,
    toolCalls: Schema.Int
  }),
  error: Schema.Union([AgentError, ShopClosed, ActivityTimedOut]),
  idempotencyKey: ({ id }) => id
})

interface Shop {
  /** What was bought, each time that it was. */
  readonly bought: Array<string>
  /** What becomes of an attempt. */
  readonly outcome: (item: string, attempt: number) => Exit.Exit<void, SoldOut | ShopClosed>
}

const buying = ({ bought, outcome }: Shop, ends = false) =>
  AgentTool.activity(Buy, {
    error: ShopClosed,
    ends,
    retry: {
      initialInterval: "1 second",
      maximumInterval: "10 seconds",
      maximumAttempts: 3,
      nonRetryable: ({ _tag }) => _tag === "SoldOut"
    },
    execute: ({ item }) =>
      Effect.gen(function*() {
        yield* yield* Pulse
        bought.push(item)
        yield* outcome(item, bought.length)
        return { receipt: `one ${item}` }
      })
  })

type Model = Effect.Success<ReturnType<typeof ScriptedModel.make>>["model"]

/** What differs from the usual. */
type Terms = Partial<AgentRun.Bounds> & { readonly patience?: Duration.Input }

const bodyOf = (model: Model, shop: Shop, { patience, ...bounds }: Terms = {}, ends = false) => {
  const buyer = Agent.make({
    name: "Buyer",
    instructions: "Buy what is asked for.",
    tools: [buying(shop, ends)],
    output: Schema.Struct({ said: Schema.String })
  })
  return Shopping.toLayer(Effect.fnUntraced(function*({ id }) {
    const { answer, ...done } = yield* AgentRun.run({
      agent: buyer,
      task: { for: id },
      model: Effect.succeed(model),
      bounds,
      patience
    })
    return { ...done, said: Option.match(answer, { onNone: () => null, onSome: ({ said }) => said }) }
  }))
}

const always: Shop["outcome"] = () => Exit.void

/** A run to its end, on one engine. */
const shopping = (model: Model, shop: Shop, terms?: Terms, ends?: boolean) =>
  Effect.gen(function*() {
    const journal = JournalMemory.make()
    const life = yield* begin(journal, { handlers: bodyOf(model, shop, terms, ends) })
    const fiber = yield* Effect.forkChild(life.do(Effect.exit(Shopping.execute({ id: "a" }))))
    while (fiber.pollUnsafe() === undefined) {
      yield* life.quiet
      yield* TestClock.adjust("20 seconds")
    }
    const exit = yield* Fiber.join(fiber)
    yield* life.stop
    return { exit, journal }
  })

const failureOf = (exit: Exit.Exit<unknown, unknown>) => Option.getOrThrow(Exit.findErrorOption(exit))

const isAgentError = Schema.is(AgentError)

const reasonOf = (exit: Exit.Exit<unknown, unknown>) => {
  const failure = failureOf(exit)
  return isAgentError(failure) ? failure.reason : String(failure)
}

const counted = (name: string) =>
  Effect.map(Metric.snapshot, (all) =>
    all.flatMap((metric) =>
      metric.id === name && metric.type === "Counter"
        ? [[Object.values(metric.attributes ?? {}).join(" "), Number(metric.state.count)] as const]
        : []
    ).toSorted())

/** With metrics of its own. */
const apart = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => Effect.provideService(test, Metric.MetricRegistry, new Map()))

describe("an agent", () => {
  it.effect("does its task with its tools, and says in a form how it went", () =>
    Effect.gen(function*() {
      const { asked, model } = yield* ScriptedModel.saying(
        [text("I buy a lamp"), call("buy", { item: "lamp" })],
        [call("answer", { said: "bought" })]
      )
      const shop = { bought: [], outcome: always }
      const { exit } = yield* shopping(model, shop)
      assert.deepStrictEqual(exit, Exit.succeed({ said: "bought", agents: ["Buyer"], turns: 2, toolCalls: 2 }))
      assert.deepStrictEqual(shop.bought, ["lamp"])
      assert.deepStrictEqual(asked.map(({ results, task, tools }) => ({ results, task, tools })), [
        { results: [], task: "{\"for\":\"a\"}", tools: ["buy", "answer"] },
        {
          results: [{ name: "buy", isFailure: false, result: { receipt: "one lamp" } }],
          task: "{\"for\":\"a\"}",
          tools: ["buy", "answer"]
        }
      ])
      assert.match(asked[0]?.system ?? "", /^Buy what is asked for\.\n\n.*data of strangers/)
    }))

  it.effect("is at its end with a tool that ends its task, whatever else it called", () =>
    Effect.gen(function*() {
      const { asked, model } = yield* ScriptedModel.saying([
        call("buy", { item: "lamp" }),
        call("buy", { item: "sofa" })
      ])
      const shop = { bought: [], outcome: always }
      const { exit } = yield* shopping(model, shop, {}, true)
      assert.deepStrictEqual(exit, Exit.succeed({ said: null, agents: ["Buyer"], turns: 1, toolCalls: 1 }))
      assert.deepStrictEqual([shop.bought, asked.length], [["lamp"], 1])
    }))

  it.effect("goes on after any crash, however long it was away, and asks and buys nothing again that was recorded", () =>
    Effect.gen(function*() {
      const wrong: Array<string> = []
      let crashed = true
      for (let at = 1; crashed; at++) {
        for (const applied of [false, true]) {
          const script = yield* ScriptedModel.make(({ results }) =>
            results.length < 2 ? [call("buy", { item: `item ${results.length}` })] : [call("answer", { said: "both" })]
          )
          const shop: Shop = { bought: [], outcome: always }
          const journal = JournalMemory.make()
          const handlers = bodyOf(script.model, shop)
          const first = yield* begin(journal, { handlers, crash: { at, applied } })
          const before = yield* first.attempt(Shopping.execute({ id: "a" }))
          crashed = Option.isNone(before)
          const loaded = yield* Effect.forEach(journal.runs.keys(), (id) => journal.load(id))
          const recorded = new Set(JSON.stringify(loaded).match(/"name":"(?:buy|model) [^"]*"/g))
          const [asked, bought] = [script.asked.length, shop.bought.length]
          yield* TestClock.adjust("31 minutes")
          const second = yield* begin(journal, { handlers })
          const result = yield* second.do(Shopping.execute({ id: "a" }))
          yield* second.stop
          const steps = (kind: string) => [...recorded].filter((name) => name.includes(kind)).length
          if (result.said !== "both") wrong.push(`commit ${at}: said ${result.said}`)
          if (crashed && script.asked.length - asked !== 3 - steps("model")) {
            wrong.push(
              `commit ${at}: of 3 questions ${steps("model")} were recorded, ${script.asked.length - asked} asked again`
            )
          }
          if (crashed && shop.bought.length - bought !== 2 - steps("buy")) {
            wrong.push(
              `commit ${at}: of 2 purchases ${steps("buy")} were recorded, ${shop.bought.length - bought} made again`
            )
          }
        }
        assert.isBelow(at, 30)
      }
      assert.deepStrictEqual(wrong, [])
    }))

  it.effect("has its tools tried again as they say, and counts each attempt once", () =>
    Effect.gen(function*() {
      const { asked, model } = yield* ScriptedModel.saying(
        [call("buy", { item: "lamp" })],
        [call("answer", { said: "bought" })]
      )
      const shop: Shop = {
        bought: [],
        outcome: (_, attempt) => attempt < 3 ? Exit.fail(new ShopClosed()) : Exit.void
      }
      const { exit } = yield* shopping(model, shop)
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual([shop.bought.length, asked.length], [3, 2])
      assert.deepStrictEqual(yield* counted("openai_tool_invocations_total"), [["buy error", 2], ["buy success", 1]])
      assert.deepStrictEqual(yield* counted("openai_agent_invocations_total"), [["Buyer completed", 1]])
    }).pipe(apart))

  it.effect("ends with the error of a tool that no attempt mends, and is told a failure that it may mend", () =>
    Effect.gen(function*() {
      const { asked, model } = yield* ScriptedModel.saying(
        [call("buy", { item: "lamp" })],
        [call("answer", { said: "sold out" })]
      )
      const soldOut = yield* shopping(model, { bought: [], outcome: (item) => Exit.fail(new SoldOut({ item })) })
      assert.isTrue(Exit.isSuccess(soldOut.exit))
      assert.deepStrictEqual(asked[1]?.results, [
        { name: "buy", isFailure: true, result: { _tag: "SoldOut", item: "lamp" } }
      ])
      const shop: Shop = { bought: [], outcome: () => Exit.fail(new ShopClosed()) }
      const closed = yield* shopping((yield* ScriptedModel.saying([call("buy", { item: "lamp" })])).model, shop)
      assert.instanceOf(failureOf(closed.exit), ShopClosed)
      assert.lengthOf(shop.bought, 3)
    }))
})

describe("a model that does what it should not", () => {
  const ended = Effect.fnUntraced(function*(answer: Parameters<typeof ScriptedModel.make>[0], bounds = {}) {
    const script = yield* ScriptedModel.make(answer)
    const shop: Shop = { bought: [], outcome: always }
    const { exit } = yield* shopping(script.model, shop, bounds)
    return { ...script, shop, exit }
  })

  it.effect("is refused tools that the agent does not have, and told which there are", () =>
    Effect.gen(function*() {
      const { asked, exit, shop } = yield* ended(({ number }) =>
        number === 1
          ? [call("delete_everything", { sure: true }), call("__proto__"), call("constructor")]
          : [call("answer", { said: "well" })]
      )
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(shop.bought, [])
      assert.deepStrictEqual(
        asked[1]?.results.map(({ isFailure, result }) => [isFailure, result]),
        [1, 2, 3].map(() => [
          true,
          { refused: "there is no such tool; there are buy, answer" }
        ])
      )
      assert.deepStrictEqual(yield* counted("openai_tool_invocations_total"), [["unknown refused", 3]])
    }).pipe(apart))

  it.effect("is told what is wrong with its arguments, and with its answer", () =>
    Effect.gen(function*() {
      const { asked, exit, shop } = yield* ended(({ number }) =>
        number === 1
          ? [call("buy", "{\"item\": "), call("buy", { item: 7 }), call("buy", { item: "lamp", price: 0 })]
          : number === 2
          ? [call("answer", { text: "successfully bought" })]
          : [call("answer", { said: "nothing" })]
      )
      assert.deepStrictEqual(Exit.map(exit, ({ said }) => said), Exit.succeed("nothing"))
      assert.deepStrictEqual(shop.bought, [])
      const told = asked[2]?.results.map(({ result }) => String(ScriptedModel.fieldOf(result, "refused"))) ?? []
      assert.lengthOf(told, 4)
      for (const [index, expected] of [/object/i, /string/i, /price/, /said/].entries()) {
        assert.match(told[index] ?? "", expected)
      }
    }))

  for (
    const [what, reason, answer, bounds] of [
      ["only talks", "turns", () => [text("successfully bought")], {}],
      ["says nothing", "turns", () => [], {}],
      ["calls without end", "turns", () => [call("buy", { item: "lamp" })], {}],
      ["calls without end, where turns are many", "tool_calls", () => [call("buy", { item: "lamp" })], { turns: 1000 }],
      [
        "calls very much at once",
        "tool_calls",
        () => Array.from({ length: 6 }, () => call("buy", { item: "lamp" })),
        {}
      ],
      ["talks for very long", "answer_size", () => [text("x".repeat(100_000))], {}],
      ["calls with very long arguments", "answer_size", () => [call("buy", { item: "x".repeat(3_000_000) })], {}],
      ["has a tool give very much", "result_size", () => [call("buy", { item: "x".repeat(20_000) })], {}]
    ] satisfies ReadonlyArray<readonly [string, string, () => ScriptedModel.Said, Partial<AgentRun.Bounds>]>
  ) {
    it.effect(`ends as an AgentError of its ${reason} where it ${what}`, () =>
      Effect.gen(function*() {
        const { asked, exit } = yield* ended(answer, bounds)
        assert.strictEqual(reasonOf(exit), reason)
        assert.isAtMost(asked.length, 21)
        assert.deepStrictEqual(yield* counted("openai_agent_invocations_total"), [["Buyer failed", 1]])
      }).pipe(apart))
  }

  it.effect("is asked no more after the time that is given", () =>
    Effect.gen(function*() {
      const { asked, exit } = yield* ended(() => Effect.as(Effect.sleep("4 minutes"), [text("hm")]), {
        time: "10 minutes"
      })
      assert.deepStrictEqual([reasonOf(exit), asked.length], ["time", 3])
    }))
})

describe("a model that fails", () => {
  const failing = (reason: AiError.AiErrorReason) => AiError.make({ module: "Test", method: "generateText", reason })

  it.effect("is asked three times where it may go well, and once where its key is wrong", () =>
    Effect.gen(function*() {
      const busy = failing(new AiError.RateLimitError({ retryAfter: Duration.seconds(7) }))
      const script = yield* ScriptedModel.make(() => Effect.fail(busy))
      const { exit } = yield* shopping(script.model, { bought: [], outcome: always })
      const failure = failureOf(exit)
      assert.deepStrictEqual([reasonOf(exit), script.asked.length], ["model", 3])
      assert.isTrue(isAgentError(failure) && failure.retryable)

      const invalid = failing(new AiError.AuthenticationError({ kind: "InvalidKey" }))
      const refusing = yield* ScriptedModel.make(() => Effect.fail(invalid))
      const once = yield* shopping(refusing.model, { bought: [], outcome: always })
      const refusal = failureOf(once.exit)
      assert.deepStrictEqual([reasonOf(once.exit), refusing.asked.length], ["model", 1])
      assert.isFalse(isAgentError(refusal) && refusal.retryable)
    }))

  it.effect("is given up after five minutes, three times", () =>
    Effect.gen(function*() {
      const script = yield* ScriptedModel.make(() => Effect.never)
      const { exit } = yield* shopping(script.model, { bought: [], outcome: always })
      assert.instanceOf(failureOf(exit), ActivityTimedOut)
      assert.lengthOf(script.asked, 3)
    }))

  it.effect("is waited for as long as whoever asks it wants", () =>
    Effect.gen(function*() {
      const script = yield* ScriptedModel.make(() =>
        Effect.as(Effect.sleep("8 minutes"), [call("answer", { said: "at last" })])
      )
      const { exit } = yield* shopping(script.model, { bought: [], outcome: always }, { patience: "10 minutes" })
      assert.deepStrictEqual(Exit.map(exit, ({ said }) => said), Exit.succeed("at last"))
      assert.lengthOf(script.asked, 1)
    }))
})
