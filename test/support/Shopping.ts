import { type Duration, Effect, Exit, Fiber, Metric, Option, Schema } from "effect"
import { Tool } from "effect/ai"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { ActivityTimedOut } from "../../src/workflow/ActivityTimeouts.ts"
import * as Agent from "../../src/workflow/Agent.ts"
import { AgentError } from "../../src/workflow/AgentError.ts"
import * as AgentRun from "../../src/workflow/AgentRun.ts"
import * as AgentTool from "../../src/workflow/AgentTool.ts"
import { begin, Pulse } from "./EngineLives.ts"
import type * as ScriptedModel from "./ScriptedModel.ts"

export class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { item: Schema.String }) {}
export class ShopClosed extends Schema.TaggedError<ShopClosed>()("ShopClosed", {}) {}

const Buy = Tool.make("buy", {
  description: "Buys an item",
  parameters: Schema.Struct({ item: Schema.String }),
  success: Schema.Struct({ receipt: Schema.String }),
  failure: SoldOut
})

/** A workflow with one agent, who buys. */
export const Shopping = Workflow.make("shopping", {
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

export interface Shop {
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

/** The body of `Shopping`, with this model and this shop. */
export const bodyOf = (model: Model, shop: Shop, { patience, ...bounds }: Terms = {}, ends = false) => {
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

/** Whatever is bought, is. */
export const always: Shop["outcome"] = () => Exit.void

/** A run to its end, on one engine. */
export const shopping = (model: Model, shop: Shop, terms?: Terms, ends?: boolean) =>
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

export const failureOf = (exit: Exit.Exit<unknown, unknown>) => Option.getOrThrow(Exit.findErrorOption(exit))

export const isAgentError = Schema.is(AgentError)

/** Of an `AgentError` its reason, and of another error its words. */
export const reasonOf = (exit: Exit.Exit<unknown, unknown>) => {
  const failure = failureOf(exit)
  return isAgentError(failure) ? failure.reason : String(failure)
}

/** What a counter says, by its labels. */
export const counted = (name: string) =>
  Effect.map(Metric.snapshot, (all) =>
    all.flatMap((metric) =>
      metric.id === name && metric.type === "Counter"
        ? [[Object.values(metric.attributes ?? {}).join(" "), Number(metric.state.count)] as const]
        : []
    ).toSorted())

/** With metrics of its own. */
export const apart = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => Effect.provideService(test, Metric.MetricRegistry, new Map()))
