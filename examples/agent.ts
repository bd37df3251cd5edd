// npm exec -- node examples/agent.ts [folder]
/**
 * An agent in the body of a workflow: a language model buys a lamp, with a tool that may fail. What the model says and what the tool did is
 * recorded, so on the same folder nothing is asked or bought again.
 *
 * The model is a stand-in that needs no key; any `LanguageModel` of `effect/ai` takes its place.
 */
import { Console, Effect, Option, Schema, Stream } from "effect"
import { LanguageModel, type Response, Tool } from "effect/ai"
import { Workflow } from "effect/workflow"
import { ActivityTimedOut } from "../src/workflow/ActivityTimeouts.ts"
import * as Agent from "../src/workflow/Agent.ts"
import { AgentError } from "../src/workflow/AgentError.ts"
import * as AgentRun from "../src/workflow/AgentRun.ts"
import * as AgentTool from "../src/workflow/AgentTool.ts"
import * as Example from "./support/Example.ts"

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { item: Schema.String }) {}
class ShopClosed extends Schema.TaggedError<ShopClosed>()("ShopClosed", {}) {}

const Buy = Tool.make("buy", {
  description: "Buys an item",
  parameters: Schema.Struct({ item: Schema.String }),
  success: Schema.Struct({ euros: Schema.Finite }),
  failure: SoldOut // the model is told, and may do something about it
})

let attempts = 0

const buy = AgentTool.activity(Buy, {
  error: ShopClosed, // tried again, and then the end of the run: no model can mend it
  retry: {
    initialInterval: "100 millis",
    maximumInterval: "1 second",
    maximumAttempts: 3,
    nonRetryable: ({ _tag }) => _tag === "SoldOut"
  },
  execute: Effect.fnUntraced(function*({ item }) {
    yield* Console.log(`  buy ${item}`)
    if (item === "red lamp") return yield* new SoldOut({ item })
    if (++attempts === 1) return yield* new ShopClosed()
    return { euros: 30 }
  })
})

const Outcome = Schema.Struct({ bought: Schema.Boolean, reason: Schema.String })

const buyer = Agent.make({
  name: "Buyer",
  instructions: "Buy what is asked for, or something like it.",
  tools: [buy],
  output: Outcome
})

const call = (name: string, params: object): ReadonlyArray<Response.PartEncoded> => [
  { type: "tool-call", id: name, name, params }
]

/** Says one thing after the other, by how much was said before. */
const standIn = LanguageModel.make({
  generateText: ({ prompt }) =>
    Effect.gen(function*() {
      const turn = prompt.content.filter(({ role }) => role === "assistant").length
      yield* Console.log(`  the model is asked, the ${["first", "second", "third"][turn] ?? "next"} time`)
      const answers = [
        call("buy", { item: "red lamp" }),
        call("buy", { item: "blue lamp" }),
        call("answer", { bought: true, reason: "blue, since red was sold out" })
      ]
      return [...answers[turn] ?? []]
    }),
  streamText: () => Stream.empty
})

const Shopping = Workflow.make("shopping", {
  payload: { id: Schema.String, item: Schema.String },
  success: Outcome,
  error: Schema.Union([AgentError, ShopClosed, SoldOut, ActivityTimedOut]),
  idempotencyKey: ({ id }) => id
})

const shopping = Shopping.toLayer(Effect.fnUntraced(function*({ item }) {
  const { answer } = yield* AgentRun.run({ agent: buyer, task: { item }, model: standIn })
  return Option.getOrThrow(answer)
}))

Example.run(
  [shopping],
  Effect.gen(function*() {
    const { bought, reason } = yield* Shopping.execute({ id: "1", item: "red lamp" })
    yield* Console.log(`bought: ${bought}, ${reason}`)
  })
)
