import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Option } from "effect"
import { AiError } from "effect/ai"
import { TestClock } from "effect/testing"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { ActivityTimedOut } from "../../src/workflow/ActivityTimeouts.ts"
import { begin } from "../support/EngineLives.ts"
import * as ScriptedModel from "../support/ScriptedModel.ts"
import {
  always,
  apart,
  bodyOf,
  counted,
  failureOf,
  isAgentError,
  reasonOf,
  type Shop,
  ShopClosed,
  Shopping,
  shopping,
  SoldOut
} from "../support/Shopping.ts"

const { call, text } = ScriptedModel

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
