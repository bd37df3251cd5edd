import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import type * as AgentRun from "../../src/workflow/AgentRun.ts"
import * as ScriptedModel from "../support/ScriptedModel.ts"
import { always, apart, counted, reasonOf, type Shop, shopping } from "../support/Shopping.ts"

const { call, text } = ScriptedModel

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
