import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { Activity, Workflow, type WorkflowEngine } from "effect/workflow"
import type { Surreal } from "../../src/services/Surreal.ts"
import { body } from "../../src/workflow/Body.ts"
import { engines, on } from "./Engines.ts"

class Shop extends Context.Service<Shop, { readonly charge: Effect.Effect<string> }>()("glider/test/Shop") {}

const Order = Workflow.make("order", {
  payload: { id: Schema.String },
  success: Schema.String,
  idempotencyKey: ({ id }) => id
})

const charging = (execute: Effect.Effect<string, never, Shop>) =>
  Activity.make({ name: "charge", success: Schema.String, execute })

const byItself = Effect.flatMap(Shop, ({ charge }) => charge)

/** Whether `body` takes a function that gives such an effect; told by the compiler. */
type IsTaken<Given> = [Given] extends [ReturnType<Parameters<typeof body>[0]>] ? "taken" : "refused"

it("a body that asks for a service by itself does not compile", () => {
  const told: readonly [
    pure: IsTaken<Effect.Effect<string>>,
    withEngine: IsTaken<Effect.Effect<string, never, WorkflowEngine.WorkflowInstance>>,
    byItself: IsTaken<typeof byItself>,
    byAnActivityThatWasNotGivenIt: IsTaken<ReturnType<typeof charging>>,
    database: IsTaken<Effect.Effect<void, never, Surreal>>,
    otherMachines: IsTaken<Effect.Effect<void, never, HttpClient.HttpClient>>
  ] = ["taken", "taken", "refused", "refused", "refused", "refused"]
  assert.lengthOf(told, 6)
  const pure = () => Effect.succeed("done")
  assert.strictEqual(body(pure), pure)
})

for (const [title, engine] of engines) {
  it.effect(`a body whose activities are given their services runs, on ${title}`, () => {
    const handlers = Layer.unwrap(Effect.gen(function*() {
      const shop = yield* Shop
      const charge = Activity.make({ name: "charge", success: Schema.String, execute: shop.charge })
      return Order.toLayer(body(() => charge))
    })).pipe(Layer.provide(Layer.succeed(Shop, { charge: Effect.succeed("paid") })))
    return Effect.gen(function*() {
      assert.strictEqual(yield* Order.execute({ id: "a" }), "paid")
    }).pipe(on(engine)(handlers))
  })
}
