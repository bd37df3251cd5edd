import { Effect, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"

/** The workflow that is measured: three activities that do nothing, one after the other. */
export const ThreeSteps = Workflow.make("threeSteps", {
  payload: { id: Schema.String },
  success: Schema.Finite,
  idempotencyKey: ({ id }) => id
})

const step = (number: number) =>
  Activity.make({ name: `step${number}`, success: Schema.Finite, execute: Effect.succeed(number) })

export const threeSteps = ThreeSteps.toLayer(() =>
  Effect.gen(function*() {
    const one = yield* step(1)
    const two = yield* step(2)
    const three = yield* step(3)
    return one + two + three
  })
)
