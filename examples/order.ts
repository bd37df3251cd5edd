// npm exec -- node examples/order.ts [folder]
/**
 * An order in three steps, each of which touches the world. When the last one fails for good, those before it are undone.
 *
 * Kill it and start it again with the same folder: what is done is not done again.
 */
import { Cause, Console, Effect, Exit, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { ActivityTimedOut } from "../src/workflow/ActivityTimeouts.ts"
import * as DurableActivity from "../src/workflow/DurableActivity.ts"
import * as Example from "./support/Example.ts"

class NoCourier extends Schema.TaggedError<NoCourier>()("NoCourier", { town: Schema.String }) {
  override get message(): string {
    return `no courier goes to ${this.town}`
  }
}

const Order = Workflow.make("order", {
  payload: { id: Schema.String, item: Schema.String, town: Schema.String },
  success: Schema.Struct({ parcel: Schema.String }),
  error: Schema.Union([NoCourier, ActivityTimedOut]),
  // one order is one run, however often it is asked for
  idempotencyKey: ({ id }) => id
})

const reserve = (item: string) =>
  Activity.make({ name: "reserve", execute: Console.log(`  reserve: ${item} is put aside`) })

const release = (item: string) =>
  Activity.make({ name: "release", execute: Console.log(`  release: ${item} is back on the shelf`) })

const charge = Activity.make({
  name: "charge",
  success: Schema.String,
  execute: Effect.gen(function*() {
    // the same in every attempt: who takes payments uses it to charge once
    const key = yield* Activity.idempotencyKey("charge")
    yield* Console.log("  charge: the card is charged")
    return `payment-${key.slice(0, 4)}`
  })
})

const refund = Activity.make({ name: "refund", execute: Console.log("  refund: the money goes back") })

const ship = (id: string, town: string) =>
  DurableActivity.make({
    name: "ship",
    success: Schema.Struct({ parcel: Schema.String }),
    error: NoCourier,
    retry: { initialInterval: "100 millis", maximumInterval: "1 second", maximumAttempts: 3 },
    startToClose: "10 seconds",
    execute: Effect.gen(function*() {
      const attempt = yield* Activity.CurrentAttempt
      if (town === "Atlantis") {
        yield* Console.log(`  ship: attempt ${attempt}, no courier`)
        return yield* new NoCourier({ town })
      }
      yield* Console.log("  ship: handed over")
      return { parcel: `parcel-${id}` }
    })
  })

const orders = Order.toLayer(Effect.fnUntraced(function*({ id, item, town }) {
  yield* Order.withCompensation(reserve(item), () => release(item))
  yield* Order.withCompensation(charge, () => refund)
  return yield* ship(id, town)
}))

const place = Effect.fnUntraced(function*(order: (typeof Order.payloadSchema)["Type"]) {
  yield* Console.log(`order ${order.id}: ${order.item} to ${order.town}`)
  const end = yield* Effect.exit(Order.execute(order))
  yield* Console.log(
    Exit.isSuccess(end)
      ? `order ${order.id} is on its way as ${end.value.parcel}`
      : `order ${order.id} failed: ${Cause.pretty(end.cause).split("\n")[0]}`
  )
})

Example.run(
  [orders],
  Effect.gen(function*() {
    yield* place({ id: "1001", item: "a lamp", town: "Bergen" })
    yield* place({ id: "1002", item: "a chair", town: "Atlantis" })
  })
)
