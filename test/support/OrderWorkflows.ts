/** A workflow with all that a crash may strike: activities, one of them on the store, timers, a child, a signal, a race, compensations. */
import { type Duration, Effect, Layer, Schema } from "effect"
import { Activity, DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import * as TransactionalActivity from "../../src/engine/TransactionalActivity.ts"

export class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", { what: Schema.String }) {}

export const Approval = DurableDeferred.make("approval", { success: Schema.String })

export const Order = Workflow.make("order", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: OutOfStock,
  idempotencyKey: ({ id }) => id
})

export const Shipment = Workflow.make("shipment", {
  payload: { id: Schema.String },
  success: Schema.String,
  error: OutOfStock,
  idempotencyKey: ({ id }) => id
})

/** An order of which the last step fails. */
export const isBad = (id: string): boolean => id.startsWith("bad")

export interface OrderOptions {
  /** What an activity does to the world. */
  readonly deed: (order: string, name: string) => Effect.Effect<void>
  readonly cooling: Duration.Duration
  readonly transit: Duration.Duration
}

/** The names of the activities, in the order in which an undisturbed order does them. */
export const steps = ["reserve", "charge", "quote", "book", "pack", "send", "letter", "invoice", "confirm"] as const
/** What undoes them, in the order in which it does. */
export const undoing = ["undo charge", "undo reserve"] as const

export const layer = ({ cooling, deed, transit }: OrderOptions) => {
  const step = (order: string, name: string, rest: Effect.Effect<void, OutOfStock> = Effect.void) =>
    Activity.make({ name, error: OutOfStock, execute: Effect.andThen(deed(order, name), rest) })
  const undo = (order: string, name: string) => () => Effect.orDie(step(order, name))

  /** Its row has no id of its own, so that two of them would show. */
  const book = (order: string) =>
    Effect.orDie(TransactionalActivity.make({
      name: "book",
      success: Schema.String,
      error: Schema.Never,
      prepare: deed(order, "book"),
      plan: () =>
        Effect.succeed({ writes: [{ sql: "CREATE booking SET order = $order", vars: { order } }], success: order })
    }))

  const order = Order.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* Order.withCompensation(step(id, "reserve"), undo(id, "undo reserve"))
      yield* Order.withCompensation(step(id, "charge"), undo(id, "undo charge"))
      yield* Activity.raceAll("first", [step(id, "quote"), step(id, "slow quote", Effect.never)])
      yield* book(id)
      yield* DurableClock.sleep({ name: "cooling", duration: cooling, inMemoryThreshold: 0 })
      const shipped = yield* Shipment.execute({ id })
      const approved = yield* DurableDeferred.await(Approval)
      yield* Effect.all([step(id, "letter"), step(id, "invoice")], { concurrency: "unbounded" })
      yield* step(id, "confirm", isBad(id) ? Effect.fail(new OutOfStock({ what: id })) : Effect.void)
      return `${shipped}, ${approved}`
    })
  )
  const shipment = Shipment.toLayer(({ id }) =>
    Effect.gen(function*() {
      yield* step(id, "pack")
      yield* DurableClock.sleep({ name: "transit", duration: transit, inMemoryThreshold: 0 })
      yield* step(id, "send")
      return `shipped ${id}`
    })
  )
  return Layer.merge(order, shipment)
}
