/** The engines that everything in `src/workflow` must work on, and how a test uses one. */
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { WorkflowEngine } from "effect/workflow"

export const engines: ReadonlyArray<readonly [title: string, engine: Layer.Layer<WorkflowEngine.WorkflowEngine>]> = [
  ["Effect's engine in memory", WorkflowEngine.layerMemory]
]

/** Runs a test on an engine of its own, with these workflows. */
export const on =
  (engine: Layer.Layer<WorkflowEngine.WorkflowEngine>) =>
  <RL>(handlers: Layer.Layer<never, never, WorkflowEngine.WorkflowEngine | RL>) =>
  <A, E, R>(test: Effect.Effect<A, E, R>) => Effect.provide(test, Layer.provideMerge(handlers, Layer.fresh(engine)))

/** Lets everything happen that can happen without time: ids are computed asynchronously, and stores answer when they like. */
const turn: Effect.Effect<void> = Effect.promise(() => new Promise<void>((done) => setImmediate(done)))

/** Waits until it holds. Time stands still meanwhile. */
export const until = <E = never, R = never>(
  condition: () => boolean | Effect.Effect<boolean, E, R>
): Effect.Effect<void, E, R> =>
  Effect.suspend(() => {
    const holds = condition()
    return Effect.andThen(turn, typeof holds === "boolean" ? Effect.succeed(holds) : holds)
  }).pipe(Effect.repeat({ until: (holds) => holds }), Effect.asVoid)

/** Long enough for anything that is about to happen: what was asked of the thread pool before is answered before. */
export const settle: Effect.Effect<void> = Effect.promise(() => crypto.subtle.digest("SHA-256", new Uint8Array(1_000)))
  .pipe(
    Effect.andThen(turn),
    Effect.repeat({ times: 12 }),
    Effect.asVoid
  )

/** Lets time pass until it is done. */
export const joinInTime = <A, E>(fiber: Fiber.Fiber<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => fiber.pollUnsafe() === undefined ? Effect.andThen(pass, joinInTime(fiber)) : Fiber.join(fiber))

/** A second. */
const pass = Effect.andThen(settle, TestClock.adjust("1 second"))
