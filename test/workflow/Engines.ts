/** The engines that everything in `src/workflow` must work on, and how a test uses one. */
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { WorkflowEngine } from "effect/workflow"
import { longTurn } from "../support/Turns.ts"

export const engines: ReadonlyArray<readonly [title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>]> = [
  ["Effect's engine in memory", WorkflowEngine.layerMemory]
]

/** Runs a test on an engine of its own, with these workflows. */
export const on =
  (engine: Layer.Layer<WorkflowEngine.WorkflowEngine>) =>
  <RL>(handlers: Layer.Layer<never, never, WorkflowEngine.WorkflowEngine | RL>) =>
  <A, E, R>(test: Effect.Effect<A, E, R>) => Effect.provide(test, Layer.provideMerge(handlers, Layer.fresh(engine)))

/** Long enough for anything that is about to happen: what was asked of the thread pool before is answered before. */
export const settle: Effect.Effect<void> = Effect.asVoid(Effect.repeat(longTurn, { times: 12 }))

/** Lets time pass until it is done. */
export const joinInTime = <A, E>(fiber: Fiber.Fiber<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => fiber.pollUnsafe() === undefined ? Effect.andThen(pass, joinInTime(fiber)) : Fiber.join(fiber))

/** A second. */
const pass = Effect.andThen(settle, TestClock.adjust("1 second"))
