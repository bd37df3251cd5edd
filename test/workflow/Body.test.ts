import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { HttpClient } from "effect/http"
import { Activity, Workflow } from "effect/workflow"
import { Surreal } from "../../src/services/Surreal.ts"
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

it("a body that asks for a service by itself does not compile", () => {
  // @ts-expect-error the shop is not the engine's
  body(() => byItself)
  // @ts-expect-error nor is it when an activity asks for it that was not given it
  body(() => charging(byItself))
  // @ts-expect-error the database
  body(() => Effect.asVoid(Surreal))
  // @ts-expect-error other machines
  body(() => Effect.asVoid(HttpClient.HttpClient))
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
