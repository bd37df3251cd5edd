/** Trips with something to compensate, to be cancelled. */
import { Deferred, Effect, Layer, Schema } from "effect"
import { DurableClock, Workflow, type Workflow as Wf, WorkflowEngine } from "effect/workflow"
import type * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { deed, type Deeds, Refused, undoing } from "./Deeds.ts"

const named = <const Name extends string>(name: Name) =>
  Workflow.make(name, { payload: { id: Schema.String }, error: Refused, idempotencyKey: ({ id }) => id })

export const trip = named("trip")
export const leg = named("leg")
export const stop = named("stop")

export const gate = Effect.gen(function*() {
  const [begun, open] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
  return {
    begun: Deferred.await(begun),
    open: Deferred.succeed(open, undefined),
    pass: Effect.as(Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(open)), "passed")
  }
})

export const night = DurableClock.sleep({ name: "night", duration: "8 hours", inMemoryThreshold: 0 })

/** Cancels at once: the activity under way is interrupted. */
export const cancelNow = (workflow: Wf.Any, run: string) =>
  Effect.flatMap(WorkflowEngine.WorkflowEngine, (engine) => engine.interruptUnsafe(workflow, run))

export const stateOf = (journal: JournalMemory.MemoryJournal, run: string) => journal.runs.get(run)?.state

/** Two bookings with compensations, the second behind a gate. */
export const booking = (deeds: Deeds, second: Effect.Effect<string, Refused>) =>
  trip.toLayer(() =>
    Effect.gen(function*() {
      yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
      yield* trip.withCompensation(deed(deeds, "hotel", second), () => undoing(deeds, "hotel"))
      yield* deed(deeds, "mail")
    })
  )

/** A booking, then a night. */
export const sleeping = (deeds: Deeds) =>
  trip.toLayer(() =>
    Effect.gen(function*() {
      yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
      yield* night
      yield* deed(deeds, "mail")
    })
  )

/** A booking whose compensation stays at work until it is let go. */
export const failing = (deeds: Deeds, undo: Effect.Effect<string>) =>
  trip.toLayer(() =>
    Effect.gen(function*() {
      yield* trip.withCompensation(deed(deeds, "flight"), () => undoing(deeds, "flight"))
      yield* trip.withCompensation(
        deed(deeds, "hotel"),
        () => Effect.asVoid(Effect.orDie(deed(deeds, "undo hotel", undo)))
      )
      yield* night
    })
  )

/** A trip of one leg, of one stop: each has something to compensate, and the innermost sleeps. */
export const nested = (deeds: Deeds) =>
  Layer.mergeAll(
    trip.toLayer(({ id }) =>
      Effect.gen(function*() {
        yield* trip.withCompensation(deed(deeds, "trip"), () => undoing(deeds, "trip"))
        yield* leg.execute({ id })
      })
    ),
    leg.toLayer(({ id }) =>
      Effect.gen(function*() {
        yield* leg.withCompensation(deed(deeds, "leg"), () => undoing(deeds, "leg"))
        yield* stop.execute({ id })
      })
    ),
    stop.toLayer(() =>
      Effect.gen(function*() {
        yield* stop.withCompensation(deed(deeds, "stop"), () => undoing(deeds, "stop"))
        yield* night
      })
    )
  )

export const start = trip.execute({ id: "a" }, { discard: true })
