/** A workflow that does nothing but show that the engine works: steps, a timer, a signal, a failure, as asked for. */
import { Clock, Duration, Effect, Schema } from "effect"
import { Activity, DurableDeferred, Workflow } from "effect/workflow"
import { body } from "../workflow/Body.ts"
import * as DurableSleep from "../workflow/DurableSleep.ts"

/** It was asked to fail. */
export class DiagnosticsFailed extends Schema.TaggedError<DiagnosticsFailed>()("DiagnosticsFailed", {
  message: Schema.String
}) {}

export const Diagnostics = Workflow.make("diagnostics", {
  payload: {
    /** Runs with the same key are one run. */
    key: Schema.NonEmptyString,
    /** How long it sleeps between its two steps, in seconds. */
    pauseSeconds: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 31_536_000 }))),
    /** Whether it waits for the signal `go`. */
    awaitSignal: Schema.optionalKey(Schema.Boolean),
    /** Whether it fails in the end. */
    fail: Schema.optionalKey(Schema.Boolean)
  },
  success: Schema.Struct({ startedAt: Schema.Finite, endedAt: Schema.Finite, signal: Schema.Json }),
  error: DiagnosticsFailed,
  idempotencyKey: ({ key }) => key
})

const signal = DurableDeferred.make("go", { success: Schema.Json })

const now = (name: string) =>
  Activity.make({ name: `diagnostics ${name}`, success: Schema.Finite, execute: Clock.currentTimeMillis })

/** Registers it. */
export const layer = Diagnostics.toLayer(body(Effect.fnUntraced(function*({ awaitSignal, fail, pauseSeconds }) {
  const startedAt = yield* now("begin")
  yield* DurableSleep.sleep({ name: "pause", duration: Duration.seconds(pauseSeconds ?? 0) })
  const received = awaitSignal === true ? yield* DurableDeferred.await(signal) : null
  const endedAt = yield* now("end")
  if (fail === true) return yield* new DiagnosticsFailed({ message: "it was asked to fail" })
  return { startedAt, endedAt, signal: received }
})))
