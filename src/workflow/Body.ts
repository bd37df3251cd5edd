/** The line between the body of a workflow, which is replayed, and its activities, which touch the world. */
import type { Effect, Scope } from "effect"
import type { Workflow, WorkflowEngine } from "effect/workflow"

/** What a body may ask for by itself. References, as the clock, the logger and `RunScribe`, are not seen by types. */
export type BodyServices = WorkflowEngine.WorkflowEngine | WorkflowEngine.WorkflowInstance | Scope.Scope

/**
 * A body that the compiler keeps from the world: one that asks for a service, as for the store or for HTTP, does not
 * compile. Its activities are given theirs where the workflow is registered:
 *
 * ```ts
 * const layer = Layer.unwrap(Effect.gen(function*() {
 *   const shop = yield* Shop
 *   const charge = Activity.make({ name: "charge", execute: shop.charge })
 *   return Order.toLayer(body(() => charge))
 * }))
 * ```
 */
export const body = <Payload, A, E, Name extends string = never>(
  execute: (payload: Payload, executionId: string) => Effect.Effect<A, E, BodyServices | Workflow.Execution<Name>>
) => execute
